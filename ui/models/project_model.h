#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "ui/bridge/io_queue.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

/// The open project and the one selection that all pages share: current set, particle, tomogram. Lives on the GUI
/// thread; reading happens on the IO queue, storing a label (milliseconds) at once, so that it is on disk before the
/// next particle is shown.
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
    /// '1'..'9' in order, '0' for background or else the tenth; 0: no key.
    [[nodiscard]] char classKey(std::int64_t classId) const;
    [[nodiscard]] std::optional<std::int64_t> classForKey(char key) const;
    /// Labels of this class in the current set.
    [[nodiscard]] std::int64_t labelsOf(std::int64_t classId) const;

    // Selection
    void setCurrentSet(const QString& name, std::optional<std::int64_t> particle = {});
    /// None while no set is read.
    [[nodiscard]] const SetContents* set() const { return set_.get(); }
    [[nodiscard]] std::shared_ptr<const SetContents> sharedSet() const { return set_; }
    void setCurrentParticle(std::int64_t index);
    /// -1: none.
    [[nodiscard]] std::int64_t currentParticle() const { return particle_; }
    void setCurrentTomogram(const QString& name);
    [[nodiscard]] const TomogramRecord* currentTomogram() const;
    [[nodiscard]] std::int64_t labelOf(std::int64_t index) const;
    [[nodiscard]] const Prediction* predictionOf(std::int64_t index) const;

    // Labels; false when nothing was stored (failed() says why).
    bool label(std::int64_t index, std::optional<std::int64_t> classId);
    bool undoLabels();
    bool redoLabels();

  Q_SIGNALS:
    void opened();
    void contentsChanged();
    void runsChanged();
    void setChanged();
    void particleChanged();
    void tomogramChanged();
    void labelsChanged();
    void failed(const QString& sentence);

  private:
    void takeContents(const ProjectContents& contents);
    void readSetAgain(const std::string& name, std::optional<std::int64_t> particle);
    bool changeLabels(const std::function<bool()>& change);

    IoQueue& io_;
    Latest latestSet_ = makeLatest(), latestContents_ = makeLatest();
    std::shared_ptr<Project> project_;
    ProjectContents contents_;
    std::shared_ptr<SetContents> set_;
    std::int64_t particle_ = -1;
    std::string tomogram_;
    std::string author_;
};

}  // namespace tomoloupe
