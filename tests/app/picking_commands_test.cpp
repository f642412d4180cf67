#include <cmath>
#include <filesystem>

#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::runCli;

namespace {

/// Three dark balls of 120 Å.
Volume balls() {
    std::vector<float> voxels;
    for (int z = 0; z < 40; ++z)
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x) {
                const bool inside = std::hypot(x - 18, y - 20, z - 18) < 6 || std::hypot(x - 45, y - 22, z - 20) < 6 ||
                                    std::hypot(x - 30, y - 47, z - 22) < 6;
                voxels.push_back((inside ? -1.0f : 0.0f) + 0.05f * float((x * 7 + y * 13 + z * 29) % 11));
            }
    return Volume({64, 64, 40}, std::move(voxels), 10);
}

struct Picking {
    Picking() {
        writeMrc(folder / "balls.mrc", balls());
        REQUIRE(runCli(folder.path(), "project create p.tomoloupe").exitCode == 0);
        REQUIRE(runCli(folder.path(), "project import p.tomoloupe --tomogram balls.mrc").exitCode == 0);
    }
    [[nodiscard]] std::string errorOf(const std::string& words) const {
        const auto result = runCli(folder.path(), words);
        CHECK(result.exitCode != 0);
        return result.errors;
    }
    test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("command line, picks by difference of Gaussians and cuts the picks out") {
    if (!test::engineIsBuilt()) return;
    const Picking project;
    const auto picked = runCli(project.folder.path(),
                               "pick p.tomoloupe --tomogram balls --method dog --diameter 120 --maximum-count 3 --set picked --json");
    INFO(picked.errors);
    REQUIRE(picked.exitCode == 0);
    CHECK(picked.json()["count"] == 3);
    CHECK(picked.json()["state"] == "done");
    CHECK(picked.json()["sigma_voxels"].get<double>() == Approx(3.9));
    const auto extracted = runCli(project.folder.path(), "extract p.tomoloupe --set picked --box 16 --json");
    INFO(extracted.errors);
    REQUIRE(extracted.exitCode == 0);
    CHECK(extracted.json()["count"] == 3);
    CHECK(extracted.json()["padded"] == 0);
    const auto opened = Project::open(project.folder / "p.tomoloupe");
    CHECK(opened->subtomograms(opened->particleSet("picked"))->boxShape() == Index3{16, 16, 16});
}

TEST_CASE("command line, picks leave and come back at the same places with their scores, however their boxes were binned") {
    if (!test::engineIsBuilt()) return;
    const Picking project;
    const auto& folder = project.folder.path();
    REQUIRE(runCli(folder, "pick p.tomoloupe --tomogram balls --diameter 120 --maximum-count 3 --set picked").exitCode == 0);
    REQUIRE(runCli(folder, "extract p.tomoloupe --set picked --box 8 --binning 2").exitCode == 0);
    REQUIRE(runCli(folder, "export p.tomoloupe --set picked --out picks.star").exitCode == 0);
    REQUIRE(runCli(folder, "project import p.tomoloupe --particles picks.star --set back").exitCode == 0);
    const auto opened = Project::open(project.folder / "p.tomoloupe");
    const auto there = opened->particles(opened->particleSet("picked").id).particles;
    const auto back = opened->particles(opened->particleSet("back").id).particles;
    REQUIRE(back.size() == 3);
    for (std::size_t i = 0; i < back.size(); ++i) {
        CHECK(back[i].positionVoxels.x == Approx(there[i].positionVoxels.x));
        CHECK(back[i].positionVoxels.y == Approx(there[i].positionVoxels.y));
        CHECK(back[i].positionVoxels.z == Approx(there[i].positionVoxels.z));
        CHECK(back[i].score == Approx(there[i].score).epsilon(1e-5));
        CHECK(back[i].score > 0);
    }
}

TEST_CASE("command line, picking and extraction say what is wrong and make no run of it") {
    const Picking project;
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram other --diameter 120 --set a"), contains("no tomogram named other; it has balls"));
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram balls --set a"), contains("give --diameter"));
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram balls --method template --set a"), contains("give --template"));
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram balls --diameter 500 --set a"), contains("does not fit tomogram balls"));
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram balls --diameter 120 --set ../a"), contains("cannot name a particle set"));
    CHECK_THAT(project.errorOf("extract p.tomoloupe --set a --box 16"), contains("no particle set"));
    std::filesystem::remove(project.folder / "balls.mrc");
    CHECK_THAT(project.errorOf("pick p.tomoloupe --tomogram balls --diameter 120 --set a"), contains("project relink"));
    CHECK(Project::open(project.folder / "p.tomoloupe")->runs().empty());
}
