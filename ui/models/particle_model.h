#pragma once

#include <QAbstractTableModel>
#include <vector>

namespace tomoloupe {

class ProjectModel;

/// Which particles of the set are listed.
enum class ParticleFilter { All, Unlabelled, Labelled, Disagreeing };

/// The particles of the current set as rows: number, label, prediction, place. Nothing is copied: a cell is made when
/// it is looked at. The list stays as it is while labels change; setFilter() sorts anew.
class ParticleModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Number, Label, Predicted, Probability, Tomogram, Position, Score, ColumnCount };

    explicit ParticleModel(ProjectModel& project, QObject* parent = nullptr);

    void setFilter(ParticleFilter filter);
    [[nodiscard]] ParticleFilter filter() const { return filter_; }
    /// Index in the set of a row, and back; -1 where there is none.
    [[nodiscard]] std::int64_t particleAt(int row) const;
    [[nodiscard]] int rowOf(std::int64_t particle) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void rebuild();
    void labelsChanged();
    [[nodiscard]] QString text(std::int64_t particle, Column column) const;

    ProjectModel& project_;
    ParticleFilter filter_ = ParticleFilter::All;
    std::vector<std::int64_t> rows_;
};

}  // namespace tomoloupe
