#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/split.h"
#include "core/jobs/job.h"
#include "core/nn/model_file.h"
#include "core/project/project.h"
#include "core/recipe/learning.h"
#include "core/train/batches.h"
#include "core/train/trainer.h"

namespace tomoloupe {

/// What the runs that learn from or look at a particle set start with.
class RunData {
  public:
    explicit RunData(const Run& run);

    [[nodiscard]] Project& project() const { return *project_; }
    [[nodiscard]] const ParticleSetRecord& set() const { return set_; }
    [[nodiscard]] const std::vector<std::int64_t>& particleIds() const { return particleIds_; }
    [[nodiscard]] const SubtomogramSource& source() const { return *source_; }

    /// Reads the volumes, with progress as a stage of its own; at once when they fit in 4 GiB.
    [[nodiscard]] VolumeBatches volumes(const at::Device& device, JobContext& context) const;
    /// Index into `classNames` of each particle's label, -1 without a label or with another one.
    /// Read from the label set that the run was started with, whichever is in use now.
    [[nodiscard]] std::vector<int> labels(const std::vector<std::string>& classNames) const;
    /// Classes with at least one labelled particle in the set, in the project's order; what a person was unsure of is
    /// none.
    [[nodiscard]] std::vector<ClassRecord> labelledClasses() const;
    /// Labels of this class in the set.
    [[nodiscard]] std::int64_t labelCount(std::int64_t classId) const;
    /// Whose labels these are.
    [[nodiscard]] std::string labelSet() const;
    /// Of the labelled particles, `labels` as above: the same for the same options, whichever run asks. Throws Error where it cannot be done.
    [[nodiscard]] SplitChoice split(const SplitOptions& options, const std::vector<int>& labels) const;
    /// Throws Error when model and set do not go together (box size).
    void checkFits(const ModelManifest& manifest) const;

  private:
    [[nodiscard]] std::vector<std::int64_t> classIds() const;

    std::string labelSet_;  // empty: the one in use
    std::unique_ptr<Project> project_;
    ParticleSetRecord set_;
    std::vector<std::int64_t> particleIds_;
    std::shared_ptr<const SubtomogramSource> source_;
};

/// The model file that an input of a run means: a run of this project or a path.
[[nodiscard]] std::filesystem::path modelPathOf(const Project& project, const std::string& reference);

/// What the trainer takes from the settings all training runs share; epochs and rates are the caller's.
[[nodiscard]] TrainerOptions trainerOptions(const TrainerSettings& settings, const Run& run);

/// Which particles a fine-tuned model learnt from, chose its epoch by and never saw; ids. Lies beside the model.
struct StoredSplit {
    std::vector<std::int64_t> train, validation, test;
};
void writeSplit(const std::filesystem::path& runFolder, const StoredSplit& split);
/// Empty parts when there is no such file.
[[nodiscard]] StoredSplit readSplit(const std::filesystem::path& runFolder);

/// Accuracy, per-class figures and confusion matrix (rows: true class) of the volumes named.
[[nodiscard]] nlohmann::json evaluation(const at::Tensor& probabilities, std::span<const std::int64_t> indices,
                                        std::span<const int> labels, const std::vector<std::string>& classNames);

}  // namespace tomoloupe
