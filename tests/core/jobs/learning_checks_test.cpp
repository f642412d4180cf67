#include "core/jobs/learning_checks.h"

#include <algorithm>
#include <fstream>

#include "core/io/stack.h"
#include "core/jobs/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using Level = Finding::Level;
using test::contains;

namespace {

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

SetFacts goodSet() {
    SetFacts set;
    set.name = "p";
    set.particles = 2000;
    set.box = {32, 32, 32};
    set.voxelSizeAngstrom = 10;
    for (int c = 0; c < 2; ++c) set.classes.push_back({"class " + std::to_string(c), "", 1000, 10});
    for (int i = 0; i < 2000; ++i) {
        set.labels.push_back(i % 2);
        set.tomograms.push_back("TS_" + std::to_string(i % 10));
    }
    return set;
}

MachineFacts goodMachine() {
    MachineFacts machine;
    machine.encoders = {{"rb3d", "", 35'000'000, 1'000'000'000, false, ""}, {"resnet3d", "", 1'000'000, 100'000'000, true, ""}};
    machine.devices = {{"cpu", "", 8e9, 16e9}};
    machine.freeDiskBytes = 1e12;
    return machine;
}

/// The worst finding of a subject; a good one of none where there is none.
Finding about(const std::vector<Finding>& findings, const std::string& subject) {
    Finding worst;
    for (const Finding& finding : findings)
        if (finding.subject == subject && (worst.subject.empty() || finding.level > worst.level)) worst = finding;
    return worst;
}

Finding pretrainFinding(const std::string& subject, const PretrainOptions& options, const SetFacts& set = goodSet(), const MachineFacts& machine = goodMachine()) {
    return about(checkPretraining(options, set, machine), subject);
}

Finding finetuneFinding(const std::string& subject, const FinetuneOptions& options, const SetFacts& set = goodSet(),
                        const std::optional<ModelFacts>& start = {}) {
    return about(checkFinetuning(options, set, goodMachine(), start), subject);
}

}  // namespace

TEST_CASE("learning checks, nothing stands in the way of the paper's settings on a good set") {
    const auto findings = checkPretraining({}, goodSet(), goodMachine());
    CHECK(mayStart(findings));
    CHECK(std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.level == Level::Good; }));
    CHECK(mayStart(checkFinetuning({}, goodSet(), goodMachine(), {})));
}

TEST_CASE("learning checks, conflicts of data and options are told with what mends them") {
    PretrainOptions options;
    options.batchSize = 64;
    SetFacts small = goodSet();
    small.particles = 40;
    Finding finding = pretrainFinding("Batch size", options, small);
    CHECK(finding.level == Level::Error);
    CHECK(finding.option == "batch-size");
    CHECK(finding.value == "32");
    CHECK(pretrainFinding("Amount", {}, small).sentence.find("few-labels") != std::string::npos);

    SetFacts oblong = goodSet();
    oblong.box.z = 16;
    CHECK(pretrainFinding("Box", {}, oblong).level == Level::Error);
    SetFacts mixed = goodSet();
    mixed.tomogramVoxels = {10, 13.5};
    CHECK(pretrainFinding("Voxel size", {}, mixed).level == Level::Warning);
    SetFacts lost = goodSet();
    lost.problem = "The stack is not there";
    CHECK_FALSE(mayStart(checkPretraining({}, lost, goodMachine())));

    options = {};
    options.queueSize = 100;
    finding = pretrainFinding("Options", options);
    CHECK(finding.level == Level::Error);
    CHECK(finding.value == "-1");
    options = {};
    options.trainer.device = "cuda";
    CHECK(pretrainFinding("Device", options).value == "auto");
    options = {};
    options.method = "simclr";
    CHECK(pretrainFinding("Batch size", options).value == "64");
}

TEST_CASE("learning checks, an encoder that cannot take the box, memory and time") {
    MachineFacts machine = goodMachine();
    machine.encoders[0].problem = "The encoder rb3d takes boxes of 16 to 96 voxels; these have 128. Extract the particles with another box size";
    const Finding finding = pretrainFinding("Encoder", {}, goodSet(), machine);
    CHECK(finding.level == Level::Error);
    CHECK(finding.value == "resnet3d");
    machine = goodMachine();
    machine.trial = TrainingTrial{.stepSeconds = 0.5, .stepsPerEpoch = 125, .steps = 4, .seconds = 100, .memoryBytes = 1e15, .device = "cpu", .precision = "float32"};
    CHECK(pretrainFinding("Memory", {}, goodSet(), machine).option == "micro-batch");
    CHECK(pretrainFinding("Memory", {}, goodSet(), machine).level == Level::Error);
    machine.trial->memoryBytes = 1e6;
    machine.trial->seconds = 1e6;
    CHECK(pretrainFinding("Memory", {}, goodSet(), machine).level == Level::Good);
    CHECK(pretrainFinding("Time", {}, goodSet(), machine).level == Level::Warning);
    machine.freeDiskBytes = 1e6;
    CHECK(pretrainFinding("Disk", {}, goodSet(), machine).level == Level::Error);
}

TEST_CASE("learning checks, labels that are too few, uneven or split through tomograms") {
    SetFacts set = goodSet();
    set.classes[1].count = 2;
    Finding rare = finetuneFinding("Rare classes", {}, set);
    CHECK(rare.level == Level::Error);
    CHECK(rare.fix.empty());  // without it one class would be left
    for (int i = 2; i < 7; ++i) set.classes.push_back({"class " + std::to_string(i), "#ffffff", 1, 1});
    set.classes.push_back({"plenty", "#ffffff", 100, 1});
    rare = finetuneFinding("Rare classes", {}, set);
    CHECK(rare.sentence == "class 1, class 2, class 3 and 3 more have fewer than 3 labels: one to learn from, one to choose the epoch by, one to test with. "
                           "Label more, or leave them out");
    CHECK(rare.option == "rare-classes");
    FinetuneOptions without;
    without.rareClasses = rare.value;
    CHECK(finetuneFinding("Rare classes", without, set).level == Level::Warning);
    CHECK_THAT(finetuneFinding("Classes", without, set).sentence, contains("labels of 2 classes"));
    CHECK(finetuneFinding("Split", without, set).level != Level::Error);
    set = goodSet();
    set.classes[1].count = 10;
    CHECK(finetuneFinding("Few labels", {}, set).level == Level::Warning);
    CHECK(finetuneFinding("Balance", {}, set).value == "balanced");
    set.classes.pop_back();
    CHECK(finetuneFinding("Classes", {}, set).level == Level::Error);
    CHECK_THAT(finetuneFinding("Split", {}).sentence, contains("By tomogram (10 of them)"));
    SetFacts two = goodSet();
    for (std::size_t i = 0; i < two.tomograms.size(); ++i) two.tomograms[i] = i < 1000 ? "a" : "b";
    CHECK(finetuneFinding("Split", {}, two).level == Level::Warning);
    FinetuneOptions options;
    options.split.kind = "tomogram";
    CHECK(finetuneFinding("Split", options, two).value == "auto");
}

TEST_CASE("learning checks, a start that does not go with the set") {
    const ModelFacts fits{"rb3d", 32, 10, {}}, box{"rb3d", 24, 10, {}}, anyBox{"resnet3d", 24, 10, {}}, voxels{"rb3d", 32, 14, {}};
    CHECK(finetuneFinding("Start", {}, goodSet(), fits).level == Level::Good);
    CHECK(finetuneFinding("Start", {}, goodSet(), box).level == Level::Error);
    CHECK(finetuneFinding("Start", {}, goodSet(), anyBox).level == Level::Good);
    CHECK(finetuneFinding("Start", {}, goodSet(), voxels).level == Level::Warning);
}

TEST_CASE("set facts, are read from a project") {
    const test::TemporaryFolder folder;
    const auto project = Project::create(folder / "p.tomoloupe");
    ParticleTable table;
    table.format = "csv";
    for (int i = 0; i < 6; ++i) {
        Particle particle;
        particle.tomogram = i < 3 ? "a" : "b";
        table.particles.push_back(particle);
    }
    const ParticleSetRecord set = project->addParticleSet("p", table, "test");
    for (const auto& [name, voxel] : {std::pair{"a", 10.0}, {"b", 12.0}}) {
        TomogramRecord tomogram;
        tomogram.name = name;
        tomogram.shape = {8, 8, 8};
        tomogram.voxelSizeAngstrom = voxel;
        std::ofstream(folder / name) << name;
        tomogram.path = folder / name;
        project->addTomogram(tomogram);
    }
    CHECK_THAT(readSetFacts(*project, "p").problem, contains("no subtomograms yet"));
    StackWriter stack(project->stackPathFor("p"), {4, 4, 4}, 10);
    for (int i = 0; i < 5; ++i) stack.append(Volume({4, 4, 4}, std::vector<float>(64), 10));
    stack.commit();
    project->setStack(set.id, project->stackPathFor("p"), 4, 10);
    CHECK_THAT(readSetFacts(*project, "p").problem, contains("5 subtomograms but set p has 6 particles"));
    const auto ids = project->particleIds(set.id);
    const std::int64_t one = project->addClass("one").id;
    ClassRecord unsure;
    unsure.name = "unsure";
    unsure.role = ClassRole::Unsure;
    const std::int64_t unsureId = project->storeClass(unsure, "test").id;
    project->setLabels(std::vector<LabelEdit>{{ids[0], one}, {ids[4], one}, {ids[5], unsureId}}, "test");
    const SetFacts facts = readSetFacts(*project, "p");
    CHECK(facts.tomogramVoxels == std::vector<double>{10, 12});
    REQUIRE(facts.classes.size() == 1);
    CHECK(facts.classes[0].count == 2);
    CHECK(facts.classes[0].tomograms == 2);
    CHECK(facts.unsure == 1);
    CHECK(facts.labels == std::vector<int>{0, 0});
    CHECK(facts.tomograms == std::vector<std::string>{"a", "b"});
    CHECK(facts.tomogramCount == 2);
}

TEST_CASE("command line, quotes what a shell would take apart and leaves defaults out") {
    CHECK(shellQuoted("plain-1.2") == "plain-1.2");
    CHECK(shellQuoted("") == "''");
    CHECK(shellQuoted("it's $HOME") == "'it'\\''s $HOME'");
    PretrainOptions options;
    options.epochs = 5;
    options.trainer.deterministic = true;
    options.queueSize = -1;
    RunConfig config = configOf("pretrain", {});
    config.options = toJson(options.describe());
    config.particleSet = "picked in TS 1";
    config.seed = 3;
    CHECK(commandLine("/data/my project.tomoloupe", config) ==
          "tomoloupe-cli pretrain '/data/my project.tomoloupe' --set 'picked in TS 1' --seed 3 --epochs 5 --deterministic");
    FinetuneOptions finetune;
    finetune.augment = false;
    finetune.augmentation.ctfDefocusMicrometre = -3;
    config = configOf("finetune", {});
    config.options = toJson(finetune.describe());
    config.particleSet = "p";
    config.inputs = {"0002"};
    CHECK(commandLine("p.tomoloupe", config, 5) == "tomoloupe-cli finetune p.tomoloupe --set p --seed 1 --from 0002 --runs 5 --no-augment --ctf-defocus=-3");
}
