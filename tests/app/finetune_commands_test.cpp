#include <signal.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/project/run.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::runCli;

namespace {

constexpr const char* kQuick = "finetune d.tomoloupe --set demo --encoder rb3d-c --epochs 1 --no-augment --json ";

/// A project with 3 classes of simulated subtomograms of 16 voxels.
struct Simulated {
    explicit Simulated(const std::string& count = "12") { add("demo", "--count " + count); }
    void add(const std::string& set, const std::string& words) const {
        const auto made = runCli(folder.path(), "simulate --recipe tiny --out d.tomoloupe --seed 1 --set " + set + " " + words);
        INFO(made.errors);
        REQUIRE(made.exitCode == 0);
    }
    [[nodiscard]] nlohmann::json done(const std::string& words) const {
        const auto result = runCli(folder.path(), words);
        INFO(words + "\n" + result.errors);
        REQUIRE(result.exitCode == 0);
        return result.json();
    }
    [[nodiscard]] std::string error(const std::string& words) const {
        const auto result = runCli(folder.path(), words);
        CHECK(result.exitCode == 1);
        CHECK(result.output.empty());
        return result.errors;
    }
    test::TemporaryFolder folder;
};

nlohmann::json splitOf(const nlohmann::json& run) {
    return nlohmann::json::parse(std::ifstream(std::filesystem::path(run["folder"].get<std::string>()) / "split.json"));
}

}  // namespace

TEST_CASE("finetune, several runs give one document with mean and standard deviation") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const auto document = project.done(kQuick + std::string("--runs 3 --seed 5"));
    CHECK(document["kind"] == "finetune");
    CHECK(document["state"] == "done");
    const auto& runs = document["runs"];
    REQUIRE(runs.size() == 3);
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(runs[i]["seed"] == 5 + i);
        CHECK(Run(runs[i]["folder"].get<std::string>()).config().seed == 5 + i);
        CHECK(splitOf(runs[i]) == splitOf(runs[0]));
        const auto accuracy = runs[i]["test_accuracy"].get<double>();
        CHECK(document["test_accuracy"]["values"][i] == accuracy);
        sum += accuracy;
        squares += accuracy * accuracy;
    }
    CHECK(document["test_accuracy"]["mean"].get<double>() == Approx(sum / 3));
    CHECK(document["test_accuracy"]["sd"].get<double>() == Approx(std::sqrt(std::max(0.0, (squares - sum * sum / 3) / 2))).margin(1e-6));

    const auto single = project.done(kQuick + std::string("--seed 6 --runs 1"));
    CHECK(single["run"] == "0005");
    CHECK(single["test"] == runs[1]["test"]);
    CHECK(single["validation_accuracy"] == runs[1]["validation_accuracy"]);
}

TEST_CASE("finetune, smaller label fractions lie within larger ones, all classes alike") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    std::set<std::int64_t> smaller;
    nlohmann::json heldOut;
    for (const auto& [fraction, aClass] : {std::pair("0.15", 1), {"0.5", 4}, {"1", 8}}) {
        const auto run = project.done(kQuick + std::string("--label-fraction ") + fraction);
        const auto split = splitOf(run);
        const auto train = split["train"].get<std::set<std::int64_t>>();
        CHECK(train.size() == std::size_t(3 * aClass));
        CHECK(std::includes(train.begin(), train.end(), smaller.begin(), smaller.end()));
        for (const auto& one : run["test"]["classes"]) CHECK(one["count"] == 2);
        const nlohmann::json others = {split["validation"], split["test"]};
        if (!heldOut.is_null()) CHECK(others == heldOut);
        heldOut = others;
        smaller = train;
    }
}

TEST_CASE("finetune, pseudo-labels, weights, early stop and a frozen encoder work together") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const auto run = project.done(kQuick + std::string("--label-fraction 0.5 --pseudo-labels --pseudo-threshold 0.5 --class-weights balanced "
                                                       "--label-smoothing 0.1 --early-stop 3 --freeze-encoder"));
    CHECK(run["train_count"] == 12);
    const auto& pseudo = run["pseudo_labels"];
    CHECK(pseudo["candidates"] == 36 - 12 - 6 - 6);
    CHECK(pseudo["count"] <= 12);
    CHECK(pseudo["known"] == pseudo["count"]);
}

TEST_CASE("finetune, discriminant analysis learns from as many unlabelled particles as asked for, and not from held-out ones") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const std::string words = kQuick + std::string("--label-fraction 0.5 --last-layer discriminant --unlabelled ");
    for (const auto& [asked, said] : {std::pair("100", "to 12 labelled particles, then to 12 without a label"), {"5", "then to 5 without a label"}})
        CHECK_THAT(runCli(project.folder.path(), words + asked).errors, contains(said));
    const auto alone = runCli(project.folder.path(), words + "0");
    CHECK(alone.exitCode == 0);
    CHECK_THAT(alone.errors, !contains("without a label"));
}

TEST_CASE("finetune, what cannot be learnt is said in a sentence") {
    if (!test::engineIsBuilt()) return;
    const Simulated project("2");
    CHECK_THAT(project.error(kQuick), contains("has 2 labelled particle(s) in set demo; it needs at least 3"));
    CHECK_THAT(project.error(kQuick + std::string("--train-fraction 0.8 --validation-fraction 0.3")), contains("leave nothing to hold out"));
    CHECK_THAT(project.error(kQuick + std::string("--strong-fraction 0.5")), contains("augment is off"));
    project.add("one", "--count 4 --structures apoferritin");
    const std::string one = "finetune d.tomoloupe --set one --encoder rb3d-c --epochs 1 --json ";
    CHECK_THAT(project.error(one), contains("class apoferritin only") && contains("at least two"));
}

TEST_CASE("finetune, classes with too few labels are left out where that is asked for") {
    if (!test::engineIsBuilt()) return;
    const Simulated project("4");
    (void)project.done("label set d.tomoloupe --set demo --particle 0 --class rare --json ");
    CHECK_THAT(project.error(kQuick), contains("Class rare has 1 labelled particle(s)"));
    const auto run = project.done(kQuick + std::string("--rare-classes leave-out"));
    CHECK(run["label_count"] == 11);
    for (const auto& one : run["test"]["classes"]) CHECK(one["class"] != "rare");
}

TEST_CASE("finetune, from a model: its encoder, its box, other classes, a file that is cut short") {
    if (!test::engineIsBuilt()) return;
    const Simulated project("4");
    const auto first = project.done(kQuick);
    const std::string from = "--from " + first["run"].get<std::string>() + " ";
    const std::string start = "finetune d.tomoloupe --epochs 1 --no-augment --json " + from;
    CHECK_THAT(project.error(start + "--set demo --encoder cb3d"), contains("has the encoder rb3d-c, not cb3d"));

    project.add("large", "--count 4 --box-size 20");
    CHECK(project.done(start + "--set large")["state"] == "done");  // this encoder takes every box
    const auto fixed = project.done("finetune d.tomoloupe --set demo --encoder rb3d --epochs 1 --no-augment --json");
    CHECK_THAT(project.error("finetune d.tomoloupe --set large --from " + fixed["run"].get<std::string>()),
               contains("boxes of 16 voxels; those of set large have 20"));

    project.add("others", "--count 4 --structures groel,rubisco");
    const auto other = runCli(project.folder.path(), start + "--set others");
    CHECK(other.exitCode == 0);
    CHECK_THAT(other.errors, contains("new last layer for groel, rubisco"));
    CHECK(Run(other.json()["folder"].get<std::string>()).config().options["encoder"] == "rb3d-c");

    const auto model = std::filesystem::path(first["folder"].get<std::string>()) / "model.safetensors";
    std::filesystem::copy_file(model, project.folder / "cut.safetensors");
    std::filesystem::resize_file(project.folder / "cut.safetensors", std::filesystem::file_size(model) / 2);
    CHECK_THAT(project.error("finetune d.tomoloupe --set demo --from cut.safetensors"), contains("cut.safetensors is not a sound safetensors file"));
}

TEST_CASE("finetune, cancelling several runs keeps those that were completed") {
    if (!test::engineIsBuilt()) return;
    const Simulated project("4");
    test::BackgroundCli runs(project.folder.path(), kQuick + std::string("--runs 1000"));
    const auto folder = project.folder / "d.tomoloupe/runs";
    REQUIRE(runs.waitUntil([&] { return std::filesystem::exists(folder / "0003-finetune-100-labels-from-random-seed-2"); }));
    CHECK_FALSE(runs.waitUntil([&] {
        runs.send(SIGINT);
        return false;
    }));
    const auto result = runs.wait();
    CHECK(result.exitCode == 130);
    const auto document = result.json();
    CHECK(document["state"] == "cancelled");
    CHECK(document["test_accuracy"]["count"].get<std::size_t>() >= 1);
    CHECK(document["runs"][0]["state"] == "done");
    CHECK(std::filesystem::exists(folder / "0002-finetune-100-labels-from-random-seed-1" / "model.safetensors"));
}
