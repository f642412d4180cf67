#include "core/jobs/learning_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/progress.h"

namespace tomoloupe {
namespace {

using Level = Finding::Level;
constexpr std::int64_t kFewParticles = 500;   // where one learnt layer does better than deep networks (docs/benchmarks.md)
constexpr std::int64_t kFewestOfClass = 3, kFewOfClass = 15;
constexpr double kUneven = 10;                // the largest class over the smallest
constexpr double kLongSeconds = 12 * 3600.0;

using Findings = std::vector<Finding>;

const EncoderFact* factOf(const MachineFacts& machine, const std::string& encoder) {
    for (const EncoderFact& fact : machine.encoders)
        if (fact.name == encoder) return &fact;
    return nullptr;
}

std::string voxelsText(double voxels) { return fmt::format("{:.4g} Å a voxel", voxels); }

void checkData(const SetFacts& set, Findings& findings) {
    if (!set.problem.empty()) return findings.push_back({Level::Error, "Particles", set.problem});
    findings.push_back({Level::Good, "Particles", fmt::format("{} subtomograms of {}³ voxels, {}", set.particles, set.box.x, voxelsText(set.voxelSizeAngstrom))});
    if (set.box.x != set.box.y || set.box.x != set.box.z)
        findings.push_back({Level::Error, "Box", fmt::format("Networks need cubic boxes; these are {} x {} x {} voxels. Extract the particles again in a cubic box",
                                                             set.box.x, set.box.y, set.box.z)});
    if (set.tomogramVoxels.size() > 1 && set.tomogramVoxels.back() / set.tomogramVoxels.front() > 1.02)
        findings.push_back({Level::Warning, "Voxel size",
                            fmt::format("The tomograms have voxels of {:.4g} to {:.4g} Å: the same particle then has several sizes. Keep sets of one voxel "
                                        "size, or bin the tomograms alike and extract again", set.tomogramVoxels.front(), set.tomogramVoxels.back())});
}

void checkEncoder(const EncoderOptions& options, const SetFacts& set, const MachineFacts& machine, Findings& findings) {
    const EncoderFact* fact = factOf(machine, options.name);
    if (!fact || !set.problem.empty()) return;
    if (!fact->problem.empty()) {
        const auto other = std::find_if(machine.encoders.begin(), machine.encoders.end(), [](const EncoderFact& one) { return one.problem.empty(); });
        Finding finding{Level::Error, "Encoder", fact->problem};
        if (other != machine.encoders.end()) finding.option = "encoder", finding.value = other->name, finding.fix = fmt::format("Take {}", other->name);
        return findings.push_back(std::move(finding));
    }
    findings.push_back({Level::Good, "Encoder", fmt::format("{} takes boxes of {}: {:.3g} million parameters, {:.3g} million multiply-adds a particle",
                                                            options.name, set.box.x, double(fact->parameters) / 1e6, double(fact->multiplyAdds) / 1e6)});
}

void checkDevice(const TrainerSettings& settings, const MachineFacts& machine, Findings& findings) {
    if (machine.devices.empty()) return;
    const bool cards = machine.devices.size() > 1, wantsCard = settings.device.rfind("cuda", 0) == 0;
    if (wantsCard && !cards)
        return findings.push_back({Level::Error, "Device", "This computer has no graphics card that can be used; let it compute on the processor",
                                   "device", "auto", "Take the processor"});
    const bool onCard = cards && settings.device != "cpu";
    if (!onCard && settings.precision == "bfloat16")
        findings.push_back({Level::Warning, "Precision", "bfloat16 is for graphics cards; on a processor it is slower than float32 as a rule", "precision",
                            "auto", "Take what suits"});
}

/// Time and memory that the trial foretells.
void checkTrial(const MachineFacts& machine, std::int64_t batch, Findings& findings) {
    if (!machine.trial) return;
    const TrainingTrial& trial = *machine.trial;
    const bool card = trial.deviceMemoryBytes > 0;
    const double need = card ? trial.deviceMemoryBytes : trial.memoryBytes;
    double free = card ? 0 : freeMemoryBytes();
    for (const DeviceFact& device : machine.devices)
        if (card && device.name.rfind("cuda", 0) == 0 && (free == 0 || device.name == trial.device)) free = device.freeBytes;
    const std::string words = fmt::format("about {}; {} are free", bytesText(need), bytesText(free));
    const std::int64_t half = std::max<std::int64_t>(1, batch / 2);
    const auto smaller = [&](Level level, const std::string& sentence) {
        findings.push_back({level, "Memory", sentence, "micro-batch", std::to_string(half), fmt::format("Compute {} at a time", half)});
    };
    if (free > 0 && need > free)
        smaller(Level::Error, fmt::format("It needs {}. Compute fewer particles at a time, which changes nothing but the speed, or close other programs", words));
    else if (free > 0 && need > 0.8 * free)
        smaller(Level::Warning, fmt::format("It needs {}, which is close. Fewer particles at a time need less", words));
    else
        findings.push_back({Level::Good, "Memory", fmt::format("Needs {}", words)});
    const std::string time = fmt::format("about {} ({:.3g} s a step, measured over {} steps)", durationText(trial.seconds), trial.stepSeconds, trial.steps);
    if (trial.seconds > kLongSeconds)
        findings.push_back({Level::Warning, "Time", fmt::format("It takes {}. Fewer epochs, or an encoder with fewer multiply-adds, take less; it can be "
                                                                "finished early and resumed at any time", time)});
    else
        findings.push_back({Level::Good, "Time", fmt::format("Takes {}", time)});
}

void checkDisk(const EncoderOptions& options, const MachineFacts& machine, Findings& findings) {
    const EncoderFact* fact = factOf(machine, options.name);
    if (!fact || machine.freeDiskBytes <= 0) return;
    constexpr double kCopies = 7;  // model, weights, slow weights and two moments in the checkpoint, and the one it replaces in part
    const double need = kCopies * 4 * double(fact->parameters);
    if (need > machine.freeDiskBytes)
        findings.push_back({Level::Error, "Disk", fmt::format("Model and checkpoints need about {}, and the project's disk has {} left; make room first",
                                                              bytesText(need), bytesText(machine.freeDiskBytes))});
}

void checkBatch(const PretrainOptions& options, const SetFacts& set, Findings& findings) {
    if (!set.problem.empty()) return;
    if (set.particles < options.batchSize) {
        int fitting = 2;
        while (2 * fitting <= set.particles) fitting *= 2;
        findings.push_back({Level::Error, "Batch size", fmt::format("A step takes {} particles, and the set has {}; take a smaller batch", options.batchSize,
                                                                    set.particles), "batch-size", std::to_string(fitting), fmt::format("Take {}", fitting)});
        return;
    }
    constexpr int kContrastBatch = 64;
    if (options.method == "simclr" && options.batchSize < kContrastBatch && set.particles >= kContrastBatch)
        findings.push_back({Level::Warning, "Batch size", fmt::format("SimCLR tells a particle from the others of its batch alone: {} are few", options.batchSize),
                            "batch-size", std::to_string(kContrastBatch), fmt::format("Take {}", kContrastBatch)});
    else if (options.method == "vicreg" && options.batchSize < kContrastBatch && set.particles >= kContrastBatch)
        findings.push_back({Level::Warning, "Batch size", fmt::format("VICReg needs the spread over a batch: {} particles are few", options.batchSize), "batch-size",
                            std::to_string(kContrastBatch), fmt::format("Take {}", kContrastBatch)});
}

void checkAmount(const PretrainOptions& options, const SetFacts& set, Findings& findings) {
    if (!set.problem.empty() || set.particles < options.batchSize) return;
    if (set.particles < kFewParticles && !options.encoder.learnsOneLayer())
        findings.push_back({Level::Warning, "Amount", fmt::format("{} particles are few for a deep network; fine-tuning by the recipe few-labels needs no "
                                                                  "pre-training and does better on small sets", set.particles)});
    const std::int64_t steps = set.particles / options.batchSize * options.epochs;
    constexpr std::int64_t kFewSteps = 200;
    if (steps < kFewSteps)
        findings.push_back({Level::Warning, "Schedule", fmt::format("{} steps in all are a look whether it works, not a training; {} epochs make {} steps", steps,
                                                                    std::int64_t(options.epochs) * kFewSteps / std::max<std::int64_t>(1, steps), kFewSteps)});
}

void checkOptions(const PretrainOptions& options, Findings& findings) {
    try {
        (void)options.resolved();
    } catch (const InvalidOptions& cause) {
        const std::string words = cause.what();
        Finding finding{Level::Error, "Options", words};
        if (words.find("queue-size") != std::string::npos) finding.option = "queue-size", finding.value = "-1", finding.fix = "Let the method choose";
        if (words.find("warmup") != std::string::npos) finding.option = "warmup-epochs", finding.value = "0", finding.fix = "No warm-up";
        findings.push_back(std::move(finding));
    }
}

/// "a, b and 22 more".
std::string namesOf(const std::vector<ClassFact>& classes) {
    constexpr std::size_t kNamed = 3;
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamed, classes.size()); ++i) names += (i == 0 ? "" : i + 1 == classes.size() ? " and " : ", ") + classes[i].name;
    if (classes.size() > kNamed) names += fmt::format(" and {} more", classes.size() - kNamed);
    return names;
}

void checkRare(const FinetuneOptions& options, const std::vector<ClassFact>& rare, std::size_t others, Findings& findings) {
    if (rare.empty()) return;
    const std::string what = fmt::format("{} {} fewer than {} labels", namesOf(rare), rare.size() == 1 ? "has" : "have", kFewestOfClass);
    if (options.rareClasses == "leave-out") return findings.push_back({Level::Warning, "Rare classes", what + ": nothing is learnt of " + (rare.size() == 1 ? "it" : "them")});
    Finding finding{Level::Error, "Rare classes", what + ": one to learn from, one to choose the epoch by, one to test with. Label more"};
    if (others > 1) finding.sentence += ", or leave " + std::string(rare.size() == 1 ? "it" : "them") + " out", finding.option = "rare-classes", finding.value = "leave-out", finding.fix = "Leave out";
    findings.push_back(std::move(finding));
}

void checkFew(const std::vector<ClassFact>& few, Findings& findings) {
    if (few.empty()) return;
    const auto [fewest, most] = std::minmax_element(few.begin(), few.end(), [](const ClassFact& a, const ClassFact& b) { return a.count < b.count; });
    const std::int64_t held = std::max<std::int64_t>(1, std::llround(0.2 * double(fewest->count)));
    const std::string counts = fewest->count == most->count ? std::to_string(fewest->count) : fmt::format("{} to {}", fewest->count, most->count);
    findings.push_back({Level::Warning, "Few labels", fmt::format("{} {} {} labels: of the fewest about {} {} held out, and one mistake moves the recall by {:.0f} %", namesOf(few),
                                                                  few.size() == 1 ? "has" : "have", counts, held, held == 1 ? "is" : "are", 100.0 / double(held))});
}

/// Classes that are learnt.
std::vector<ClassFact> learntClasses(const FinetuneOptions& options, const SetFacts& set) {
    std::vector<ClassFact> learnt = set.classes;
    if (options.rareClasses == "leave-out") learnt.erase(std::remove_if(learnt.begin(), learnt.end(), [](const ClassFact& one) { return one.count < kFewestOfClass; }), learnt.end());
    return learnt;
}

void checkClasses(const FinetuneOptions& options, const SetFacts& set, Findings& findings) {
    if (set.classes.size() < 2) {
        findings.push_back({Level::Error, "Classes", fmt::format("{} labels of at least two classes are needed; label particles in the gallery first",
                                                                 set.classes.empty() ? "Nothing is labelled:" : fmt::format("All labels are of class {}:", set.classes[0].name))});
        return;
    }
    std::vector<ClassFact> rare, few, good;
    for (const ClassFact& one : set.classes) (one.count < kFewestOfClass ? rare : one.count < kFewOfClass ? few : good).push_back(one);
    checkRare(options, rare, few.size() + good.size(), findings);
    checkFew(few, findings);
    const std::vector<ClassFact> learnt = learntClasses(options, set);
    if (learnt.size() < 2)
        return findings.push_back({Level::Error, "Classes", fmt::format("At least two classes need {} labels each; label more particles in the gallery first", kFewestOfClass)});
    std::int64_t fewest = learnt[0].count, most = fewest, all = 0;
    for (const ClassFact& one : learnt) {
        fewest = std::min(fewest, one.count);
        most = std::max(most, one.count);
        all += one.count;
    }
    if (good.size() == learnt.size()) findings.push_back({Level::Good, "Classes", fmt::format("{} labels of {} classes, {} at least", all, learnt.size(), fewest)});
    if (double(most) > kUneven * double(std::max<std::int64_t>(1, fewest)) && options.classWeights == "none")
        findings.push_back({Level::Warning, "Balance", fmt::format("The largest class has {:.0f} times the labels of the smallest, which it will outvote", double(most) / double(std::max<std::int64_t>(1, fewest))),
                            "class-weights", "balanced", "Let rare classes count more"});
    if (set.unsure > 0) findings.push_back({Level::Good, "Unsure", fmt::format("{} particles that you were unsure of are left out", set.unsure)});
}

void checkSplit(const FinetuneOptions& options, const SetFacts& set, Findings& findings) {
    const std::vector<ClassFact> learnt = learntClasses(options, set);
    if (learnt.size() < 2 || std::any_of(learnt.begin(), learnt.end(), [](const ClassFact& one) { return one.count < kFewestOfClass; })) return;
    std::vector<int> labels;
    std::vector<std::string> tomograms;
    for (std::size_t i = 0; i < set.labels.size(); ++i) {
        if (set.classes[static_cast<std::size_t>(set.labels[i])].count < kFewestOfClass) continue;
        labels.push_back(set.labels[i]);
        tomograms.push_back(set.tomograms[i]);
    }
    try {
        const double train = options.split.trainFraction, validation = options.split.validationFraction;
        const SplitChoice choice = chooseSplit(options.split.kind, labels, tomograms, {train, validation, 1 - train - validation}, std::uint64_t(options.split.seed));
        const std::string counts = fmt::format("{} to learn from, {} to choose the epoch by, {} to test with", choice.split.train.size(), choice.split.validation.size(), choice.split.test.size());
        if (choice.byTomogram)
            findings.push_back({Level::Good, "Split", fmt::format("By tomogram ({} of them): {}", choice.tomograms, counts)});
        else if (choice.tomograms > 1)
            findings.push_back({Level::Warning, "Split", fmt::format("By class: {}. {} so that neighbours may stand on both sides, and the test looks better than it is", counts,
                                                                     choice.reason.empty() ? "Tomograms are cut through," : "It cannot go by tomogram, as " + choice.reason + ",")});
        else
            findings.push_back({Level::Good, "Split", fmt::format("By class: {}", counts)});
        constexpr std::size_t kFewTests = 30;
        if (choice.split.test.size() < kFewTests)
            findings.push_back({Level::Warning, "Test", fmt::format("{} particles are few to test with: one more mistake is {:.1f} % of accuracy. Several runs show the spread", choice.split.test.size(),
                                                                    100.0 / double(std::max<std::size_t>(1, choice.split.test.size())))});
    } catch (const Error& cause) {
        findings.push_back({Level::Error, "Split", cause.what(), "split", "auto", "Split as is possible"});
    }
}

void checkStart(const FinetuneOptions& options, const SetFacts& set, const MachineFacts& machine, const std::optional<ModelFacts>& start, Findings& findings) {
    if (!set.problem.empty()) return;
    if (!start) {
        if (!set.labels.empty() && std::int64_t(set.labels.size()) < kFewParticles && !options.encoder.learnsOneLayer())
            findings.push_back({Level::Warning, "Start", fmt::format("{} labels are few for a deep network with random weights; start from a pre-trained one, or take the recipe few-labels, "
                                                                     "which learns from the particles without a label too", set.labels.size()), "recipe", "few-labels", "Take the recipe"});
        return;
    }
    const EncoderFact* fact = factOf(machine, start->encoder);
    if (start->box != set.box.x && fact && !fact->anyBox)
        return findings.push_back({Level::Error, "Start", fmt::format("That model was trained on boxes of {} voxels, and its encoder {} takes no others; the set has {}. Extract the "
                                                                      "particles in that box, or start from another model", start->box, start->encoder, set.box.x)});
    if (start->voxelSizeAngstrom > 0 && std::abs(start->voxelSizeAngstrom / set.voxelSizeAngstrom - 1) > 0.05)
        return findings.push_back({Level::Warning, "Start", fmt::format("That model learnt at {}, the set has {}: shapes then have another size, and it knows them less well",
                                                                        voxelsText(start->voxelSizeAngstrom), voxelsText(set.voxelSizeAngstrom))});
    findings.push_back({Level::Good, "Start", fmt::format("The {} encoder of a model for boxes of {} at {}", start->encoder, start->box, voxelsText(start->voxelSizeAngstrom))});
}

Findings sorted(Findings findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) { return a.level > b.level; });
    return findings;
}

}  // namespace

std::vector<Finding> checkPretraining(const PretrainOptions& options, const SetFacts& set, const MachineFacts& machine) {
    Findings findings;
    checkData(set, findings);
    checkEncoder(options.encoder, set, machine, findings);
    checkBatch(options, set, findings);
    checkAmount(options, set, findings);
    checkOptions(options, findings);
    checkDevice(options.trainer, machine, findings);
    checkTrial(machine, options.batchSize, findings);
    checkDisk(options.encoder, machine, findings);
    return sorted(std::move(findings));
}

std::vector<Finding> checkFinetuning(const FinetuneOptions& options, const SetFacts& set, const MachineFacts& machine,
                                     const std::optional<ModelFacts>& start) {
    Findings findings;
    checkData(set, findings);
    checkClasses(options, set, findings);
    checkSplit(options, set, findings);
    checkStart(options, set, machine, start, findings);
    if (!start) checkEncoder(options.encoder, set, machine, findings);
    try {
        options.check();
    } catch (const InvalidOptions& cause) {
        findings.push_back({Level::Error, "Options", cause.what()});
    }
    checkDevice(options.trainer, machine, findings);
    checkTrial(machine, options.batchSize, findings);
    EncoderOptions encoder = options.encoder;
    if (start && !start->encoder.empty()) encoder.name = start->encoder;
    checkDisk(encoder, machine, findings);
    return sorted(std::move(findings));
}

bool mayStart(const std::vector<Finding>& findings) {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.level == Level::Error; });
}

std::string bytesText(double bytes) {
    if (bytes < 1e9) return fmt::format("{:.0f} MB", bytes / 1e6);
    return fmt::format("{:.1f} GB", bytes / 1e9);
}

}  // namespace tomoloupe
