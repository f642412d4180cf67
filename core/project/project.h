#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/particle.h"
#include "core/data/subtomogram_source.h"
#include "core/project/records.h"
#include "core/project/run.h"

namespace tomoloupe {

/// Another program is writing to the project; nothing was changed, and the same can be tried again.
class ProjectBusy : public Error {
  public:
    using Error::Error;
};

/// A project folder NAME.tomoloupe/: project.db (SQLite, WAL, synchronous FULL), subtomograms/<set>.h5, runs/.
/// Every change is committed before the call returns. One object belongs to one thread at a time (an inner mutex makes
/// calls safe from several); several processes may have the project open, each with an object of its own.
/// All functions throw Error with a sentence for the user.
class Project {
  public:
    /// Makes the folder; Error when it exists and is not empty.
    [[nodiscard]] static std::unique_ptr<Project> create(const std::filesystem::path& folder);
    /// Error when it is no project, or of a newer schema.
    [[nodiscard]] static std::unique_ptr<Project> open(const std::filesystem::path& folder);
    ~Project();

    /// How long a change waits while another program writes, before it ends in ProjectBusy; 20 s unless told.
    void setPatience(std::chrono::milliseconds patience);
    [[nodiscard]] const std::filesystem::path& folder() const;
    [[nodiscard]] std::string name() const;

    // Tomograms
    TomogramRecord addTomogram(const TomogramRecord& tomogram);
    [[nodiscard]] std::vector<TomogramRecord> tomograms() const;
    /// Points a tomogram at another place; Error when the header hash differs unless `force`.
    void relinkTomogram(const std::string& name, const std::filesystem::path& path, bool force);

    // Particle sets. Names are unique. The order of particles is the order of the stack.
    ParticleSetRecord addParticleSet(const std::string& name, const ParticleTable& table, const std::string& origin);
    void setStack(std::int64_t setId, const std::filesystem::path& stackPath, std::int64_t boxSize, double voxelSizeAngstrom);
    [[nodiscard]] std::vector<ParticleSetRecord> particleSets() const;
    /// Error naming the sets there are when there is none of this name.
    [[nodiscard]] ParticleSetRecord particleSet(const std::string& name) const;
    /// Whole rows, in set order.
    [[nodiscard]] ParticleTable particles(std::int64_t setId) const;
    /// The same without the rows of the source table, which fill the memory when a set is large.
    [[nodiscard]] ParticleTable particlesWithoutColumns(std::int64_t setId) const;
    /// One column of the source table, in set order; Error naming the columns there are.
    [[nodiscard]] std::vector<std::string> column(std::int64_t setId, const std::string& name) const;
    /// Index in the set and position of those that lie in a tomogram.
    [[nodiscard]] std::vector<ParticlePlace> particlesIn(std::int64_t setId, const std::string& tomogram) const;
    /// Ids alone, in set order: quick for a million.
    [[nodiscard]] std::vector<std::int64_t> particleIds(std::int64_t setId) const;
    /// Error when nothing was extracted.
    [[nodiscard]] std::shared_ptr<const SubtomogramSource> subtomograms(const ParticleSetRecord& set) const;
    /// Where the stack of a set of this name belongs.
    [[nodiscard]] std::filesystem::path stackPathFor(const std::string& setName) const;

    // Classes and labels
    /// A class of this name that is there already is returned as it is, with another colour if one is given.
    ClassRecord addClass(const std::string& name, const std::string& colour = {});
    [[nodiscard]] std::vector<ClassRecord> classes() const;
    /// Name, colour, key and role of a class as one action; id 0: a new one. Error when its name or key is taken.
    ClassRecord storeClass(const ClassRecord& record, const std::string& author);
    /// Takes a class and all its labels away, as one action.
    void removeClass(std::int64_t classId, const std::string& author);
    /// One action; returns its id, 0 when nothing changed. Committed and on disk when it returns.
    std::int64_t setLabels(std::span<const LabelEdit> edits, const std::string& author);
    /// The same in a label set that need not be the current one; made when it is new. Undo passes over what was not
    /// done in the current one.
    std::int64_t setLabelsIn(const std::string& labelSet, std::span<const LabelEdit> edits, const std::string& author);
    /// Particles that get a class by its name, which is made where there is none.
    struct NamedLabels {
        std::string className;
        std::vector<std::int64_t> particleIds;
    };
    /// New classes and labels as one action.
    std::int64_t labelByName(std::span<const NamedLabels> groups, const std::string& author);
    /// Takes back, or does again, the last action of all label sets. None when there is nothing to undo or redo. Works
    /// over restarts.
    std::optional<LabelStep> undoLabels(const std::string& author);
    std::optional<LabelStep> redoLabels(const std::string& author);
    /// Class id of each particle of the set in set order in the current label set; 0 = unlabelled.
    [[nodiscard]] std::vector<std::int64_t> labels(std::int64_t setId) const;
    [[nodiscard]] std::vector<std::int64_t> labelsIn(const std::string& labelSet, std::int64_t setId) const;
    [[nodiscard]] std::int64_t labelCount() const;
    [[nodiscard]] std::vector<LabelSetRecord> labelSets() const;
    /// Makes it, empty, where there is none of this name, and makes it the current one, for all programs that have the
    /// project open.
    void useLabelSet(const std::string& name);
    /// Error when there is none of this name, or another has the new one. Not a step of undo.
    void renameLabelSet(const std::string& name, const std::string& newName);
    /// Newest first.
    [[nodiscard]] std::vector<LabelAction> labelHistory(std::int64_t particleId) const;

    // Picking by hand. Changes are steps of the same history as labels.
    [[nodiscard]] std::vector<HandPick> handPicks() const;
    [[nodiscard]] std::vector<HandPick> handPicksIn(const std::string& tomogram) const;
    /// New ones (id 0) are added, known ones moved; one action. Returns the ids.
    std::vector<std::int64_t> storePicks(std::span<const HandPick> picks, const std::string& author);
    void removePicks(std::span<const std::int64_t> ids, const std::string& author);
    /// The particles of a set become picks, so that they can be moved, removed and added to. The tomogram of the first;
    /// Error where they are picks already.
    std::string pickAgain(std::int64_t setId, const std::string& author);
    /// A set of all picks, which are picks no longer; copies keep their orientation, score and label. Undo takes the set
    /// back too, unless something else has come to need it: subtomograms, runs, predictions, labels.
    ParticleSetRecord makeSetOfPicks(const std::string& name, const std::string& author);

    // Runs
    /// Makes runs/<number>-<kind>-<suffix>/ with run.json and returns it. A run that looks at labels is bound to the
    /// label set in use now, unless it names one.
    Run createRun(const RunConfig& config);
    [[nodiscard]] std::vector<Run> runs() const;
    /// Copies a run's folder from elsewhere, such as a cluster, into runs/ under a new number. Error when it is no run, is of this project, is
    /// at work, or has not ended and hangs on runs of another project; then nothing is left behind.
    Run importRun(const std::filesystem::path& folder);
    /// `reference`: a number ("7"), an id ("0007"), a folder name or a path. Error naming the runs there are.
    [[nodiscard]] Run run(const std::string& reference) const;
    /// In many short transactions, so that labels can be stored between them: until it returns, a part can be read.
    void storePredictions(const std::string& runId, std::int64_t setId, std::span<const Prediction> predictions);
    /// In set order where present; empty when this run predicted nothing for the set.
    [[nodiscard]] std::vector<Prediction> predictions(const std::string& runId, std::int64_t setId) const;

    [[nodiscard]] PredictionColumns predictionColumns(const std::string& runId, std::int64_t setId) const;
    /// Id and most probable class of the set's particles in one tomogram: quick in a large set.
    [[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> predictedIn(const std::string& runId, std::int64_t setId,
                                                                                 const std::string& tomogram) const;

  private:
    struct Impl;
    explicit Project(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace tomoloupe
