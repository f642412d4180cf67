#pragma once

#include <memory>
#include <string>

#include "core/jobs/job.h"
#include "core/jobs/preview.h"
#include "core/project/run.h"

namespace tomoloupe {

// The jobs of a run folder, one a kind. Each reads run.json, works, writes its files and result.json, and what belongs to the
// project into the project. They compute on the thread that calls run().

[[nodiscard]] std::unique_ptr<Job> makePretrainJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makeFinetuneJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makePredictJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makeEmbedJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makeExplainJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makeSimulateJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makePickJob(Run run);
[[nodiscard]] std::unique_ptr<Job> makeExtractJob(Run run);

/// See EngineTable.
[[nodiscard]] std::unique_ptr<Job> makeTomogramJob(const std::string& optionsJson, std::uint64_t seed, const std::filesystem::path& tomogram,
                                                   const std::filesystem::path& truth);
[[nodiscard]] SimulationPreview previewSimulation(const std::string& optionsJson, std::uint64_t seed, std::int64_t index);
[[nodiscard]] PickPreview previewPicking(const VolumeFile& file, const std::string& optionsJson, std::int64_t z, const StopToken& stop);
[[nodiscard]] std::vector<Volume> previewViews(const Volume& particle, const std::string& optionsJson, std::uint64_t seed, int count);

[[nodiscard]] std::string describeEncoders(std::int64_t boxSize);
[[nodiscard]] std::string describeTraining();
[[nodiscard]] std::string measureTraining(const std::string& wishJson, const StopToken& stop);

/// Milliseconds a step and volumes a second of augmentation, training step and inference on this machine, and the least that
/// arithmetic and memory traffic allow. Options and answer are JSON text: {"encoder": "rb3d", "method": "moco", "threads": 0, "batch": 16,
/// "box": 32, "steps": 7, "device": "cpu", "precision": "auto"}. Throws InvalidOptions.
[[nodiscard]] std::string benchTraining(const std::string& optionsJson);

}  // namespace tomoloupe
