#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace tomoloupe {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Parameters and buffers of a module, names prefixed; the tensors share memory with the module.
[[nodiscard]] NamedTensors namedTensors(const torch::nn::Module& module, const std::string& prefix);

/// Writes float32, float64 and int64 tensors of any device. Atomic.
void saveTensors(const std::filesystem::path& path, const NamedTensors& tensors, const std::map<std::string, std::string>& metadata);

/// Fills `targets` in place from the file. Throws ReadError when one is missing or of another shape, naming it. Tensors of
/// the file that nobody asks for are left alone.
void loadTensors(const std::filesystem::path& path, const NamedTensors& targets);

[[nodiscard]] std::map<std::string, std::string> readTensorMetadata(const std::filesystem::path& path);

}  // namespace tomoloupe
