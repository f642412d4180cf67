#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/recipe/learning.h"

namespace tomoloupe {
namespace {

/// What a method takes where the options leave it to the method; docs/method.md gives the sources.
struct MethodDefaults {
    const char* method;
    double temperature, momentum;
    const char* head;
    int queueSize;
};

constexpr MethodDefaults kMethods[] = {
    {"moco", 0.2, 0.999, "linear", 128}, {"simclr", 0.2, 0, "mlp", 0}, {"swav", 0.1, 0, "mlp", 960},
    {"byol", 0, 0.99, "mlp", 0},         {"vicreg", 0, 0, "mlp", 0},
};

const MethodDefaults& defaultsOf(const std::string& method) {
    for (const MethodDefaults& known : kMethods)
        if (known.method == method) return known;
    throw InvalidOptions(fmt::format("There is no method \"{}\" to learn without labels", method));
}

void checkQueue(const PretrainOptions& options) {
    const int below = options.queueSize / options.batchSize * options.batchSize, above = below + options.batchSize;
    if (options.queueSize % options.batchSize != 0)
        throw InvalidOptions(fmt::format("Option queue-size ({}) must be a multiple of batch-size ({}); {}", options.queueSize, options.batchSize,
                                         below > 0 ? fmt::format("take {} or {}", below, above) : fmt::format("take {}", above)));
    if (options.method == "moco" && options.queueSize == 0)
        throw InvalidOptions("Option queue-size must not be 0: MoCo compares with its queue");
    // Scores of the queue and the batch are computed in every step, in float32; a gigabyte is where that stops to be sensible.
    constexpr double kMostScores = 1 << 28;
    if (options.method == "swav" && (double(options.queueSize) + options.batchSize) * options.prototypes > kMostScores)
        throw InvalidOptions(fmt::format("Options queue-size ({}) and prototypes ({}) ask SwAV for more than a gigabyte of scores in every step; "
                                         "choose a smaller queue-size or fewer prototypes", options.queueSize, options.prototypes));
}

void check(const PretrainOptions& options) {
    checkQueue(options);
    options.split.check();
    if (options.momentum >= 1)
        throw InvalidOptions("Option momentum must be below 1: at 1 the second encoder stays as random as it began");
    if (options.warmupEpochs > options.epochs)
        throw InvalidOptions(fmt::format("Option warmup-epochs ({}) must not be above epochs ({})", options.warmupEpochs, options.epochs));
    if (options.augmentation.scaleMinimum > options.augmentation.scaleMaximum)
        throw InvalidOptions("Option scale-minimum is above scale-maximum");
    if (options.trainer.deterministic && options.trainer.precision == "bfloat16")
        throw InvalidOptions("Options deterministic and precision bfloat16 exclude each other; choose float32");
}

}  // namespace

PretrainOptions PretrainOptions::resolved() const {
    const MethodDefaults& defaults = defaultsOf(method);
    PretrainOptions full = *this;
    const double adamRate = encoder.learnsOneLayer() ? 1e-2 : 1e-4;
    // You et al. 2017 as Chen et al. 2020 use it: with LARS the rate grows with the root of the batch.
    if (full.learningRate == 0) full.learningRate = optimiser == "lars" ? 0.075 * std::sqrt(double(batchSize)) : adamRate;
    if (full.temperature == 0) full.temperature = defaults.temperature;
    if (full.momentum == 0) full.momentum = defaults.momentum;
    if (full.head == "auto") full.head = defaults.head;
    if (defaults.queueSize == 0) full.queueSize = 0;  // has none: an option that another method was given is no mistake
    if (full.queueSize < 0) full.queueSize = (defaults.queueSize + batchSize - 1) / batchSize * batchSize;
    check(full);
    return full;
}

}  // namespace tomoloupe
