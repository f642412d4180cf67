#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/io/reader.h"
#include "core/project/project.h"
#include "core/project/stored_predictions.h"
#include "core/recipe/built_in_recipes.h"
#include "core/recipe/explain_options.h"
#include "core/recipe/learning.h"
#include "core/recipe/recipe.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Keeps the metrics and asks to finish after `stopAfter` losses.
class Sink : public JobSink {
  public:
    std::vector<double> losses;
    std::size_t stopAfter = SIZE_MAX;
    StopSource stop;

    void onProgress(const Progress&) override {}
    void onMetric(const Metric& metric) override {
        if (metric.name != "loss") return;
        losses.push_back(metric.value);
        if (losses.size() == stopAfter) stop.request(StopWish::Finish);
    }
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
};

std::unique_ptr<Job> jobOf(const Run& run) {
    const std::string kind = run.config().kind;
    if (kind == "simulate") return makeSimulateJob(run);
    if (kind == "pretrain") return makePretrainJob(run);
    if (kind == "finetune") return makeFinetuneJob(run);
    if (kind == "predict") return makePredictJob(run);
    return makeExplainJob(run);
}

void work(const Run& run, Sink& sink) {
    JobContext context(sink.stop.token(), sink);
    jobOf(run)->run(context);
}

template <typename Options>
RunConfig config(const std::string& kind, Options options, std::vector<std::string> inputs = {}) {
    RunConfig made;
    made.kind = kind;
    made.title = "test";
    made.options = toJson(options.describe());
    made.particleSet = "made";
    made.inputs = std::move(inputs);
    return made;
}

PretrainOptions pretrainOptions() {
    PretrainOptions options;
    options.epochs = 2;
    options.batchSize = 8;
    options.queueSize = 16;
    return options;
}

/// A project of 3 clearly different shapes, 12 of each, in boxes of 16.
struct Fixture {
    test::TemporaryFolder folder;
    std::unique_ptr<Project> project = Project::create(folder / "p.tomoloupe");

    Fixture() {
        SimulateOptions options;
        fromJson(options.describe(), builtInRecipe("tiny").at("simulate"));
        Sink sink;
        work(project->createRun(config("simulate", options)), sink);
    }

    Run finish(const RunConfig& wanted) {
        Sink sink;
        const Run run = project->createRun(wanted);
        work(run, sink);
        return run;
    }

    Run finetuned(const std::vector<std::string>& inputs = {}) {
        FinetuneOptions options;
        options.epochs = 2;
        return finish(config("finetune", options, inputs));
    }
};

}  // namespace

TEST_CASE("engine, the whole loop from made particles to predictions and heat") {
    Fixture fixture;
    const Run pretrained = fixture.finish(config("pretrain", pretrainOptions()));
    CHECK(pretrained.state() == RunState::Done);
    CHECK(std::filesystem::exists(pretrained.modelPath()));
    CHECK_FALSE(std::filesystem::exists(pretrained.trainerPath()));

    const Run tuned = fixture.finetuned({pretrained.id()});
    const nlohmann::json result = tuned.result();
    CHECK(result.at("train_count") == 24);
    CHECK(result.at("test").at("count") == 6);
    CHECK(result.at("test_accuracy").get<double>() > 0.5);  // chance is 0.33

    const Run predicted = fixture.finish(config("predict", PredictOptions{}, {tuned.id()}));
    CHECK(predicted.result().at("held_out").at("accuracy") == result.at("test_accuracy"));
    const auto set = fixture.project->particleSet("made");
    const auto predictions = fixture.project->predictions(predicted.id(), set.id);
    REQUIRE(predictions.size() == 36);
    for (const Prediction& prediction : predictions) {
        float sum = 0;
        for (const float probability : prediction.probabilities) sum += probability;
        CHECK(sum == Approx(1).margin(1e-5));
    }

    ExplainOptions explain;
    explain.particle = 4;
    const Run explained = fixture.finish(config("explain", explain, {tuned.id()}));
    const auto readers = builtInReaders();
    const auto heat = readers.open(explained.folder() / "heat.mrc");
    CHECK(heat->info().shape == Index3{16, 16, 16});
    CHECK(heat->info().voxelSize() == Approx(14));
    CHECK(explained.result().at("probability").get<double>() > 0);
    // What the test part was called is kept, and is what the same model says again.
    const auto stored = readPredictions(tuned, RunPart::Test);
    REQUIRE(stored);
    REQUIRE(stored->indices.size() == 6);
    CHECK(readPredictions(tuned, RunPart::Validation));
    for (std::size_t i = 0; i < stored->indices.size(); ++i) {
        CHECK(stored->truth[i] >= 0);
        const Prediction& same = predictions[static_cast<std::size_t>(stored->indices[i])];
        CHECK(same.particleId == stored->particleIds[i]);
        for (std::size_t c = 0; c < 3; ++c) CHECK(same.probabilities[c] == Approx(stored->probabilities[3 * i + c]).margin(1e-4));
    }

    ExplainRunOptions several;
    several.particles = 4;
    several.ofClass = stored->classes[0];
    const Run mean = fixture.finish(config("explain", several, {tuned.id()}));
    CHECK(mean.result().at("count") == 4);
    CHECK(mean.result().at("held_out") == 2);  // of this class; then come others
    CHECK(mean.result().at("mean").at("probability").get<double>() > 0);
    CHECK(readers.open(mean.folder() / "heat.mrc")->info().shape == Index3{16, 16, 16});
    several.ofClass = "nothing";
    CHECK_THROWS_WITH(fixture.finish(config("explain", several, {tuned.id()})), test::contains("knows no class \"nothing\""));
    explain.particle = 99;
    CHECK_THROWS_WITH(fixture.finish(config("explain", explain, {tuned.id()})), test::contains("no particle 99"));
    CHECK_THROWS_WITH(fixture.finish(config("predict", PredictOptions{}, {pretrained.id()})), test::contains("fine-tune it first"));
}

TEST_CASE("engine, nothing is learnt from particles that a person was unsure of") {
    Fixture fixture;
    ClassRecord record;
    record.name = "unsure";
    record.role = ClassRole::Unsure;
    const ClassRecord unsure = fixture.project->storeClass(record, "test");
    const auto ids = fixture.project->particleIds(fixture.project->particleSet("made").id);
    std::vector<LabelEdit> edits;
    for (std::size_t i = 0; i < 6; ++i) edits.push_back({ids[i], unsure.id});
    fixture.project->setLabels(edits, "test");
    const nlohmann::json result = fixture.finetuned().result();
    CHECK(result.at("train_count").get<int>() + result.at("test").at("count").get<int>() < 31);
    CHECK(result.at("test").at("classes").size() == 3);
    CHECK(result.at("label_set") == "labels");
}

TEST_CASE("engine, a run stopped and resumed gives the model of one that ran through") {
    Fixture fixture;
    Sink whole, again, first, rest;
    const Run reference = fixture.project->createRun(config("pretrain", pretrainOptions()));
    work(reference, whole);
    const Run repeated = fixture.project->createRun(config("pretrain", pretrainOptions()));
    work(repeated, again);
    CHECK(whole.losses == again.losses);  // same seed, same numbers

    const Run stopped = fixture.project->createRun(config("pretrain", pretrainOptions()));
    first.stopAfter = 3;
    work(stopped, first);
    CHECK(stopped.state() == RunState::FinishedEarly);
    stopped.reopen();
    work(stopped, rest);
    CHECK(stopped.state() == RunState::Done);
    std::vector<double> joined = first.losses;
    joined.insert(joined.end(), rest.losses.begin(), rest.losses.end());
    CHECK(joined == whole.losses);
}

TEST_CASE("engine, a fine-tuning that goes on learns from the label set it was started with") {
    Fixture fixture;
    FinetuneOptions options;
    options.epochs = 2;
    Sink first, rest;
    const Run stopped = fixture.project->createRun(config("finetune", options));
    first.stopAfter = 1;
    work(stopped, first);
    REQUIRE(stopped.state() == RunState::FinishedEarly);
    fixture.project->useLabelSet("second look");  // where nothing is labelled
    stopped.reopen();
    work(stopped, rest);
    CHECK(stopped.state() == RunState::Done);
    CHECK(stopped.result().at("label_set") == "labels");
    CHECK(stopped.result().at("train_count") == 24);
    CHECK_THROWS_WITH(fixture.finetuned(), test::contains("labels of no class"));  // a new one takes those in use
    fixture.project->renameLabelSet("labels", "by Ann");
    stopped.reopen();
    CHECK_THROWS_WITH(work(stopped, rest), test::contains("started with the label set \"labels\"") && test::contains("by Ann"));
}

TEST_CASE("engine, says what is missing") {
    Fixture fixture;
    PretrainOptions large = pretrainOptions();
    large.batchSize = 64;
    large.queueSize = 128;
    CHECK_THROWS_WITH(fixture.finish(config("pretrain", large)), test::contains("fewer than one batch"));
    CHECK_THROWS_AS(fixture.finetuned({"0099"}), Error);
    auto unknown = config("pretrain", pretrainOptions());
    unknown.options["warmth"] = 3;
    CHECK_THROWS_WITH(fixture.finish(unknown), test::contains("Unknown option \"warmth\""));
}

TEST_CASE("engine, fine-tuning holds out whole tomograms where labels lie in enough of them") {
    Fixture fixture;
    const auto made = fixture.project->particleSet("made");
    ParticleTable table = fixture.project->particles(made.id);
    for (std::size_t i = 0; i < table.particles.size(); ++i) table.particles[i].tomogram = "TS_" + std::to_string(i / 3 % 6);
    const auto placed = fixture.project->addParticleSet("placed", table, "test");
    fixture.project->setStack(placed.id, made.stackPath, made.boxSize, made.voxelSizeAngstrom);
    const auto ids = fixture.project->particleIds(placed.id);
    const auto labels = fixture.project->labels(made.id);
    std::vector<LabelEdit> edits;
    for (std::size_t i = 0; i < ids.size(); ++i) edits.push_back({ids[i], labels[i]});
    fixture.project->setLabels(edits, "test");
    FinetuneOptions options;
    options.epochs = 1;
    options.encoder.name = "rb3d-c";
    RunConfig wanted = config("finetune", options);
    wanted.particleSet = "placed";
    const Run run = fixture.finish(wanted), again = fixture.finish(wanted);
    CHECK(run.result().at("split") == "tomogram");
    const auto split = nlohmann::json::parse(std::ifstream(run.folder() / "split.json"));
    CHECK(split == nlohmann::json::parse(std::ifstream(again.folder() / "split.json")));
    std::map<std::string, std::string> partOf;
    std::size_t held = 0;
    for (const char* part : {"train", "validation", "test"}) {
        for (const std::int64_t id : split.at(part)) {
            const auto at = std::size_t(std::find(ids.begin(), ids.end(), id) - ids.begin());
            const auto [known, isNew] = partOf.try_emplace(table.particles[at].tomogram, part);
            CHECK(known->second == part);
            ++held;
        }
    }
    CHECK(held == 36);
    CHECK(partOf.size() == 6);
    options.split.kind = "stratified";
    wanted.options = toJson(options.describe());
    CHECK(fixture.finish(wanted).result().at("split") == "stratified");
}
