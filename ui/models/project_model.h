#pragma once

#include <QChar>
#include <QObject>
#include <QString>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ui/bridge/io_queue.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

/// A class for a particle of the current set; no class = unlabelled.
struct IndexedLabel {
    std::int64_t index = 0;
    std::optional<std::int64_t> classId;
};

/// The open project and the one selection that all pages share: current set, particles, tomogram. Lives on the GUI
/// thread; reading happens on the IO queue, storing a label (milliseconds) at once and by a connection of its own, so
/// that it waits for no reader and is on disk before the next particle is shown.
class ProjectModel : public QObject {
    Q_OBJECT
  public:
    explicit ProjectModel(IoQueue& io, QObject* parent = nullptr);

    /// Ends in opened() or failed().
    void open(const std::filesystem::path& folder);
    [[nodiscard]] bool isOpen() const { return project_ != nullptr; }
    [[nodiscard]] QString name() const;
    [[nodiscard]] std::shared_ptr<Project> project() const { return project_; }
    [[nodiscard]] const ProjectContents& contents() const { return contents_; }
    /// Reads everything anew, for instance after a run ended.
    void refresh();
    /// Runs and their states alone.
    void refreshRuns();

    // Classes
    [[nodiscard]] const ClassRecord* classOf(std::int64_t classId) const;
    [[nodiscard]] QString className(std::int64_t classId) const;
    /// The design's colour where the project has none; grey for background and for no class.
    [[nodiscard]] QString classColour(std::int64_t classId) const;
    /// As classKeys() says; null: no key.
    [[nodiscard]] QChar classKey(std::int64_t classId) const;
    [[nodiscard]] std::optional<std::int64_t> classForKey(QChar key) const;
    /// The class for junk or unsure; made at first use.
    [[nodiscard]] std::optional<std::int64_t> markClass(ClassRole role);
    /// Labels of this class in the current set; of all classes.
    [[nodiscard]] std::int64_t labelsOf(std::int64_t classId) const;
    [[nodiscard]] std::int64_t labelled() const;
    // Each is one step for undo; none when nothing was stored (failed() says why).
    std::optional<ClassRecord> storeClass(const ClassRecord& record);
    bool removeClass(std::int64_t classId);
    /// Makes it where there is none of this name.
    bool useLabelSet(const QString& name);
    /// A new, empty one of a name that is free, which is used from now on.
    std::optional<QString> makeLabelSet();
    bool renameLabelSet(const QString& name, const QString& newName);
    /// In all particle sets.
    [[nodiscard]] std::int64_t labelsIn(const LabelSetRecord& record) const;

    // Selection
    void setCurrentSet(const QString& name, std::optional<std::int64_t> particle = {});
    /// None while no set is read.
    [[nodiscard]] const SetContents* set() const { return set_.get(); }
    [[nodiscard]] std::shared_ptr<const SetContents> sharedSet() const { return set_; }
    void setCurrentParticle(std::int64_t index);
    /// -1: none.
    [[nodiscard]] std::int64_t currentParticle() const { return particle_; }
    /// Particles that are acted on together, in order; none: the current one alone is.
    void setSelection(std::vector<std::int64_t> particles);
    [[nodiscard]] const std::vector<std::int64_t>& selection() const { return selection_; }
    void setCurrentTomogram(const QString& name);
    [[nodiscard]] const TomogramRecord* currentTomogram() const;
    [[nodiscard]] std::int64_t labelOf(std::int64_t index) const;
    /// Newest first.
    [[nodiscard]] std::vector<LabelAction> historyOf(std::int64_t index) const;
    [[nodiscard]] std::optional<PredictionView> predictionOf(std::int64_t index) const;

    // Labels; false when nothing was stored (failed() says why). Those of one call are one step for undo.
    bool label(std::span<const IndexedLabel> labels);
    bool label(std::span<const std::int64_t> particles, std::optional<std::int64_t> classId);
    bool label(std::int64_t index, std::optional<std::int64_t> classId);
    /// Particles that get a class by its name, which is made where there is none; all as one step.
    struct NamedGroup {
        QString className;
        std::vector<std::int64_t> particles;
    };
    bool labelByName(std::span<const NamedGroup> groups);
    /// Goes to the first particle that is changed.
    bool undoLabels();
    bool redoLabels();

    // Picking by hand in the current tomogram; each is one step for undo.
    [[nodiscard]] const std::vector<HandPick>& picks() const { return picks_; }
    /// Of all tomograms.
    [[nodiscard]] std::int64_t pickCount() const { return pickCount_; }
    /// Particles of the current set are among the picks, in whichever tomogram.
    [[nodiscard]] bool setIsPicked() const;
    /// Its id; none when nothing was stored.
    std::optional<std::int64_t> addPick(Vec3 positionVoxels);
    bool movePick(std::int64_t id, Vec3 positionVoxels);
    bool removePick(std::int64_t id);
    /// The current set's particles, or those of another, become picks; in a tomogram that has some of them.
    bool pickAgain();
    bool pickAgain(const QString& set);
    /// All picks become a set, which is chosen.
    bool makeSetOfPicks(const QString& name);

  Q_SIGNALS:
    void opened();
    void contentsChanged();
    void runsChanged();
    void setChanged();
    void particleChanged();
    void selectionChanged();
    void tomogramChanged();
    /// Of these particles of the current set; none named: of any.
    void labelsChanged(const std::vector<std::int64_t>& particles);
    void classesChanged();
    void picksChanged();
    /// A change that another program's writing kept out: nothing has changed.
    void notStored(const QString& sentence);
    void failed(const QString& sentence);

  private:
    void takeContents(const ProjectContents& contents);
    void takeClasses();
    void readSetAgain(const std::string& name, std::optional<std::int64_t> particle);
    void takeSet(const std::shared_ptr<SetContents>& set, std::optional<std::int64_t> particle);
    void readLabelsAgain();
    void takePicks();
    void countLabels();
    void applyLabel(std::int64_t index, std::int64_t classId);
    void applyStep(const LabelStep& step);
    void takeSetsOf(const LabelStep& step);
    /// Runs what stores something; false, and failed(), where that throws.
    bool stored(const std::function<void()>& store);

    IoQueue& io_;
    Latest latestSet_ = makeLatest(), latestContents_ = makeLatest();
    std::shared_ptr<Project> project_;
    std::shared_ptr<Project> writer_;  ///< for labels: no reader holds its lock
    ProjectContents contents_;
    std::map<QChar, std::int64_t> keys_;
    std::map<std::int64_t, std::int64_t> counts_;  ///< labels in the current set by class
    std::int64_t changes_ = 0;  ///< of labels so far, to notice what was read before one of them
    std::shared_ptr<SetContents> set_;
    std::int64_t particle_ = -1;
    std::vector<std::int64_t> selection_;
    std::vector<HandPick> picks_;
    std::vector<std::int64_t> pickedParticles_;  ///< that picks stand for, of all tomograms
    std::int64_t pickCount_ = 0;
    std::string tomogram_;
    std::string author_;
};

}  // namespace tomoloupe
