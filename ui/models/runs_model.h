#pragma once

#include <QAbstractTableModel>

#include "ui/bridge/job_controller.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

class ProjectModel;

/// The project's runs, newest first: number, what, state, figure, note, way out. What runs in this window tells its progress.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Number, What, State, Figure, Note, Way, ColumnCount };
    /// int of RunState.
    static constexpr int kStateRole = Qt::UserRole + 1;

    static constexpr int kStarRole = Qt::UserRole + 2;

    RunsModel(ProjectModel& project, JobController& jobs, QObject* parent = nullptr);

    [[nodiscard]] const RunRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(const QString& runId) const;
    /// Can go on from its last checkpoint, and nobody works on it.
    [[nodiscard]] bool resumable(int row) const;
    /// Job of this window that works on it or waits for it; 0: none.
    [[nodiscard]] int jobOf(const RunRow& row) const;
    /// As this window knows it.
    [[nodiscard]] RunState stateOf(const RunRow& row) const;
    /// Why it failed or was interrupted; empty where nobody knows.
    [[nodiscard]] static QString reasonText(const RunRow& row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// "Pre-train · moco".
    [[nodiscard]] static QString whatText(const RunRow& row);
    /// "accuracy 95.8 %"; empty where a run has none.
    [[nodiscard]] static QString figureText(const RunRow& row);

  private:
    [[nodiscard]] QString wayText(const RunRow& row) const;
    [[nodiscard]] QString stateText(const RunRow& row) const;
    /// "waiting, no. 2".
    [[nodiscard]] QString waitingText(int job) const;
    [[nodiscard]] QString noteText(const RunRow& row) const;
    void jobProgressed(int job);

    ProjectModel& project_;
    JobController& jobs_;
};

}  // namespace tomoloupe
