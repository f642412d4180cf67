#pragma once

#include <QAbstractTableModel>
#include <QMap>
#include <QString>
#include <memory>
#include <vector>

#include "ui/bridge/io_queue.h"
#include "ui/models/particle_query.h"

namespace tomoloupe {

class ProjectModel;

/// The particles of the current set that a query lists, as rows: number, label, prediction, place. A cell is made when
/// it is looked at. The query runs on the IO queue; the list then stays as it is while labels change, until it is asked
/// for anew. GUI thread.
class ParticleModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Number, Label, Predicted, Probability, Tomogram, Position, Score, ColumnCount };

    ParticleModel(ProjectModel& project, IoQueue& io, QObject* parent = nullptr);

    /// Ends in listed() or failed(); another query overtakes it.
    void ask(const ParticleQuery& query);
    /// The same query on the labels of now.
    void askAnew() { ask(query_); }
    [[nodiscard]] const ParticleQuery& query() const { return query_; }
    [[nodiscard]] bool busy() const { return busy_; }
    /// Labels changed that the list looks at.
    [[nodiscard]] bool stale() const { return stale_; }
    /// Made with the first query that needs them; none before.
    [[nodiscard]] std::shared_ptr<const ParticleFacts> facts() const { return facts_; }

    /// Index in the set of a row, and back; -1 where there is none.
    [[nodiscard]] std::int64_t particleAt(int row) const;
    [[nodiscard]] int rowOf(std::int64_t particle) const;
    /// The next row below without a label, then from the top; where all have one, the next row. -1: none.
    [[nodiscard]] int nextToLabel(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    /// The rows are those of query() now.
    void listed();
    void staleChanged();
    void failed(const QString& sentence);

  private:
    struct Work;
    struct Answer;
    [[nodiscard]] static Answer answered(Work& work);
    void takeSet();
    void labelsChanged(const std::vector<std::int64_t>& particles);
    void take(const Answer& answer);
    void setStale(bool stale);
    [[nodiscard]] QString text(std::int64_t particle, Column column) const;

    ProjectModel& project_;
    IoQueue& io_;
    Latest latest_ = makeLatest();
    ParticleQuery query_;
    bool busy_ = false, stale_ = false;
    std::int64_t setId_ = 0;
    // The rows; all in set order while `everything_` holds, so that opening a set costs nothing.
    bool everything_ = true;
    std::int64_t count_ = 0;
    std::vector<std::int32_t> rows_, rowOf_;
    // Kept for the next query on the same set.
    std::shared_ptr<const ParticleFacts> facts_;
    QMap<QString, std::shared_ptr<const SourceColumn>> columns_;
    using Runs = std::vector<std::shared_ptr<const std::vector<float>>>;
    std::shared_ptr<const Runs> repeats_;
    std::shared_ptr<const Embedding> embedding_;
};

}  // namespace tomoloupe
