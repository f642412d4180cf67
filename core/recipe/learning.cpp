#include "core/recipe/learning.h"

#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr double kLarge = 1e9;

OptionField deviceField(std::string& device) {
    return {.name = "device", .reference = &device, .help = "Where to compute: auto, cpu, cuda or cuda:N", .advanced = true};
}

}  // namespace

OptionFields EncoderOptions::describe() {
    return {
        {.name = "encoder", .reference = &name, .help = "The network", .choices = {"rb3d", "rb3d-a", "rb3d-b", "rb3d-c", "cb3d", "dsrf3d-v2", "resnet3d", "bandpower3d", "moments3d"}},
        {.name = "dropout", .reference = &dropout, .help = "Fraction of features left out at random while training",
         .minimum = 0, .maximum = 0.95, .advanced = true},
    };
}

OptionFields AugmentationOptions::describe() {
    return {
        {.name = "augmentation", .reference = &kind,
         .help = "How views are made: in the plane as in the paper, or in space with changes of wedge, contrast and noise",
         .choices = {"paper", "extended"}},
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
        {.name = "turn", .reference = &turn, .help = "Extended views turn in space, or about the beam alone", .choices = {"space", "beam"},
         .advanced = true},
        {.name = "turn-probability", .reference = &turnProbability, .help = "How often an extended view is turned", .minimum = 0,
         .maximum = 1, .advanced = true},
        {.name = "flip-probability", .reference = &flipProbability, .help = "How often an extended view is turned by half about x, y or z",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "mirror", .reference = &mirror, .help = "Let half of the extended views be mirror images, which real molecules are not",
         .advanced = true},
        {.name = "wedge-probability", .reference = &wedgeProbability, .help = "How often an extended view gets a missing wedge of its own",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "wedge-tilt", .reference = &wedgeTiltDegrees, .help = "Tilt range to either side that this wedge leaves",
         .unit = "degrees", .minimum = 10, .maximum = 90, .advanced = true},
        {.name = "wedge-jitter", .reference = &wedgeJitterDegrees, .help = "Largest change of that tilt range", .unit = "degrees",
         .minimum = 0, .maximum = 45, .advanced = true},
        {.name = "wedge-axis", .reference = &wedgeAxisDegrees, .help = "Largest turn of that wedge's tilt axis away from y",
         .unit = "degrees", .minimum = 0, .maximum = 90, .advanced = true},
        {.name = "ctf-probability", .reference = &ctfProbability, .help = "How often an extended view gets another defocus",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "ctf-defocus", .reference = &ctfDefocusMicrometre, .help = "Defocus of the volumes, negative is underfocus",
         .unit = "µm", .minimum = -20, .maximum = 20, .advanced = true},
        {.name = "ctf-jitter", .reference = &ctfJitterMicrometre, .help = "Largest change of the defocus", .unit = "µm", .minimum = 0,
         .maximum = 10, .advanced = true},
        {.name = "blur-probability", .reference = &blurProbability, .help = "How often an extended view is blurred", .minimum = 0,
         .maximum = 1, .advanced = true},
        {.name = "blur-maximum", .reference = &blurMaximum, .help = "Largest standard deviation of the blur", .unit = "voxels",
         .minimum = 0, .maximum = 10, .advanced = true},
        {.name = "noise-probability", .reference = &noiseProbability, .help = "How often an extended view gets noise", .minimum = 0,
         .maximum = 1, .advanced = true},
        {.name = "noise-maximum", .reference = &noiseMaximum, .help = "Largest noise, in standard deviations of the volume",
         .minimum = 0, .maximum = 10, .advanced = true},
        {.name = "contrast-probability", .reference = &contrastProbability, .help = "How often an extended view gets another contrast",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "contrast-range", .reference = &contrastRange, .help = "Largest relative change of the contrast", .minimum = 0,
         .maximum = 0.95, .advanced = true},
        {.name = "brightness-range", .reference = &brightnessRange, .help = "Largest offset, in standard deviations of the volume",
         .minimum = 0, .maximum = 5, .advanced = true},
    };
}

OptionFields TrainerSettings::describe() {
    return {
        {.name = "precision", .reference = &precision, .help = "Numbers to compute with; auto takes bfloat16 on graphics cards",
         .choices = {"auto", "float32", "bfloat16"}, .advanced = true},
        {.name = "deterministic", .reference = &deterministic, .help = "The same numbers every time, at some cost in speed", .advanced = true},
        {.name = "clip-norm", .reference = &clipNorm, .help = "Largest norm of the gradient; 0 leaves it as it is", .minimum = 0,
         .maximum = 1e9, .advanced = true},
        {.name = "micro-batch", .reference = &microBatch,
         .help = "Particles computed at a time; 0 takes the batch, and less where memory does not do", .minimum = 0, .maximum = 4096,
         .advanced = true},
        {.name = "checkpoint-seconds", .reference = &checkpointSeconds, .help = "Save the state at least this often", .unit = "s",
         .minimum = 1, .maximum = 86400, .advanced = true},
        deviceField(device),
    };
}

OptionFields SplitOptions::describe() {
    return {
        {.name = "split", .reference = &kind,
         .help = "Hold out whole tomograms, so that neighbours do not tell of each other, or a part of each class; auto takes the first "
                 "where labels lie in enough tomograms", .choices = {"auto", "tomogram", "stratified"}, .advanced = true},
        {.name = "split-seed", .reference = &seed, .help = "Which particles are held out", .minimum = 0, .advanced = true},
        {.name = "train-fraction", .reference = &trainFraction, .help = "Part of the labelled particles to train on",
         .minimum = 0.01, .maximum = 0.98, .advanced = true},
        {.name = "validation-fraction", .reference = &validationFraction, .help = "Part that chooses the best epoch",
         .minimum = 0.01, .maximum = 0.98, .advanced = true},
    };
}

void SplitOptions::check() const {
    constexpr double kRounding = 1e-9;
    if (trainFraction + validationFraction > 1 - kRounding)
        throw InvalidOptions("Options train-fraction and validation-fraction leave nothing to hold out: their sum must be below 1");
}

OptionFields PretrainOptions::describe() {
    OptionFields fields{
        {.name = "method", .reference = &method, .help = "How to learn without labels", .choices = {"moco", "simclr", "swav", "byol", "vicreg"}},
        {.name = "epochs", .reference = &epochs, .help = "Passes over the particles", .minimum = 1, .maximum = 100000},
        {.name = "batch-size", .reference = &batchSize, .help = "Particles a step", .minimum = 2, .maximum = 4096},
        {.name = "learning-rate", .reference = &learningRate, .help = "Step size; 0 takes what suits method and encoder", .minimum = 0, .maximum = 100},
        {.name = "weight-decay", .reference = &weightDecay, .help = "Pull of the weights towards zero", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "optimiser", .reference = &optimiser, .help = "Adam, or LARS for large batches", .choices = {"adam", "lars"}, .advanced = true},
        {.name = "schedule", .reference = &schedule, .help = "Of the learning rate", .choices = {"constant", "cosine"}, .advanced = true},
        {.name = "warmup-epochs", .reference = &warmupEpochs, .help = "Epochs over which the learning rate rises", .minimum = 0,
         .maximum = 100000, .advanced = true},
        {.name = "temperature", .reference = &temperature, .help = "Sharpness of the comparison; 0 takes the method's own", .minimum = 0,
         .maximum = 100, .advanced = true},
        {.name = "head", .reference = &head, .help = "Layers between representation and compared vectors", .choices = {"auto", "linear", "mlp"},
         .advanced = true},
        {.name = "projection-size", .reference = &projectionSize, .help = "Length of the compared vectors", .minimum = 2,
         .maximum = 65536, .advanced = true},
        {.name = "queue-size", .reference = &queueSize, .help = "Earlier vectors kept (MoCo, SwAV); -1 takes the method's own",
         .minimum = -1, .maximum = 1 << 20, .advanced = true},
        {.name = "momentum", .reference = &momentum, .help = "How slowly the second encoder follows (MoCo, BYOL); 0 takes the method's own",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "prototypes", .reference = &prototypes, .help = "Groups that SwAV sorts views into", .minimum = 2, .maximum = 65536,
         .advanced = true},
        {.name = "sinkhorn-epsilon", .reference = &sinkhornEpsilon, .help = "Softness of SwAV's groups", .minimum = 0.001, .maximum = 10,
         .advanced = true},
        {.name = "frozen-prototype-epochs", .reference = &frozenPrototypeEpochs, .help = "Epochs for which SwAV's prototypes rest at the start",
         .minimum = 0, .maximum = 100000, .advanced = true},
        {.name = "queue-start-epoch", .reference = &queueStartEpoch, .help = "Epoch from which SwAV uses its queue", .minimum = 0,
         .maximum = 100000, .advanced = true},
        {.name = "local-crops", .reference = &localCrops, .help = "Further views of smaller parts (SwAV)", .minimum = 0, .maximum = 16,
         .advanced = true},
        {.name = "monitor-epochs", .reference = &trainer.monitorEpochs, .help = "Epochs between looks at the representation; 0 never looks",
         .minimum = 0, .maximum = 100000, .advanced = true},
        {.name = "training-part-only", .reference = &trainingPartOnly,
         .help = "Learn from none of the labelled particles that fine-tuning with the same split would choose by or test with", .advanced = true},
    };
    append(fields, split.describe());
    append(fields, encoder.describe());
    append(fields, augmentation.describe());
    append(fields, trainer.describe());
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
        {.name = "last-layer", .reference = &lastLayer,
         .help = "How the last layer is fitted first: by logistic regression on the labels, or by discriminant analysis, which learns from "
                 "particles without a label too", .choices = {"logistic", "discriminant"}, .advanced = true},
        {.name = "unlabelled", .reference = &unlabelledCount, .help = "Particles without a label that discriminant analysis learns from at most",
         .minimum = 0, .maximum = kLarge, .advanced = true},
        {.name = "minimum-steps", .reference = &minimumSteps,
         .help = "Steps an epoch has at least; few labels are shown again, each time augmented anew", .minimum = 0,
         .maximum = kLarge, .advanced = true},
        {.name = "momentum", .reference = &momentum, .help = "Of stochastic gradient descent", .minimum = 0, .maximum = 0.9999,
         .advanced = true},
        {.name = "weight-decay", .reference = &weightDecay, .help = "Pull of the weights towards zero", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "freeze-encoder", .reference = &freezeEncoder, .help = "Train the last layer alone", .advanced = true},
        {.name = "class-weights", .reference = &classWeights, .help = "Let rare classes count more", .choices = {"none", "balanced"},
         .advanced = true},
        {.name = "rare-classes", .reference = &rareClasses, .help = "What to do about classes with fewer than three labels",
         .choices = {"refuse", "leave-out"}, .advanced = true},
        {.name = "early-stop", .reference = &earlyStopEpochs, .help = "Stop after so many epochs without a better one; 0 never stops",
         .unit = "epochs", .minimum = 0, .maximum = 100000, .advanced = true},
        {.name = "label-smoothing", .reference = &labelSmoothing, .help = "Part of each label that is spread over all classes",
         .minimum = 0, .maximum = 0.9, .advanced = true},
        {.name = "calibrate", .reference = &calibrate,
         .help = "At the end, scale probabilities by the particles that chose the epoch, so that the model is right as often as it says", .advanced = true},
        {.name = "strong-fraction", .reference = &strongFraction, .help = "Part of the views that the extended augmentation makes",
         .minimum = 0, .maximum = 1, .advanced = true},
        {.name = "pseudo-labels", .reference = &pseudoLabels,
         .help = "Learn from the particles without a label too, where the model is confident", .advanced = true},
        {.name = "pseudo-threshold", .reference = &pseudoThreshold, .help = "Lowest probability that counts as confident", .minimum = 0.5,
         .maximum = 1, .advanced = true},
        {.name = "augment", .reference = &augment, .help = "Vary the labelled particles while training", .advanced = true},
    };
    append(fields, split.describe());
    append(fields, encoder.describe());
    append(fields, augmentation.describe());
    append(fields, trainer.describe());
    return fields;
}

void FinetuneOptions::check() const {
    split.check();
    if (strongFraction > 0 && !augment)
        throw InvalidOptions("Option strong-fraction asks for augmented views, but augment is off: turn it on or set strong-fraction to 0");
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
        {.name = "method", .reference = &method, .help = "How the map is made",
         .choices = {"gradcam", "gradcam++", "guided-backprop", "guided-gradcam", "respondcam"}},
        {.name = "layer", .reference = &layer, .help = "Layer to look at: last-block, or a name that the result lists", .advanced = true},
        {.name = "sanity-check", .reference = &sanityCheck,
         .help = "Compare with the maps of the same network with its weights made random", .advanced = true},
        deviceField(device),
    };
}

}  // namespace tomoloupe
