#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/data/subtomogram_source.h"
#include "core/project/project.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::runCli;

TEST_CASE("simulate, makes labelled particles with their truth, the same bytes again from the same seed") {
    if (!test::engineIsBuilt()) return;
    const test::TemporaryFolder folder;
    const std::string words = "simulate --recipe tiny --neighbours 2 --count 3 --seed 7 --json --out ";
    const auto first = runCli(folder.path(), words + "a.tomoloupe");
    INFO(first.errors);
    REQUIRE(first.exitCode == 0);
    CHECK(first.json()["particles"] == 9);
    CHECK(first.json()["set"] == "tiny");
    CHECK(first.json()["local_snr"].get<double>() == Approx(2).epsilon(1e-3));
    REQUIRE(runCli(folder.path(), words + "b.tomoloupe").exitCode == 0);
    const auto stack = [&](const std::string& project, const std::string& file) {
        const auto source = openStackSource(folder / (project + "/subtomograms/" + file));
        std::vector<float> all;
        for (std::int64_t i = 0; i < source->count(); ++i) {
            const Volume volume = source->read(i);
            all.insert(all.end(), volume.voxels().begin(), volume.voxels().end());
        }
        return all;
    };
    CHECK(stack("a.tomoloupe", "tiny.h5") == stack("b.tomoloupe", "tiny.h5"));
    const auto masks = stack("a.tomoloupe", "tiny.masks.h5");
    CHECK(masks == stack("b.tomoloupe", "tiny.masks.h5"));
    CHECK(std::all_of(masks.begin(), masks.end(), [](float value) { return value == 0 || value == 1; }));

    const auto project = Project::open(folder / "a.tomoloupe");
    const auto set = project->particleSet("tiny");
    CHECK(project->labelCount() == 9);
    const ParticleTable table = project->particles(set.id);
    REQUIRE(table.columnNames.size() == 3);
    const auto neighbours = nlohmann::json::parse(table.particles[4].columns[1]);
    REQUIRE(neighbours.size() == 2);
    CHECK(neighbours[0]["rotation"].size() == 4);
    CHECK_THAT(runCli(folder.path(), words + "a.tomoloupe").errors, contains("has a particle set named tiny already"));
}

TEST_CASE("simulate, bad input gets one sentence and nothing is left") {
    if (!test::engineIsBuilt()) return;
    const test::TemporaryFolder folder;
    std::ofstream(folder / "empty.pdb") << "HEADER    NOTHING\nEND\n";
    std::ofstream(folder / "unknown-key.json") << R"({"simulate": {"snrr": 1}})";
    std::ofstream(folder / "other.json") << R"({"pretrain": {"epochs": 1}})";
    std::ofstream(folder / "broken.json") << "{";
    const struct {
        std::string words, sentence;
    } cases[] = {
        {"--structures empty.pdb", "empty.pdb"},
        {"--structures missing.pdb", "missing.pdb"},
        {"--structures groel rubisco groel", "groel"},
        {"--structures groel,rubisco,groel", "groel"},
        {"--recipe tiny --neighbours 50 --scene-side 40", "cannot be packed"},
        {"--recipe unknown-key.json", "snrr"},
        {"--recipe other.json", "has no entry \"simulate\"; it has pretrain"},
        {"--recipe broken.json", "not a recipe"},
        {"--recipe nowhere", "neither a recipe of the program"},
        {"--recipe cell-slab", "has no entry \"simulate\""},
    };
    for (const auto& each : cases) {
        const auto result = runCli(folder.path(), "simulate " + each.words + " --out x.tomoloupe --json");
        INFO(each.words + "\n" + result.errors);
        CHECK(result.exitCode == 1);
        CHECK_THAT(result.errors, contains(each.sentence));
        CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') <= 3);
        CHECK_FALSE(std::filesystem::exists(folder / "x.tomoloupe"));
    }
    for (const std::string words : {"--snr -1", "--box-size 3", "--size 64x64x64", "--gold-beads 3", "--tomogram --box-size 32",
                                    "--tomogram --size 64x64"}) {
        const auto result = runCli(folder.path(), "simulate " + words + " --out x.tomoloupe");
        INFO(words + "\n" + result.errors);
        CHECK(result.exitCode == 2);
        CHECK_FALSE(std::filesystem::exists(folder / "x.tomoloupe"));
    }
}

TEST_CASE("simulate, a small tomogram with its particle list comes back as a project") {
    if (!test::engineIsBuilt()) return;
    const test::TemporaryFolder folder;
    const auto made = runCli(folder.path(), "simulate --tomogram --recipe cell-slab --size 96x96x64 --per-class 1 --membranes 0 "
                                            "--gold-beads 1 --out t.mrc --truth t.star --json");
    INFO(made.errors);
    REQUIRE(made.exitCode == 0);
    CHECK(made.json()["particles"] == 6);
    CHECK(made.json()["snr"].get<double>() == Approx(0.5).epsilon(0.03));
    const auto info = runCli(folder.path(), "info t.mrc --json");
    CHECK_THAT(info.output, contains("96"));
    REQUIRE(runCli(folder.path(), "project create p.tomoloupe").exitCode == 0);
    REQUIRE(runCli(folder.path(), "project import p.tomoloupe --tomogram t.mrc").exitCode == 0);
    REQUIRE(runCli(folder.path(), "project import p.tomoloupe --particles t.star --set truth").exitCode == 0);
    CHECK(Project::open(folder / "p.tomoloupe")->particleSet("truth").count == 6);
    CHECK(Project::open(folder / "p.tomoloupe")->labelCount() == 6);  // the truth is known
}
