// A tomogram of 16 GB is looked at without being read. The file is sparse: it takes no room on the disk.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <iostream>

#include "core/io/reader.h"
#include "core/io/sampled_statistics.h"
#include "tests/core/io/made_mrc.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr std::int64_t kSide = 4096, kSections = 256;  // 4096 x 4096 x 256 floats: 16 GiB

std::filesystem::path writeSparse(const std::filesystem::path& path) {
    test::MadeMrc(kSide, kSide, kSections, 2).write(path);
    const std::uintmax_t bytes = 1024 + 4 * std::uintmax_t(kSide) * kSide * kSections;
    std::filesystem::resize_file(path, bytes);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const float mark = 7;
    file.seekp(static_cast<std::streamoff>(bytes - 4));
    file.write(reinterpret_cast<const char*>(&mark), 4);
    return path;
}

struct Cost {
    double seconds = 0;
    long mebibytes = 0;  // peak memory of a process that does nothing else
    bool right = false;
};

// In a process of its own, so that the peak is that of this work.
Cost costOf(const char* what, const std::function<bool()>& work) {
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work() ? 0 : 1);
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    Cost cost;
    cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cost.mebibytes = usage.ru_maxrss / 1024;
    cost.right = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    std::cout << "16 GiB, " << what << ": " << cost.seconds << " s, " << cost.mebibytes << " MiB\n";
    return cost;
}

}  // namespace

TEST_CASE("a file of 16 GiB: header, sample and slices within bounded memory") {
    const test::TemporaryFolder folder;
    const auto path = writeSparse(folder / "large.mrc");
    const auto slice = [&](const Box& box, float corner) {
        const Volume volume = builtInReaders().open(path)->read(box);
        return volume.voxels().back() == corner;
    };
    const Cost info = costOf("header and sampled statistics", [&] {
        const auto file = builtInReaders().open(path);
        return file->info().shape == Index3{kSide, kSide, kSections} && sampledStatistics(*file, 8 << 20).count > 0;
    });
    CHECK(info.right);
    CHECK(info.mebibytes < 200);
    const Cost xy = costOf("last XY slice", [&] { return slice({{0, 0, kSections - 1}, {kSide, kSide, 1}}, 7); });
    CHECK(xy.right);
    CHECK(xy.mebibytes < 1500);
    const Cost xz = costOf("last XZ slice", [&] { return slice({{0, kSide - 1, 0}, {kSide, 1, kSections}}, 7); });
    CHECK(xz.right);
    CHECK(xz.mebibytes < 100);
    const Cost yz = costOf("16 rows of sections of the last YZ slice", [&] {
        return slice({{kSide - 1, 0, kSections - 16}, {1, kSide, 16}}, 7);
    });
    CHECK(yz.right);
    CHECK(yz.mebibytes < 100);
    const Cost brick = costOf("one XY slice through the cache", [&] {
        const auto file = cached(builtInReaders().open(path), std::int64_t(512) << 20);
        return file->read({{0, 0, kSections - 1}, {kSide, kSide, 1}}).voxels().back() == 7;
    });
    CHECK(brick.right);
    CHECK(brick.mebibytes < 1500);
}
