#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/options.h"

namespace tomoloupe {

// What the runs that learn can be told, free of LibTorch so that command line and window see it. The defaults are the settings of
// Gupta et al. 2022 where it states them; docs/method.md says where each comes from. 0 often means "the method's own value".

/// The network that turns a subtomogram into a vector. docs/method.md lists them with parameters and cost.
struct EncoderOptions {
    std::string name = "rb3d";  ///< RB3D of the paper: 64-wide trunk, two fully connected layers of 1024
    double dropout = 0;         ///< in the blocks and after each fully connected layer
    [[nodiscard]] OptionFields describe();
    /// It learns one layer alone, which bears larger steps than a deep network and is taught by few particles.
    [[nodiscard]] bool learnsOneLayer() const { return name == "bandpower3d" || name == "moments3d"; }
};

/// How a view of a particle is made.
struct AugmentationOptions {
    std::string kind = "paper";     ///< "paper": in-plane, the fields that follow; "extended": in space, with what imaging may change
    double cropProbability = 0.5;
    double cropAreaMinimum = 0.5;   ///< fraction of the slice's area that a crop keeps at least
    double affineProbability = 0.5;
    double rotationDegrees = 45;    ///< angle uniform in +- this, about the beam axis
    double translation = 0.1;       ///< shift uniform in +- this fraction of the side, in whole voxels
    double scaleMinimum = 0.9;
    double scaleMaximum = 1.1;
    // "extended" alone; crop, translation and scale above act in space there, and turns are these:
    std::string turn = "space";     ///< "space": uniform over all rotations; "beam": uniform about the beam axis
    double turnProbability = 0.8;
    double flipProbability = 0.5;   ///< half a turn about x, y or z: two axes change sign, which keeps handedness and the wedge's place
    bool mirror = false;            ///< half of the views are mirror images; molecules are not
    double wedgeProbability = 0.8;  ///< of cutting a missing wedge anew
    double wedgeTiltDegrees = 60;   ///< tilt range +- this
    double wedgeJitterDegrees = 5;  ///< uniform in +- this, added to the tilt range
    double wedgeAxisDegrees = 90;   ///< tilt axis in the plane, uniform in +- this from y
    double ctfProbability = 0.3;
    double ctfDefocusMicrometre = -5;  ///< that the volumes were taken at; negative: underfocus
    double ctfJitterMicrometre = 1;    ///< defocus of the view: uniform in +- this from there
    double blurProbability = 0.3;
    double blurMaximum = 1;         ///< standard deviation of the Gaussian, voxels, uniform from 0
    double noiseProbability = 0.5;
    double noiseMaximum = 0.5;      ///< standard deviation of white noise in the volume's own, uniform from 0
    double contrastProbability = 0.5;
    double contrastRange = 0.2;     ///< factor uniform in 1 +- this
    double brightnessRange = 0.2;   ///< offset uniform in +- this many standard deviations
    double voxelSizeAngstrom = 0;   ///< of the volumes, for the CTF; whoever has the volumes sets it; 0: unknown, and no CTF
    [[nodiscard]] OptionFields describe();
};

/// How labelled particles are split into those to learn from, to choose the epoch by, and to test with.
struct SplitOptions {
    std::int64_t seed = 1;
    std::string kind = "auto";  ///< "tomogram": whole tomograms are held out; "stratified"; "auto": the first where there are enough
    double trainFraction = 0.6;
    double validationFraction = 0.2;
    [[nodiscard]] OptionFields describe();
    /// Throws InvalidOptions where nothing is left to test with.
    void check() const;
};

/// What every training run shares.
struct TrainerSettings {
    std::string device = "auto";
    std::string precision = "auto";  ///< "float32", "bfloat16", "auto": bfloat16 on graphics cards
    bool deterministic = false;      ///< the same numbers whatever the device's scheduling; float32
    double clipNorm = 0;             ///< largest norm of the gradient; 0: as it is
    int microBatch = 0;              ///< particles computed at a time; 0: the batch, halved whenever the device's memory does not do
    int checkpointSeconds = 45;      ///< with the writing itself, a crash costs less than a minute
    int monitorEpochs = 5;           ///< epochs between looks at the representation (pre-training); 0: never
    [[nodiscard]] OptionFields describe();
};

struct PretrainOptions {
    std::string method = "moco";  ///< moco, simclr, swav, byol, vicreg
    int epochs = 200;
    int batchSize = 16;
    double learningRate = 0;      ///< 0: what suits method and encoder
    double weightDecay = 1e-4;
    std::string optimiser = "adam";    ///< "adam", "lars"
    std::string schedule = "constant";  ///< "constant", "cosine"
    int warmupEpochs = 0;         ///< the learning rate rises linearly over these
    double temperature = 0;       ///< 0: the method's own
    std::string head = "auto";    ///< projection: "linear", "mlp"; "auto": the method's own
    int projectionSize = 128;
    int queueSize = -1;           ///< earlier vectors kept (MoCo, SwAV); a multiple of the batch size; -1: the method's own
    double momentum = 0;          ///< of the slow encoder (MoCo, BYOL); 0: the method's own
    int prototypes = 100;         ///< SwAV
    double sinkhornEpsilon = 0.05;
    int frozenPrototypeEpochs = 1;
    int queueStartEpoch = 15;     ///< SwAV uses its queue from this epoch on
    int localCrops = 0;           ///< further views of smaller boxes (SwAV)
    bool trainingPartOnly = false;  ///< learn from the part that fine-tuning with the same split learns from, not from all particles
    SplitOptions split;
    EncoderOptions encoder;
    AugmentationOptions augmentation;
    TrainerSettings trainer;
    [[nodiscard]] OptionFields describe();
    /// Puts the method's own values where the options leave them to it. Throws InvalidOptions where options contradict each other.
    [[nodiscard]] PretrainOptions resolved() const;
};

struct FinetuneOptions {
    double labelFraction = 1;    ///< of the training part, stratified and nested
    int epochs = 50;
    int batchSize = 16;
    bool probeFirst = true;      ///< fit the last layer before all layers are trained
    std::string lastLayer = "logistic";  ///< how that is done: "logistic" regression on the labels, "discriminant" analysis, from unlabelled ones too
    int unlabelledCount = 5000;  ///< particles without a label that discriminant analysis learns from at most
    int minimumSteps = 0;        ///< steps an epoch has at least: few labels are shown again, each time augmented anew
    double learningRate = 5e-4;  ///< SGD with cosine schedule to 0
    double momentum = 0.9;
    double weightDecay = 1e-4;
    SplitOptions split;
    bool augment = true;
    bool freezeEncoder = false;        ///< train the classifier alone
    std::string classWeights = "none";  ///< "none", "balanced": rare classes count more
    std::string rareClasses = "refuse";  ///< with fewer than three labels: "refuse", or "leave-out" of what is learnt
    int earlyStopEpochs = 0;           ///< stop after so many epochs without a better one; 0: never
    double labelSmoothing = 0;
    bool calibrate = true;             ///< at the end, by the validation part, so that it is right as often as it says
    double strongFraction = 0;         ///< part of the views that are made by the extended augmentation
    bool pseudoLabels = false;         ///< learn from the unlabelled rest where the model is confident
    double pseudoThreshold = 0.95;     ///< lowest probability that counts as confident
    EncoderOptions encoder;            ///< used when it starts from random weights
    AugmentationOptions augmentation;
    TrainerSettings trainer;
    [[nodiscard]] OptionFields describe();
    /// Throws InvalidOptions where options contradict each other.
    void check() const;
};

struct PredictOptions {
    int batchSize = 64;
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

struct ExplainOptions {
    std::int64_t particle = 0;      ///< index in the set
    std::string method = "gradcam";  ///< gradcam, gradcam++, guided-backprop, guided-gradcam, respondcam
    std::string targetClass;        ///< name; empty: the class the model finds most probable
    std::string layer = "last-block";  ///< or the name of another of the encoder's layers
    bool sanityCheck = false;       ///< compare with the map of the same network with random weights
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

}  // namespace tomoloupe
