#pragma once

#include <cstdint>
#include <string>

#include "core/base/options.h"

namespace tomoloupe {

// What a run can be told, one struct a kind of run, free of LibTorch so that command line and window see it. The defaults are
// the settings of Gupta et al. 2022 where it states them; "method.md" sections in docs/method.md say where a figure comes from.

/// The network that turns a subtomogram into a vector.
struct EncoderOptions {
    std::string name = "rb3d";  ///< RB3D of the paper: 64-wide trunk, two fully connected layers of 1024
    double dropout = 0;         ///< in the blocks and after each fully connected layer
    [[nodiscard]] OptionFields describe();
};

/// The paper's augmentation: per-slice crop by area, then an in-plane affine map, each with its own probability.
struct AugmentationOptions {
    double cropProbability = 0.5;
    double cropAreaMinimum = 0.5;   ///< fraction of the slice's area that a crop keeps at least
    double affineProbability = 0.5;
    double rotationDegrees = 45;    ///< angle uniform in +- this, about the beam axis
    double translation = 0.1;       ///< shift uniform in +- this fraction of the side, in whole voxels
    double scaleMinimum = 0.9;
    double scaleMaximum = 1.1;
    [[nodiscard]] OptionFields describe();
};

struct PretrainOptions {
    std::string method = "moco";
    int epochs = 200;
    int batchSize = 16;
    double learningRate = 1e-4;  ///< Adam
    double weightDecay = 1e-4;
    int queueSize = 128;         ///< keys kept; a multiple of the batch size
    double momentum = 0.999;     ///< of the key encoder
    double temperature = 0.2;
    int projectionSize = 128;
    EncoderOptions encoder;
    AugmentationOptions augmentation;
    int checkpointSeconds = 45;  ///< with the writing itself, a crash costs less than a minute
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

struct FinetuneOptions {
    double labelFraction = 1;    ///< of the training part, stratified and nested
    int epochs = 50;
    int batchSize = 16;
    bool probeFirst = true;      ///< fit the last layer before all layers are trained
    int minimumSteps = 0;        ///< steps an epoch has at least: few labels are shown again, each time augmented anew
    double learningRate = 5e-4;  ///< SGD with cosine schedule to 0
    double momentum = 0.9;
    double weightDecay = 1e-4;
    std::int64_t splitSeed = 1;  ///< of the split into training, validation and test
    double trainFraction = 0.6;
    double validationFraction = 0.2;
    bool augment = true;
    EncoderOptions encoder;      ///< used when it starts from random weights
    AugmentationOptions augmentation;
    int checkpointSeconds = 45;  ///< with the writing itself, a crash costs less than a minute
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

struct PredictOptions {
    int batchSize = 64;
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

struct ExplainOptions {
    std::int64_t particle = 0;      ///< index in the set
    std::string targetClass;        ///< name; empty: the class the model finds most probable
    std::string layer = "last-block";
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

/// The first, simple simulator: symmetric shapes in random poses, missing wedge, noise.
struct SimulateOptions {
    int classes = 5;
    int perClass = 60;
    int boxSize = 32;
    double voxelSizeAngstrom = 10;
    double snr = 1.0;               ///< variance of the signal over that of the noise, in the box
    double tiltMaximumDegrees = 60;  ///< tilt range +- this; the rest is the missing wedge
    double offsetVoxels = 2;         ///< of the particle from the box centre, uniform in a ball
    [[nodiscard]] OptionFields describe();
};

}  // namespace tomoloupe
