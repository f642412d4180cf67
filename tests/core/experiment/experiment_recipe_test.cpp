#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/experiment/experiment_plan.h"
#include "core/recipe/built_in_recipes.h"
#include "tests/core/experiment/small_experiment.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using nlohmann::json;
using test::contains;

TEST_CASE("experiments of the program, are understood, whole and reduced, and follow the paper's protocol") {
    for (const std::string& name : builtInRecipeNames()) {
        if (!builtInRecipe(name).contains("experiment")) continue;
        INFO(name);
        const ExperimentRecipe whole = experimentRecipe(name, builtInRecipe(name), false),
                               reduced = experimentRecipe(name, builtInRecipe(name), true);
        CHECK_FALSE(whole.about.empty());
        CHECK(reduced.reduced);
        CHECK(reduced.seeds >= 3);
    }
    const ExperimentRecipe table = experimentRecipe("table1", builtInRecipe("table1"), false);
    REQUIRE(table.sets.size() == 3);
    CHECK(table.labelFractions == std::vector<double>{1, 0.75, 0.5, 0.25});
    CHECK(table.seeds == 5);
    CHECK(table.pretrainSeeds == 5);
    CHECK(table.starts[0].name == "random");
    CHECK_FALSE(table.starts[0].pretrain);
    for (const ExperimentStart& start : table.starts) {
        CHECK(start.finetune.encoder.name == "rb3d");
        CHECK(start.finetune.batchSize == 16);
        if (!start.pretrain) continue;
        CHECK(start.pretrain->epochs == 200);
        CHECK(start.pretrain->trainingPartOnly);
        CHECK(start.finetune.epochs == 50);
        CHECK(start.finetune.learningRate == 5e-4);
    }
}

TEST_CASE("experiment recipe, the reduced version is laid over the whole one, options over those they are taken from") {
    json recipe = test::smallExperiment();
    recipe["experiment"]["reduced"] = {{"seeds", 1}, {"pretrain", {{"epochs", 3}}}, {"simulate", {{"per-class", 7}}}};
    const ExperimentRecipe whole = experimentRecipe("x", recipe, false), reduced = experimentRecipe("x", recipe, true);
    CHECK(whole.seeds == 2);
    CHECK(reduced.seeds == 1);
    CHECK(whole.starts[1].pretrain->epochs == 2);
    CHECK(reduced.starts[1].pretrain->epochs == 3);
    CHECK(reduced.starts[1].pretrain->encoder.name == "bandpower3d");
    CHECK(reduced.starts[1].finetune.encoder.name == "bandpower3d");
    CHECK(reduced.sets[0].simulate["per-class"] == 7);
    recipe["experiment"]["starts"].push_back(
        {{"name", "other"}, {"from", "few-labels"}, {"finetune", {{"epochs", 5}}}});
    const ExperimentStart other = experimentRecipe("x", recipe, false).starts.back();
    CHECK(other.finetune.encoder.name == "moments3d");
    CHECK(other.finetune.epochs == 5);
    CHECK(other.finetune.split.seed == 3);  // the experiment's, so that all are judged by the same particles
}

TEST_CASE("experiment recipe, what is wrong is told with where it stands") {
    const auto problem = [](const std::function<void(json&)>& change, bool reduced = false) {
        json recipe = test::smallExperiment();
        change(recipe);
        try {
            static_cast<void>(experimentRecipe("mine.json", recipe, reduced));
        } catch (const Error& cause) {
            return std::string(cause.what());
        }
        return std::string();
    };
    CHECK(problem([](json&) {}).empty());
    const std::pair<std::function<void(json&)>, const char*> cases[] = {
        {[](json& r) { r = json::array(); }, "JSON object"},
        {[](json& r) { r.erase("experiment"); }, "no entry \"experiment\""},
        {[](json& r) { r["experiment"]["setz"] = 1; }, "\"setz\""},
        {[](json& r) { r["experiment"]["sets"] = json::array(); }, "\"sets\""},
        {[](json& r) { r["experiment"]["sets"] = {"nothing"}; }, "nothing"},
        {[](json& r) {
             r["experiment"]["sets"] = {{{"name", "a"}}};
         },
         "\"recipe\""},
        {[](json& r) { r["experiment"]["sets"].push_back("tiny"); }, "\"tiny\" twice"},
        {[](json& r) { r["experiment"]["starts"][0].erase("name"); }, "\"name\""},
        {[](json& r) { r["experiment"]["starts"][1]["name"] = "random"; }, "twice"},
        {[](json& r) {
             r["experiment"]["starts"][0]["finetune"] = {{"epochz", 1}};
         },
         "epochz"},
        {[](json& r) { r["experiment"]["starts"][1]["pretrain"]["method"] = "guess"; }, "guess"},
        {[](json& r) { r["experiment"]["starts"][1]["pretrain"]["queue-size"] = 17; }, "queue-size"},
        {[](json& r) { r["experiment"]["starts"][0]["rates"] = {-1}; }, "\"rates\""},
        {[](json& r) { r["experiment"]["label-fractions"] = {2}; }, "\"label-fractions\""},
        {[](json& r) {
             r["experiment"]["label-fractions"] = {0.5, 0.5};
         },
         "twice"},
        {[](json& r) { r["experiment"]["seeds"] = 0; }, "\"seeds\""},
        {[](json& r) { r["experiment"]["finetune"]["train-fraction"] = 0.9; }, "train-fraction"},
    };
    for (const auto& [change, part] : cases) {
        const std::string told = problem(change);
        CHECK_THAT(told, contains(part));
        CHECK_THAT(told, contains("mine.json"));
    }
    CHECK_THAT(problem([](json&) {}, true), contains("no reduced version"));
}

TEST_CASE("experiment plan, holds every cell once, each after what it starts from") {
    const ExperimentRecipe recipe = experimentRecipe("x", test::smallExperiment(), false);
    const auto units = planExperiment(recipe);
    CHECK(units.size() == 1 * 2 * 2);  // sets, starts, pre-trainings
    std::set<std::string> titles;
    int finetunings = 0, pretrainings = 0, explanations = 0;
    for (const ExperimentUnit& unit : units) {
        bool pretrained = false;
        for (const ExperimentCell& cell : unit) {
            CHECK(titles.insert(cell.title).second);
            CHECK(cell.set == unit.front().set);
            CHECK(cell.start == unit.front().start);
            CHECK(cell.effort > 0);
            if (cell.kind == CellKind::Pretrain) pretrained = true, ++pretrainings;
            if (cell.kind == CellKind::Finetune) ++finetunings;
            if (cell.kind == CellKind::Explain) ++explanations;
            if (recipe.starts[std::size_t(cell.start)].pretrain) CHECK(pretrained);
        }
    }
    CHECK(pretrainings == 2);
    CHECK(finetunings == 2 * 2 * 2);  // starts, fractions, seeds
    CHECK(explanations == 2);
}
