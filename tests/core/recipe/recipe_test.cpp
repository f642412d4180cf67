#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/recipe/built_in_recipes.h"
#include "core/recipe/learning.h"
#include "core/recipe/recipe.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("recipes, those of the folder are those of the program, and every entry is understood") {
    const char* source = std::getenv("TOMOLOUPE_SOURCE_DIR");
    std::set<std::string> inFolder;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(source ? source : ".") / "resources/recipes")) {
        const std::string name = entry.path().stem().string();
        inFolder.insert(name);
        CHECK(builtInRecipe(name) == nlohmann::json::parse(readTextFile(entry.path())));
    }
    const auto names = builtInRecipeNames();
    CHECK(std::set<std::string>(names.begin(), names.end()) == inFolder);
    for (const std::string& name : names) {
        INFO(name);
        const nlohmann::json recipe = builtInRecipe(name);
        for (const auto& [part, options] : recipe.items()) {
            if (part == "about" || part == "experiment") continue;  // core/experiment reads the latter
            SimulateOptions simulate;
            SimulateTomogramOptions tomogram;
            PretrainOptions pretrain;
            FinetuneOptions finetune;
            if (part == "simulate") CHECK_NOTHROW(fromJson(simulate.describe(), options));
            else if (part == "simulate-tomogram") CHECK_NOTHROW(fromJson(tomogram.describe(), options));
            else if (part == "pretrain") CHECK_NOTHROW(fromJson(pretrain.describe(), options));
            else if (part == "finetune") CHECK_NOTHROW(fromJson(finetune.describe(), options));
            else FAIL("no command reads the entry " << part);
        }
    }
    CHECK_THROWS_WITH(builtInRecipe("nothing"), test::contains("paper-snr005"));
}

TEST_CASE("recipes, the paper's sets are what the paper says") {
    for (const std::string name : {"paper-snr-infinite", "paper-snr005", "paper-snr003"}) {
        SimulateOptions options;
        fromJson(options.describe(), builtInRecipe(name).at("simulate"));
        CHECK(std::set<std::string>(options.structures.begin(), options.structures.end()).size() == 10);
        CHECK(options.perClass == 500);
        CHECK(options.boxSize == 32);
        CHECK(options.neighbours == 4);
        CHECK(options.snrScope == "scene");
        FinetuneOptions finetune;
        fromJson(finetune.describe(), builtInRecipe(name).at("finetune"));
        CHECK(finetune.split.trainFraction == 0.6);
        CHECK(finetune.split.validationFraction == 0.2);
    }
    SimulateOptions noble;
    fromJson(noble.describe(), builtInRecipe("noble-like").at("simulate"));
    CHECK(noble.structures.size() == 7);
    CHECK(noble.perClass == 400);
    CHECK(noble.boxSize == 28);
    CHECK(noble.neighbours == 0);
}
