#include "core/experiment/experiment_recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/recipe/built_in_recipes.h"
#include "core/recipe/recipe.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

/// The object under `key`; an empty one where there is none.
json objectIn(const json& parent, const char* key) {
    const auto found = parent.find(key);
    if (found == parent.end() || found->is_null()) return json::object();
    if (!found->is_object()) throw Error(fmt::format("entry \"{}\" must be an object", key));
    return *found;
}

const json& listIn(const json& parent, const char* key) {
    const auto found = parent.find(key);
    if (found == parent.end() || !found->is_array() || found->empty())
        throw Error(fmt::format("entry \"{}\" must be a list that is not empty", key));
    return *found;
}

std::string textIn(const json& parent, const char* key) {
    const auto found = parent.find(key);
    if (found == parent.end()) return {};
    if (!found->is_string()) throw Error(fmt::format("entry \"{}\" must be a text", key));
    return *found;
}

/// Numbers in a range, the JSON list of them being told whole when it is wrong.
std::vector<double> numbersOf(const json& list, const char* key, double minimum, double maximum) {
    std::vector<double> numbers;
    for (const json& item : list) {
        if (!item.is_number() || !(item.get<double>() >= minimum) || !(item.get<double>() <= maximum))
            throw Error(fmt::format("entry \"{}\" must hold numbers from {:g} to {:g}, not {}", key, minimum, maximum,
                                    item.dump()));
        numbers.push_back(item);
    }
    return numbers;
}

int countIn(const json& parent, const char* key, int standard, int minimum, int maximum) {
    const auto found = parent.find(key);
    if (found == parent.end()) return standard;
    if (!found->is_number_integer() || *found < minimum || *found > maximum)
        throw Error(fmt::format("entry \"{}\" must be a whole number from {} to {}, not {}", key, minimum, maximum,
                                found->dump()));
    return *found;
}

void refuseOthers(const json& object, std::initializer_list<const char*> known) {
    for (const auto& [key, value] : object.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw Error(fmt::format("entry \"{}\" is not known here; known are {}", key, fmt::join(known, ", ")));
}

/// Options of a struct, the later objects over the earlier ones.
template <typename Options>
Options optionsOf(const char* what, std::initializer_list<json> layers) {
    Options options;
    try {
        for (const json& layer : layers) fromJson(options.describe(), layer);
    } catch (const InvalidOptions& cause) {
        throw Error(fmt::format("entry \"{}\"", what), cause);
    }
    return options;
}

ExperimentSet setOf(const json& entry, const json& simulate) {
    const json object = entry.is_string() ? json{{"recipe", entry}} : entry;
    if (!object.is_object()) throw Error("entry \"sets\" must hold names of recipes, or objects");
    refuseOthers(object, {"name", "recipe", "simulate", "project", "set", "published"});
    ExperimentSet set;
    const std::string recipe = textIn(object, "recipe");
    set.project = textIn(object, "project");
    set.particleSet = textIn(object, "set");
    set.name = textIn(object, "name");
    if (set.name.empty()) set.name = recipe.empty() ? set.particleSet : recipe;
    set.published = objectIn(object, "published");
    if (set.name.empty() || recipe.empty() == set.particleSet.empty())
        throw Error("each of \"sets\" must name either a \"recipe\" to simulate or a \"set\" and its \"project\"");
    if (recipe.empty()) return set;
    auto options = optionsOf<SimulateOptions>(
        "simulate", {objectIn(builtInRecipe(recipe), "simulate"), simulate, objectIn(object, "simulate")});
    set.simulate = toJson(options.describe());
    return set;
}

ExperimentStart startOf(const json& object, const json& experiment) {
    if (!object.is_object()) throw Error("entry \"starts\" must hold objects");
    refuseOthers(object, {"name", "from", "pretrain", "finetune", "rates", "seeds"});
    ExperimentStart start;
    start.name = textIn(object, "name");
    if (start.name.empty()) throw Error("each of \"starts\" must have a \"name\"");
    const std::string from = textIn(object, "from");  // a recipe of the program whose options it takes
    const json base = from.empty() ? experiment : builtInRecipe(from);
    const json shared = objectIn(experiment, "finetune");
    json split = json::object();  // is the experiment's, whatever recipe a start takes its options from
    for (const auto& field : SplitOptions().describe())
        if (shared.contains(field.name)) split[field.name] = shared[field.name];
    if (object.contains("pretrain")) {
        json part = split;
        part["training-part-only"] = true;
        start.pretrain =
            optionsOf<PretrainOptions>("pretrain", {objectIn(base, "pretrain"), objectIn(object, "pretrain"), part});
        static_cast<void>(start.pretrain->resolved());
    }
    start.finetune =
        optionsOf<FinetuneOptions>("finetune", {objectIn(base, "finetune"), objectIn(object, "finetune"), split});
    start.finetune.check();
    if (start.pretrain) start.finetune.encoder = start.pretrain->encoder;
    start.seeds = countIn(object, "seeds", 0, 1, 1000);
    if (object.contains("rates")) start.rates = numbersOf(listIn(object, "rates"), "rates", 1e-9, 10);
    return start;
}

template <typename List>
void refuseTwins(const List& list, const char* what) {
    std::set<std::string> names;
    for (const auto& one : list)
        if (!names.insert(one.name).second) throw Error(fmt::format("\"{}\" holds \"{}\" twice", what, one.name));
}

ExperimentRecipe readExperiment(const json& experiment) {
    refuseOthers(experiment, {"sets", "starts", "label-fractions", "seeds", "pretrain-seeds", "data-seed", "explain",
                              "simulate", "pretrain", "finetune"});
    ExperimentRecipe read;
    for (const json& entry : listIn(experiment, "sets"))
        read.sets.push_back(setOf(entry, objectIn(experiment, "simulate")));
    for (const json& entry : listIn(experiment, "starts")) read.starts.push_back(startOf(entry, experiment));
    refuseTwins(read.sets, "sets");
    refuseTwins(read.starts, "starts");
    read.labelFractions = numbersOf(listIn(experiment, "label-fractions"), "label-fractions", 0.001, 1);
    std::sort(read.labelFractions.rbegin(), read.labelFractions.rend());
    if (std::adjacent_find(read.labelFractions.begin(), read.labelFractions.end()) != read.labelFractions.end())
        throw Error("\"label-fractions\" holds a number twice");
    read.seeds = countIn(experiment, "seeds", read.seeds, 1, 1000);
    for (ExperimentStart& start : read.starts)
        if (start.seeds == 0) start.seeds = read.seeds;
    read.pretrainSeeds = std::min(countIn(experiment, "pretrain-seeds", read.seeds, 1, 1000), read.seeds);
    read.dataSeed = static_cast<std::uint64_t>(countIn(experiment, "data-seed", 1, 0, 1 << 30));
    read.explain = countIn(experiment, "explain", 0, 0, 100000);
    return read;
}

}  // namespace

ExperimentRecipe experimentRecipe(const std::string& name, const nlohmann::json& recipe, bool reduced) {
    try {
        if (!recipe.is_object()) throw Error("it must be a JSON object");
        json experiment = objectIn(recipe, "experiment");
        if (experiment.empty()) throw Error("it has no entry \"experiment\"");
        if (reduced) {
            if (!experiment.contains("reduced")) throw Error("it has no reduced version");
            experiment.merge_patch(objectIn(experiment, "reduced"));
        }
        experiment.erase("reduced");
        ExperimentRecipe read = readExperiment(experiment);
        read.name = name;
        read.about = textIn(recipe, "about");
        read.reduced = reduced;
        return read;
    } catch (const Error& cause) {
        throw Error(fmt::format("Recipe {} is no experiment", name), cause);
    }
}

}  // namespace tomoloupe
