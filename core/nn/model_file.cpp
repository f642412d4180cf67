#include "core/nn/model_file.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/nn/compute.h"

namespace tomoloupe {
namespace {

constexpr const char* kKey = "tomoloupe";
constexpr int kVersion = 1;

nlohmann::json toJson(ModelManifest manifest) {
    return {{"version", kVersion},
            {"encoder", toJson(manifest.encoder.describe())},
            {"box", manifest.boxSize},
            {"voxel_size_angstrom", manifest.voxelSizeAngstrom},
            {"contrast", "bright particles"},
            {"normalisation", manifest.normalisation},
            {"classes", manifest.classes},
            {"class_colours", manifest.classColours},
            {"run", manifest.run}};
}

}  // namespace

at::Tensor Model::classify(const at::Tensor& volumes) const {
    if (!classifier) throw Error("This model was pre-trained only and cannot name classes; fine-tune it first");
    return classifier->forward(encoder->embed(volumes));
}

NamedTensors Model::tensors() const {
    NamedTensors all = namedTensors(*encoder, "encoder.");
    if (classifier)
        for (auto& item : namedTensors(*classifier, "classifier.")) all.push_back(std::move(item));
    return all;
}

void Model::train(bool on) const {
    encoder->train(on);
    if (classifier) classifier->train(on);
}

Model makeModel(ModelManifest manifest, std::uint64_t seed, const at::Device& device) {
    Model model;
    model.encoder = makeEncoder(manifest.encoder, manifest.boxSize, deriveSeed(seed, "encoder"), device);
    if (!manifest.classes.empty()) {
        model.classifier = std::make_shared<LinearHead>(model.encoder->embedSize(), std::int64_t(manifest.classes.size()),
                                                        makeGenerator(at::kCPU, deriveSeed(seed, "classifier")));
        model.classifier->to(device);
    }
    model.manifest = std::move(manifest);
    return model;
}

void saveModel(const std::filesystem::path& path, const Model& model) {
    saveTensors(path, model.tensors(), {{kKey, toJson(model.manifest).dump()}});
}

ModelManifest readManifest(const std::filesystem::path& path) {
    const auto metadata = readTensorMetadata(path);
    const auto found = metadata.find(kKey);
    if (found == metadata.end()) throw ReadError(fmt::format("{} is no Tomoloupe model: it has no manifest", path.string()));
    try {
        const auto json = nlohmann::json::parse(found->second);
        if (json.at("version").get<int>() > kVersion)
            throw ReadError("it was written by a newer Tomoloupe; update the program");
        ModelManifest manifest;
        fromJson(manifest.encoder.describe(), json.at("encoder"));
        manifest.boxSize = json.at("box");
        manifest.voxelSizeAngstrom = json.at("voxel_size_angstrom");
        manifest.normalisation = json.at("normalisation");
        manifest.classes = json.at("classes").get<std::vector<std::string>>();
        manifest.classColours = json.at("class_colours").get<std::vector<std::string>>();
        manifest.run = json.at("run");
        return manifest;
    } catch (const std::exception& cause) {
        throw ReadError(fmt::format("Cannot use the model {}", path.string()), cause);
    }
}

Model loadModel(const std::filesystem::path& path, const at::Device& device) {
    Model model = makeModel(readManifest(path), 0, device);
    loadTensors(path, model.tensors());
    return model;
}

}  // namespace tomoloupe
