#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/nn/checkpoint.h"
#include "core/nn/encoder.h"

namespace tomoloupe {

/// What a model file says of itself: safetensors with this manifest as JSON under the metadata key "tomoloupe".
struct ModelManifest {
    EncoderOptions encoder;
    std::int64_t boxSize = 0;
    double voxelSizeAngstrom = 0;
    std::string normalisation = "per-volume z-score";
    std::vector<std::string> classes;  ///< empty for a pre-trained encoder without a classifier
    std::vector<std::string> classColours;
    std::string run;  ///< folder name of the run that made it
};

/// An encoder with, for fine-tuned models, its classifier.
struct Model {
    ModelManifest manifest;
    std::shared_ptr<Encoder> encoder;
    std::shared_ptr<LinearHead> classifier;  ///< null when manifest.classes is empty
    /// Class scores before the softmax, [N, classes]. Throws Error when there is no classifier.
    [[nodiscard]] at::Tensor classify(const at::Tensor& volumes) const;
    [[nodiscard]] NamedTensors tensors() const;
    void train(bool on) const;
};

/// A new model with random weights; `classes` may be empty.
[[nodiscard]] Model makeModel(ModelManifest manifest, std::uint64_t seed, const at::Device& device);
void saveModel(const std::filesystem::path& path, const Model& model);
[[nodiscard]] ModelManifest readManifest(const std::filesystem::path& path);
[[nodiscard]] Model loadModel(const std::filesystem::path& path, const at::Device& device);

}  // namespace tomoloupe
