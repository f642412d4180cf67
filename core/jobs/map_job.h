#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/jobs/job.h"
#include "core/project/embedding.h"
#include "core/recipe/mapping.h"

namespace tomoloupe {

/// Stages that computeMap() begins.
[[nodiscard]] int mapStages(const MapOptions& options);

/// The plane of an embedding by the options; none where Finish came before there was one. A part-done layout is kept. Throws Cancelled.
[[nodiscard]] std::optional<StoredMap> computeMap(const Embedding& embedding, MapOptions options, std::uint64_t seed, JobContext& context);

/// Reads the embedding of a run, computes its map and stores it beside the vectors; free of LibTorch.
[[nodiscard]] std::unique_ptr<Job> makeMapJob(const std::filesystem::path& runFolder, const MapOptions& options, std::uint64_t seed);

}  // namespace tomoloupe
