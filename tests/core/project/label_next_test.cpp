#include "core/project/label_next.h"

#include "tests/core/project/example_project.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("label next, goes by the newest predictions and passes over what has a label") {
    test::ExampleProject example(5);
    CHECK(labelNext(*example.project, example.set).order.size() == 5);
    CHECK(labelNext(*example.project, example.set).predictions.runId.empty());
    RunConfig config;
    config.kind = "predict";
    config.particleSet = "p";
    const Run run = example.project->createRun(config);
    std::vector<Prediction> predictions;
    for (const float sure : {0.9F, 0.8F, 0.55F, 0.99F, 0.6F}) {
        const std::int64_t id = example.ids[predictions.size()];
        predictions.push_back({id, example.ribosome, {sure, 1 - sure}});
    }
    example.project->storePredictions(run.id(), example.set.id, predictions);
    LabelNext next = labelNext(*example.project, example.set);
    CHECK(next.predictions.runId == run.id());
    CHECK(next.order.front() == 2);
    CHECK(next.order.size() == 5);
    example.label(2, example.proteasome);
    example.label(3, example.ribosome);
    next = labelNext(*example.project, example.set);
    CHECK(next.order == std::vector<std::int32_t>{4, 1, 0});
}
