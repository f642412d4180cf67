#include "core/project/stored_predictions.h"

#include <fstream>

#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

Run fineTuning(const test::ExampleProject& example) {
    RunConfig config;
    config.kind = "finetune";
    config.options = nlohmann::json::object();
    config.particleSet = "p";
    return example.project->createRun(config);
}

}  // namespace

TEST_CASE("stored predictions, come back as they were written, whatever the classes are called") {
    const test::ExampleProject example(4);
    const Run run = fineTuning(example);
    CHECK_FALSE(readPredictions(run, RunPart::Test));
    const StoredPredictions written{{"ribosome, 70S", "\"odd\""}, {3, 1}, {14, 12}, {1, -1}, {0.25F, 0.75F, 0.9999F, 0.0001F}};
    writePredictions(run, RunPart::Test, written);
    const auto read = readPredictions(run, RunPart::Test);
    REQUIRE(read);
    CHECK(read->classes == written.classes);
    CHECK(read->indices == written.indices);
    CHECK(read->particleIds == written.particleIds);
    CHECK(read->truth == written.truth);
    REQUIRE(read->probabilities.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(read->probabilities[i] == Approx(written.probabilities[i]));
    CHECK_FALSE(readPredictions(run, RunPart::Validation));
}

TEST_CASE("stored predictions, a damaged file is told by its line") {
    const test::ExampleProject example(1);
    const Run run = fineTuning(example);
    std::ofstream(predictionsPath(run, RunPart::Test)) << "index,particle_id,true_class,a,b\n0,1,a,0.5,0.5\n1,2,b,half,0.5\n";
    CHECK_THROWS_WITH(readPredictions(run, RunPart::Test), contains("line 3: \"half\" is no number"));
    std::ofstream(predictionsPath(run, RunPart::Test)) << "index,particle_id\n";
    CHECK_THROWS_WITH(readPredictions(run, RunPart::Test), contains("no columns of probabilities"));
}
