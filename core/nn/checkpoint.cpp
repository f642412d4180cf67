#include "core/nn/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/nn/module.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace tomoloupe {
namespace {

std::string typeName(const at::Tensor& tensor) {
    switch (tensor.scalar_type()) {
        case at::kFloat: return "F32";
        case at::kDouble: return "F64";
        case at::kLong: return "I64";
        default: throw Error(fmt::format("Tensors of type {} are not stored", c10::toString(tensor.scalar_type())));
    }
}

}  // namespace

NamedTensors namedTensors(const torch::nn::Module& module, const std::string& prefix) {
    NamedTensors result;
    for (const auto& item : module.named_parameters()) result.emplace_back(prefix + item.key(), item.value());
    for (const auto& item : module.named_buffers()) result.emplace_back(prefix + item.key(), item.value());
    return result;
}

void saveTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                 const std::map<std::string, std::string>& metadata) {
    std::vector<at::Tensor> kept;  // contiguous copies on the CPU must outlive the writing
    std::vector<SafetensorInput> inputs;
    for (const auto& [name, tensor] : tensors) {
        kept.push_back(tensor.detach().to(at::kCPU).contiguous());
        const at::Tensor& data = kept.back();
        inputs.push_back({name, typeName(data), data.sizes().vec(),
                          {static_cast<const std::byte*>(data.data_ptr()), static_cast<std::size_t>(data.nbytes())}});
    }
    writeSafetensors(path, inputs, metadata);
}

void loadTensors(const std::filesystem::path& path, const NamedTensors& targets) {
    const SafetensorsReader reader(path);
    at::NoGradGuard noGrad;
    for (const auto& [name, target] : targets) {
        const auto& entries = reader.entries();
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
        if (found == entries.end()) throw ReadError(fmt::format("{} holds no tensor \"{}\"", path.string(), name));
        if (found->shape != target.sizes().vec() || found->type != typeName(target))
            throw ReadError(fmt::format("Tensor \"{}\" in {} is {} {}; this network needs {} {}. The model was made by another version of the program: train it again", name, path.string(), found->type,
                                        fmt::join(found->shape, " x "), typeName(target), fmt::join(target.sizes().vec(), " x ")));
        at::Tensor staging = at::empty(target.sizes(), target.options().device(at::kCPU).requires_grad(false));
        reader.read(*found, {static_cast<std::byte*>(staging.data_ptr()), static_cast<std::size_t>(staging.nbytes())});
        at::Tensor(target).copy_(staging);
    }
}

std::map<std::string, std::string> readTensorMetadata(const std::filesystem::path& path) {
    return SafetensorsReader(path).metadata();
}

}  // namespace tomoloupe
