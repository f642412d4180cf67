#include "tests/ui/judged_project.h"

#include <nlohmann/json.hpp>

#include "core/io/mrc_writer.h"
#include "core/project/stored_predictions.h"
#include "core/recipe/learning.h"

namespace tomoloupe::test {
namespace {

Run made(Project& project, const std::string& kind, nlohmann::json options, const std::vector<std::string>& inputs) {
    RunConfig config;
    config.kind = kind;
    config.title = kind;
    config.options = std::move(options);
    config.particleSet = "made";
    config.inputs = inputs;
    return project.createRun(config);
}

}  // namespace

std::string addFinetuning(Project& project, const std::vector<std::string>& inputs, double fraction, double accuracy) {
    const Run run = made(project, "finetune", {{"label-fraction", fraction}}, inputs);
    const auto ids = project.particleIds(project.particleSet("made").id);
    StoredPredictions stored{{"alpha", "beta"}, {}, {}, {}, {}};
    for (const std::int64_t i : {0, 1, 2, 3, 4, 5}) {
        stored.indices.push_back(i);
        stored.particleIds.push_back(ids[static_cast<std::size_t>(i)]);
        stored.truth.push_back(static_cast<int>(i % 2));
        const float beta = i == 4 ? 0.95F : i == 1 ? 0.4F : i % 2 == 1 ? 0.8F : 0.1F;
        stored.probabilities.insert(stored.probabilities.end(), {1 - beta, beta});
    }
    writePredictions(run, RunPart::Test, stored);
    const nlohmann::json classes{{{"class", "alpha"}}, {{"class", "beta"}}};
    run.writeResult(RunState::Done,
                    {{"test_accuracy", accuracy}, {"layers", {"block1", "block2"}}, {"test", {{"classes", classes}}}});
    return run.id();
}

std::string addPrediction(Project& project, const std::string& model) {
    const Run run = made(project, "predict", nlohmann::json::object(), {model});
    const std::int64_t set = project.particleSet("made").id;
    const auto classes = project.classes();
    std::vector<Prediction> predictions;
    for (const std::int64_t id : project.particleIds(set)) {
        const auto i = predictions.size();
        const float sure = 0.55F + 0.03F * static_cast<float>(i);
        const bool beta = i % 2 == 1;
        predictions.push_back(
            {id, classes[beta ? 1 : 0].id, beta ? std::vector{1 - sure, sure} : std::vector{sure, 1 - sure}});
    }
    project.storePredictions(run.id(), set, predictions);
    run.writeResult(RunState::Done, {{"particles", predictions.size()}});
    return run.id();
}

std::string addExplanation(Project& project, const std::string& model, std::int64_t particle) {
    ExplainOptions options;
    options.particle = particle;
    const Run run = made(project, "explain", toJson(options.describe()), {model});
    constexpr std::int64_t kSide = 16;
    std::vector<float> density, heat;
    for (std::int64_t i = 0; i < kSide * kSide * kSide; ++i) {
        density.push_back(static_cast<float>(i % kSide));
        heat.push_back(i % kSide < 6 ? 1.0F : 0.0F);
    }
    writeMrc(run.folder() / "volume.mrc", Volume({kSide, kSide, kSide}, density, 10));
    writeMrc(run.folder() / "heat.mrc", Volume({kSide, kSide, kSide}, heat, 10));
    run.writeResult(RunState::Done, {{"class", "alpha"},
                                     {"probability", 0.9},
                                     {"entropy", 7.5},
                                     {"above_half", 0.4},
                                     {"overlap", {{"weighted_ioa", 0.63}, {"weighted_ioa_by_chance", 0.2}}}});
    return run.id();
}

}  // namespace tomoloupe::test
