#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tomoloupe {

/// What an embed run leaves of each particle, in set order, but for the vectors themselves. docs/formats.md describes the files.
struct Embedding {
    std::vector<std::int64_t> particles;  ///< ids
    std::int64_t components = 0;
    std::vector<float> reduced;           ///< [particles, components]: the strongest principal components of the vectors, less their mean
                                          ///< and of unit length each
    std::vector<float> variances;         ///< part of the whole variance that each component holds
    std::map<std::string, std::string> metadata;  ///< "model", "encoder", "set", "size": numbers of a vector
};

/// embedding.safetensors in the run's folder; `vectors` [particles, numbers of each]. Atomic.
void writeEmbedding(const std::filesystem::path& runFolder, const Embedding& embedding, std::span<const float> vectors);
/// Without the vectors. Throws ReadError.
[[nodiscard]] Embedding readEmbedding(const std::filesystem::path& runFolder);

/// Places in the plane, in the order of the embedding.
struct StoredMap {
    std::vector<float> positions;  ///< [particles, 2]
    std::map<std::string, std::string> metadata;  ///< "map", "options" (JSON), "seed", "trustworthiness"
};

/// map.safetensors in the run's folder. Atomic.
void writeMap(const std::filesystem::path& runFolder, const StoredMap& map);
/// None while there is no such file. Throws ReadError.
[[nodiscard]] std::optional<StoredMap> readMap(const std::filesystem::path& runFolder);

}  // namespace tomoloupe
