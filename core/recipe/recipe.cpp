#include "core/recipe/recipe.h"

namespace tomoloupe {
namespace {

constexpr double kLarge = 1e9;

OptionField deviceField(std::string& device) {
    return {.name = "device", .reference = &device, .help = "Where to compute: auto, cpu, cuda or cuda:N", .advanced = true};
}

OptionField checkpointField(int& seconds) {
    return {.name = "checkpoint-seconds", .reference = &seconds, .help = "Save the state at least this often", .unit = "s",
            .minimum = 1, .maximum = 86400, .advanced = true};
}

}  // namespace

OptionFields EncoderOptions::describe() {
    return {
        {.name = "encoder", .reference = &name, .help = "The network", .choices = {"rb3d"}},
        {.name = "dropout", .reference = &dropout, .help = "Fraction of features left out at random while training",
         .minimum = 0, .maximum = 0.95, .advanced = true},
    };
}

OptionFields AugmentationOptions::describe() {
    return {
        {.name = "crop-probability", .reference = &cropProbability, .help = "How often a view is a resized crop", .minimum = 0,
         .maximum = 1, .advanced = true},
        {.name = "crop-area-minimum", .reference = &cropAreaMinimum, .help = "Smallest part of a slice's area that a crop keeps",
         .minimum = 0.05, .maximum = 1, .advanced = true},
        {.name = "affine-probability", .reference = &affineProbability, .help = "How often a view is turned, shifted and scaled",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "rotation", .reference = &rotationDegrees, .help = "Largest turn about the beam axis", .unit = "degrees",
         .minimum = 0, .maximum = 180, .advanced = true},
        {.name = "translation", .reference = &translation, .help = "Largest shift as a fraction of the side", .minimum = 0,
         .maximum = 0.5, .advanced = true},
        {.name = "scale-minimum", .reference = &scaleMinimum, .help = "Smallest magnification", .minimum = 0.5, .maximum = 2,
         .advanced = true},
        {.name = "scale-maximum", .reference = &scaleMaximum, .help = "Largest magnification", .minimum = 0.5, .maximum = 2,
         .advanced = true},
    };
}

OptionFields PretrainOptions::describe() {
    OptionFields fields{
        {.name = "method", .reference = &method, .help = "How to learn without labels", .choices = {"moco"}},
        {.name = "epochs", .reference = &epochs, .help = "Passes over the particles", .minimum = 1, .maximum = 100000},
        {.name = "batch-size", .reference = &batchSize, .help = "Particles a step", .minimum = 2, .maximum = 4096},
        {.name = "learning-rate", .reference = &learningRate, .help = "Step size of Adam", .minimum = 1e-9, .maximum = 10},
        {.name = "weight-decay", .reference = &weightDecay, .help = "Pull of the weights towards zero", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "queue-size", .reference = &queueSize, .help = "Earlier keys each view is told apart from", .minimum = 2,
         .maximum = 1 << 20, .advanced = true},
        {.name = "momentum", .reference = &momentum, .help = "How slowly the key encoder follows", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "temperature", .reference = &temperature, .help = "Sharpness of the comparison", .minimum = 0.001, .maximum = 100,
         .advanced = true},
        {.name = "projection-size", .reference = &projectionSize, .help = "Length of the compared vectors", .minimum = 2,
         .maximum = 65536, .advanced = true},
    };
    append(fields, encoder.describe());
    append(fields, augmentation.describe());
    fields.push_back(checkpointField(checkpointSeconds));
    fields.push_back(deviceField(device));
    return fields;
}

OptionFields FinetuneOptions::describe() {
    OptionFields fields{
        {.name = "label-fraction", .reference = &labelFraction, .help = "Part of the training labels to learn from",
         .minimum = 0.001, .maximum = 1},
        {.name = "epochs", .reference = &epochs, .help = "Passes over the labelled particles", .minimum = 1, .maximum = 100000},
        {.name = "batch-size", .reference = &batchSize, .help = "Particles a step", .minimum = 1, .maximum = 4096},
        {.name = "learning-rate", .reference = &learningRate, .help = "Step size at the start; falls to zero as a cosine",
         .minimum = 1e-9, .maximum = 10},
        {.name = "probe-first", .reference = &probeFirst, .help = "Fit the last layer alone before all layers are trained",
         .advanced = true},
        {.name = "minimum-steps", .reference = &minimumSteps,
         .help = "Steps an epoch has at least; few labels are shown again, each time augmented anew", .minimum = 0,
         .maximum = kLarge, .advanced = true},
        {.name = "momentum", .reference = &momentum, .help = "Of stochastic gradient descent", .minimum = 0, .maximum = 0.9999,
         .advanced = true},
        {.name = "weight-decay", .reference = &weightDecay, .help = "Pull of the weights towards zero", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "split-seed", .reference = &splitSeed, .help = "Which particles are held out", .minimum = 0, .advanced = true},
        {.name = "train-fraction", .reference = &trainFraction, .help = "Part of the labelled particles to train on",
         .minimum = 0.01, .maximum = 0.98, .advanced = true},
        {.name = "validation-fraction", .reference = &validationFraction, .help = "Part that chooses the best epoch",
         .minimum = 0.01, .maximum = 0.98, .advanced = true},
        {.name = "augment", .reference = &augment, .help = "Vary the labelled particles while training", .advanced = true},
    };
    append(fields, encoder.describe());
    append(fields, augmentation.describe());
    fields.push_back(checkpointField(checkpointSeconds));
    fields.push_back(deviceField(device));
    return fields;
}

OptionFields PredictOptions::describe() {
    return {
        {.name = "batch-size", .reference = &batchSize, .help = "Particles at a time", .minimum = 1, .maximum = 65536,
         .advanced = true},
        deviceField(device),
    };
}

OptionFields ExplainOptions::describe() {
    return {
        {.name = "particle", .reference = &particle, .help = "Index of the particle in its set, from 0", .minimum = 0},
        {.name = "target-class", .reference = &targetClass, .help = "Class to explain; empty: the most probable one"},
        {.name = "layer", .reference = &layer, .help = "Features to look at", .choices = {"last-block"}, .advanced = true},
        deviceField(device),
    };
}

OptionFields SimulateOptions::describe() {
    return {
        {.name = "classes", .reference = &classes, .help = "Different shapes", .minimum = 2, .maximum = 6},
        {.name = "per-class", .reference = &perClass, .help = "Particles of each shape", .minimum = 1, .maximum = 1000000},
        {.name = "box-size", .reference = &boxSize, .help = "Side of a subtomogram", .unit = "voxels", .minimum = 16, .maximum = 128},
        {.name = "voxel-size", .reference = &voxelSizeAngstrom, .help = "Side of a voxel", .unit = "Å", .minimum = 0.1,
         .maximum = 1000},
        {.name = "snr", .reference = &snr, .help = "Variance of the signal over that of the noise", .minimum = 1e-6,
         .maximum = 1e9},
        {.name = "tilt-maximum", .reference = &tiltMaximumDegrees, .help = "Largest tilt angle; beyond it lies the missing wedge",
         .unit = "degrees", .minimum = 1, .maximum = 90},
        {.name = "offset", .reference = &offsetVoxels, .help = "Largest distance of a particle from the centre of its box",
         .unit = "voxels", .minimum = 0, .maximum = 32},
    };
}

}  // namespace tomoloupe
