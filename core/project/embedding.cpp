#include "core/project/embedding.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace tomoloupe {
namespace {

template <typename Number>
SafetensorInput tensor(const char* name, const char* type, std::vector<std::int64_t> shape, std::span<const Number> values) {
    return {name, type, std::move(shape), std::as_bytes(values)};
}

/// The entry of this name, which must be of this type and have so many dimensions.
const SafetensorEntry& entryOf(const SafetensorsReader& file, const std::filesystem::path& path, const char* name, const char* type, std::size_t dimensions) {
    const auto& entries = file.entries();
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const SafetensorEntry& entry) { return entry.name == name; });
    if (found == entries.end() || found->type != type || found->shape.size() != dimensions)
        throw ReadError(fmt::format("{} holds no {} of type {}; make the embedding again", path.string(), name, type));
    return *found;
}

template <typename Number>
std::vector<Number> numbers(const SafetensorsReader& file, const SafetensorEntry& entry) {
    std::vector<Number> values(static_cast<std::size_t>(entry.bytes / sizeof(Number)));
    file.read(entry, std::as_writable_bytes(std::span(values)));
    return values;
}

}  // namespace

void writeEmbedding(const std::filesystem::path& runFolder, const Embedding& embedding, std::span<const float> vectors) {
    const auto count = static_cast<std::int64_t>(embedding.particles.size());
    const std::int64_t size = count > 0 ? static_cast<std::int64_t>(vectors.size()) / count : 0;
    const std::vector<SafetensorInput> tensors{
        tensor<std::int64_t>("particles", "I64", {count}, embedding.particles),
        tensor<float>("vectors", "F32", {count, size}, vectors),
        tensor<float>("reduced", "F32", {count, embedding.components}, embedding.reduced),
        tensor<float>("variances", "F32", {embedding.components}, embedding.variances),
    };
    writeSafetensors(runFolder / "embedding.safetensors", tensors, embedding.metadata);
}

Embedding readEmbedding(const std::filesystem::path& runFolder) {
    const std::filesystem::path path = runFolder / "embedding.safetensors";
    const SafetensorsReader file(path);
    Embedding embedding;
    embedding.metadata = file.metadata();
    embedding.particles = numbers<std::int64_t>(file, entryOf(file, path, "particles", "I64", 1));
    const SafetensorEntry& reduced = entryOf(file, path, "reduced", "F32", 2);
    embedding.components = reduced.shape[1];
    embedding.reduced = numbers<float>(file, reduced);
    embedding.variances = numbers<float>(file, entryOf(file, path, "variances", "F32", 1));
    const auto count = static_cast<std::int64_t>(embedding.particles.size());
    if (reduced.shape[0] != count || static_cast<std::int64_t>(embedding.variances.size()) != embedding.components)
        throw ReadError(fmt::format("{} does not fit together: {} particles but {} rows; make the embedding again", path.string(), count,
                                    reduced.shape[0]));
    return embedding;
}

void writeMap(const std::filesystem::path& runFolder, const StoredMap& map) {
    const auto count = static_cast<std::int64_t>(map.positions.size() / 2);
    const SafetensorInput positions = tensor<float>("positions", "F32", {count, 2}, map.positions);
    writeSafetensors(runFolder / "map.safetensors", {&positions, 1}, map.metadata);
}

std::optional<StoredMap> readMap(const std::filesystem::path& runFolder) {
    const std::filesystem::path path = runFolder / "map.safetensors";
    if (!std::filesystem::exists(path)) return std::nullopt;
    const SafetensorsReader file(path);
    const SafetensorEntry& entry = entryOf(file, path, "positions", "F32", 2);
    if (entry.shape[1] != 2) throw ReadError(fmt::format("{} holds no places in a plane; make the map again", path.string()));
    return StoredMap{numbers<float>(file, entry), file.metadata()};
}

}  // namespace tomoloupe
