#include <signal.h>

#include <filesystem>
#include <fstream>

#include "core/base/atomic_file.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::runCli;

namespace {

/// A folder with a recipe of two starts on a small simulated set.
struct Recipe {
    explicit Recipe(int epochs = 2) {
        std::ofstream(folder / "small.json") << R"({"about": "Small", "experiment": {
            "sets": [{"name": "a set", "recipe": "tiny", "simulate": {"per-class": 10}}],
            "starts": [{"name": "random"}, {"name": "moco", "pretrain": {"method": "moco"}}],
            "label-fractions": [1, 0.5], "seeds": 2, "pretrain-seeds": 1, "explain": 3,
            "pretrain": {"encoder": "bandpower3d", "checkpoint-seconds": 1, "epochs": )"
                                             << epochs << R"(},
            "finetune": {"encoder": "bandpower3d", "epochs": 2}}})";
    }
    [[nodiscard]] nlohmann::json done(const std::string& words) const {
        const auto result = runCli(folder.path(), "experiment --recipe small.json --json " + words);
        INFO(words + "\n" + result.errors);
        REQUIRE(result.exitCode == 0);
        return result.json();
    }
    [[nodiscard]] std::string csv(const std::string& out) const {
        return readTextFile(folder.path() / out / "experiment/cells.csv");
    }
    test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("experiment, gives one table however it is cut into shards, and the same one again") {
    if (!test::engineIsBuilt()) return;
    const Recipe recipe;
    const auto whole = recipe.done("--out whole");
    CHECK(whole["done"] == whole["cells"]);
    CHECK(whole["table"].size() == 4);
    CHECK(whole["table"][0]["runs"] == 2);
    CHECK_THAT(readTextFile(recipe.folder / "whole/experiment/report.html"), contains("a set"));
    CHECK(std::filesystem::exists(recipe.folder / "whole/project.db"));  // the window opens it

    const auto first = recipe.done("--out parts --shard 1/2");
    CHECK(first["done"] < first["cells"]);
    const auto second = recipe.done("--out parts --shard 2/2");
    CHECK(second["done"] == second["cells"]);
    CHECK(recipe.csv("parts") == recipe.csv("whole"));
    static_cast<void>(recipe.done("--out side --parallel 2"));
    CHECK(recipe.csv("side") == recipe.csv("whole"));
}

TEST_CASE("experiment, goes on after it was killed, with what is done and in the middle of a run") {
    if (!test::engineIsBuilt()) return;
    const Recipe recipe(1000);
    {
        test::BackgroundCli running(recipe.folder.path(), "experiment --recipe small.json --out x");
        const auto runs = recipe.folder / "x/runs";
        const auto learning = [&] {
            std::error_code none;
            for (const auto& entry : std::filesystem::directory_iterator(runs, none))
                if (entry.path().filename().string().find("pretrain") != std::string::npos &&
                    std::filesystem::exists(entry.path() / "trainer.safetensors"))
                    return true;
            return false;
        };
        REQUIRE(running.waitUntil(learning));
        running.send(SIGKILL);
        CHECK(running.wait().exitCode == 128 + SIGKILL);
    }
    const auto refused = runCli(recipe.folder.path(), "experiment --recipe small.json --out x");
    CHECK(refused.exitCode == 1);
    CHECK_THAT(refused.errors, contains("--resume"));
    const auto partly = runCli(recipe.folder.path(), "experiment --report --out x --json").json();
    CHECK(partly["done"] < partly["cells"]);
    const auto again = recipe.done("--out x --resume");
    CHECK(again["done"] == again["cells"]);
    int pretrainings = 0;
    for (const auto& entry : std::filesystem::directory_iterator(recipe.folder / "x/runs"))
        pretrainings += entry.path().filename().string().find("pretrain") != std::string::npos;
    CHECK(pretrainings == 1);  // the one that was killed went on
    static_cast<void>(recipe.done("--out y"));
    CHECK(recipe.csv("x") == recipe.csv("y"));
}

TEST_CASE("experiment, takes the labelled particles of a project, as they are labelled now") {
    if (!test::engineIsBuilt()) return;
    const Recipe recipe;
    REQUIRE(runCli(recipe.folder.path(), "simulate --recipe tiny --count 10 --out mine.tomoloupe --set own").exitCode == 0);
    const auto document = recipe.done("--out x --project mine.tomoloupe --set own");
    CHECK(document["done"] == document["cells"]);
    CHECK(document["table"][0]["set"] == "own");
    CHECK(document["table"][0]["labels"] == 18);
    CHECK(std::filesystem::exists(recipe.folder / "mine.tomoloupe/runs/0002-finetune-own-random-linear-probe-1"));
    // A later experiment must not take runs of this one for its own.
    REQUIRE(runCli(recipe.folder.path(), "label set mine.tomoloupe --set own --particle 0,3,6,9,12 --none").exitCode == 0);
    CHECK(recipe.done("--out y --project mine.tomoloupe --set own")["table"][0]["labels"] == 15);
}

TEST_CASE("pretrain, learns from the training part alone where that is asked for") {
    if (!test::engineIsBuilt()) return;
    const Recipe recipe;
    REQUIRE(runCli(recipe.folder.path(), "simulate --recipe tiny --count 10 --out p.tomoloupe --set own").exitCode == 0);
    // 30 particles, 18 of them to learn from: as many as a batch may hold.
    const std::string words = "pretrain p.tomoloupe --set own --encoder bandpower3d --epochs 1 --method simclr --batch-size ";
    CHECK(runCli(recipe.folder.path(), words + "30").exitCode == 0);
    CHECK(runCli(recipe.folder.path(), words + "18 --training-part-only").exitCode == 0);
    const auto refused = runCli(recipe.folder.path(), words + "19 --training-part-only");
    CHECK(refused.exitCode == 1);
    CHECK_THAT(refused.errors, contains("There are 18 particles"));
}

TEST_CASE("experiment, says what is wrong in one sentence") {
    const Recipe recipe;
    const std::pair<const char*, const char*> cases[] = {
        {"--recipe nothing --out x", "nothing is neither a recipe"},
        {"--recipe demo --out x", "no entry \"experiment\""},
        {"--recipe small.json --reduced --out x", "no reduced version"},
        {"--report --out x", "no experiment in x"},
        {"--recipe small.json --out x --project none --set own", "none"},
    };
    for (const auto& [words, part] : cases) {
        const auto result = runCli(recipe.folder.path(), std::string("experiment ") + words);
        INFO(words);
        CHECK(result.exitCode == 1);
        CHECK(result.output.empty());
        CHECK_THAT(result.errors, contains(part));
    }
    for (const char* words :
         {"", "--out x", "--recipe small.json --out x --shard 3/2", "--recipe small.json --out x --shard two",
          "--recipe small.json --out x --set own", "--recipe small.json --out x --parallel 0"})
        CHECK(runCli(recipe.folder.path(), std::string("experiment ") + words).exitCode == 2);
}
