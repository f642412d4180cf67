#include "core/jobs/training_trial.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/recipe/learning.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

template <typename Options>
nlohmann::json wishOf(const char* kind, Options options) {
    return {{"kind", kind}, {"options", toJson(options.describe())}, {"box", 16}, {"voxel", 10.0}, {"particles", 100}, {"train", 40}, {"validation", 20}, {"classes", 3}};
}

PretrainOptions quick() {
    PretrainOptions options;
    options.encoder.name = "resnet3d";
    options.batchSize = 8;
    options.epochs = 4;
    return options;
}

}  // namespace

TEST_CASE("training trial, measures steps of both kinds and tells what all of them will take") {
    const TrainingTrial pretrain = trainingTrialFromJson(measureTraining(wishOf("pretrain", quick()).dump(), {}));
    CHECK(pretrain.stepsPerEpoch == 100 / 8);
    CHECK(pretrain.steps >= 3);
    CHECK(pretrain.stepSeconds > 0);
    CHECK(pretrain.seconds >= pretrain.stepSeconds * 4 * double(pretrain.stepsPerEpoch));
    CHECK(pretrain.memoryBytes > 1e7);
    CHECK(pretrain.device == "cpu");
    FinetuneOptions options;
    options.encoder.name = "resnet3d";
    options.batchSize = 16;
    const TrainingTrial finetune = trainingTrialFromJson(measureTraining(wishOf("finetune", options).dump(), {}));
    CHECK(finetune.stepsPerEpoch == 3);  // 40 in batches of 16
    CHECK(finetune.seconds > finetune.stepSeconds * 3 * options.epochs);
}

TEST_CASE("training trial, stops when nobody wants it any more, and says what cannot be tried") {
    StopSource stop;
    stop.request(StopWish::Cancel);
    CHECK_THROWS_AS(measureTraining(wishOf("pretrain", quick()).dump(), stop.token()), Cancelled);
    PretrainOptions wrong = quick();
    wrong.queueSize = 13;
    CHECK_THROWS_AS(measureTraining(wishOf("pretrain", wrong).dump(), {}), InvalidOptions);
    CHECK_THROWS_AS(measureTraining("{}", {}), InvalidOptions);
    CHECK_THROWS_AS(trainingTrialFromJson("[1"), ReadError);
}

TEST_CASE("training trial, encoders are told with their cost, and why one does not take a box") {
    const auto facts = encoderFactsFromJson(describeEncoders(32));
    CHECK(facts.size() == 9);
    for (const EncoderFact& fact : facts) {
        CHECK(fact.problem.empty());
        CHECK(fact.parameters > 0);
        CHECK(fact.multiplyAdds > 0);
        CHECK_FALSE(fact.whenToChoose.empty());
        if (fact.name == "rb3d") CHECK_FALSE(fact.anyBox);
        if (fact.name == "resnet3d") CHECK(fact.anyBox);
    }
    for (const EncoderFact& fact : encoderFactsFromJson(describeEncoders(8))) CHECK_THAT(fact.problem, test::contains("these have 8"));
    const TrainingChoices choices = trainingChoicesFromJson(describeTraining());
    CHECK(choices.methods.size() == 5);
    REQUIRE_FALSE(choices.devices.empty());
    CHECK(choices.devices.front().freeBytes > 0);
    CHECK(choices.devices.front().freeBytes <= choices.devices.front().totalBytes);
}
