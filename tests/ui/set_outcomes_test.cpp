#include "core/project/set_outcomes.h"

#include <QPushButton>
#include <cmath>

#include "tests/ui/open_window.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

/// A model that was taught, and what it predicts: `first` is the probability of alpha for each particle.
std::string taught(Project& project, RunConfig config, const std::vector<float>& first, std::size_t predicted = 12) {
    config.kind = "finetune";
    config.particleSet = "made";
    if (config.options.is_null()) config.options = {{"epochs", 3}};
    const Run model = project.createRun(config);
    RunConfig predict;
    predict.kind = "predict";
    predict.particleSet = "made";
    predict.options = {{"batch-size", 8}};
    predict.inputs = {model.id()};
    const Run run = project.createRun(predict);
    const std::int64_t set = project.particleSet("made").id;
    const auto classes = project.classes();
    std::vector<Prediction> predictions;
    for (const std::int64_t id : project.particleIds(set)) {
        const std::size_t i = predictions.size();
        if (i == predicted) break;
        const float p = i < first.size() ? first[i] : 0.9f;
        predictions.push_back({id, classes[p >= 0.5f ? 0 : 1].id, {p, 1 - p}});
    }
    project.storePredictions(run.id(), set, predictions);
    return run.id();
}

RunConfig seeded(std::uint64_t seed) {
    RunConfig config;
    config.seed = seed;
    return config;
}

}  // namespace

TEST_CASE("repeated runs, are those that differ in nothing but the seed") {
    test::TemporaryFolder folder;
    const auto project = Project::open(test::makeProject(folder / "made.tomoloupe"));
    RunConfig longer = seeded(3), other = seeded(4);
    longer.options = {{"epochs", 30}};
    other.labelSet = "second";
    const std::string own = taught(*project, seeded(1), {0.6f});
    static_cast<void>(taught(*project, longer, {}));
    static_cast<void>(taught(*project, other, {}));
    static_cast<void>(taught(*project, seeded(1), {}));  // the same once more: it disagrees about nothing
    const ParticleSetRecord set = project->particleSet("made");
    CHECK(repeatedPredictions(*project, own, set, 2).empty());
    const std::string repeat = taught(*project, seeded(2), {0.2f}, 11);
    const auto found = repeatedPredictions(*project, own, set, 2);
    REQUIRE(found.size() == 1);
    CHECK((*found[0])[0] == 0.2f);
    CHECK((*found[0])[1] == 0.8f);
    CHECK(std::isnan((*found[0])[22]));  // the last one was not predicted
    CHECK(repeatedPredictions(*project, own, set, 3).empty());
    CHECK(repeatedPredictions(*project, "0099", set, 2).empty());
    CHECK(repeatedPredictions(*project, repeat, set, 2).size() == 2);  // both of seed 1
    for (std::uint64_t seed = 5; seed < 12; ++seed) static_cast<void>(taught(*project, seeded(seed), {}));
    CHECK(repeatedPredictions(*project, own, set, 2).size() == 4);
}

TEST_CASE("repeated runs, what they disagree about is to be labelled next") {
    // All as sure as can be, but for particle 6; of particle 9 each seed is sure of another class.
    const std::vector<float> one{1, 1, 1, 1, 1, 1, 0.8f, 1, 1, 1, 1, 1};
    std::vector<float> two = one;
    two[9] = 0;
    const auto firstOf = [&](bool repeated) {
        OpenWindow open([&](Project& project) {
            if (repeated) static_cast<void>(taught(project, seeded(2), two));
            static_cast<void>(taught(project, seeded(1), one));
        });
        QTest::mouseClick(open.find<QPushButton>("galleryLabelNext"), Qt::LeftButton);
        open.settle([&] { return !open.window->gallery()->model()->busy(); });
        return open.window->gallery()->model()->particleAt(0);
    };
    CHECK(firstOf(false) == 6);
    CHECK(firstOf(true) == 9);
}
