#include <sys/wait.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/io/mrc_writer.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::string program() {
    const char* path = std::getenv("TOMOLOUPE_PROGRAM");
    return path ? path : "tomoloupe";
}

/// Exit status of a shell command, -1 when it was killed.
int run(const std::string& command) {
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string text(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Width and height in a PNG's header (bytes 16 to 23, big endian).
std::pair<unsigned, unsigned> pngSize(const std::filesystem::path& path) {
    const std::string bytes = text(path);
    if (bytes.size() < 24) return {0, 0};
    auto number = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
        return value;
    };
    return {number(16), number(20)};
}

}  // namespace

TEST_CASE("program, renders a page without a person at the size asked for") {
    const test::TemporaryFolder folder;
    std::vector<float> voxels(24 * 20 * 16);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(i % 17);
    writeMrc(folder / "map.mrc", Volume({24, 20, 16}, voxels, 12));
    const std::string shot = (folder / "shot.png").string();
    CHECK(run("HOME=" + folder.path().string() + " xvfb-run -a -s '-screen 0 1600x1200x24' " + program() + " " +
              (folder / "map.mrc").string() + " --page tomogram --screenshot " + shot +
              " --size 1100x700 2>/dev/null") == 0);
    CHECK(pngSize(shot) == std::pair(1100u, 700u));
}

TEST_CASE("program, says in a sentence what is missing and fails without crashing") {
    const test::TemporaryFolder folder;
    const std::string said = (folder / "said").string(), home = "HOME=" + folder.path().string() + " ";
    CHECK(run(home + "env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM " + program() + " 2>" + said) == 1);
    CHECK(text(said).find("display") != std::string::npos);
    CHECK(run(home + "DISPLAY=:987 env -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM " + program() + " 2>" + said) == 1);
    CHECK(text(said).find(":987") != std::string::npos);
    CHECK(run(home + "QT_QPA_PLATFORM=offscreen " + program() + " --screenshot " + (folder / "x.png").string() + " 2>" +
              said) == 1);
    CHECK(text(said).find("OpenGL") != std::string::npos);
    CHECK(run(program() + " --page nowhere 2>" + said) == 2);
    CHECK(text(said).find("gallery") != std::string::npos);
}

TEST_CASE("program, tells that a project cannot be opened") {
    const test::TemporaryFolder folder;
    const std::string said = (folder / "said").string();
    CHECK(run("HOME=" + folder.path().string() + " xvfb-run -a " + program() + " " +
              (folder / "none.tomoloupe").string() + " --screenshot " + (folder / "x.png").string() + " 2>" + said +
              " >&2") == 1);
    CHECK(text(said).find("none.tomoloupe") != std::string::npos);
}
