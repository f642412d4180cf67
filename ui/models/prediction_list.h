#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "ui/bridge/io_queue.h"
#include "ui/models/judged_result.h"

namespace tomoloupe {

/// Which answers are listed, and in which order.
struct PredictionFilter {
    enum class Agreement { All, Right, Wrong, Unlabelled };
    enum class Order { WrongAndConfident, LeastConfident, MostConfident, Number };
    int predicted = -1;  ///< place in the result's classes; -1: any
    int truth = -1;
    std::string tomogram;  ///< empty: all
    double from = 0, to = 1;
    Agreement agreement = Agreement::All;
    Order order = Order::WrongAndConfident;
    friend bool operator==(const PredictionFilter&, const PredictionFilter&) = default;
};

/// Places in the result's columns. Any thread.
[[nodiscard]] std::vector<std::int32_t> listPredictions(const JudgedResult& result, const SetContents& set,
                                                        const PredictionFilter& filter);

/// Answers as rows: particle, tomogram, truth, prediction, probability. Sorting happens on the IO queue. GUI thread.
class PredictionList : public QAbstractTableModel {
    Q_OBJECT
  public:
    /// "#RRGGBB" of a class; empty where a cell tells none.
    static constexpr int kColourRole = Qt::UserRole + 1;
    enum Column { Number, Tomogram, Truth, Predicted, Probability, Agreement, ColumnCount };

    PredictionList(ProjectModel& project, IoQueue& io, QObject* parent = nullptr);

    /// Ends in listed(). Null: no rows.
    void setResult(std::shared_ptr<const JudgedResult> result);
    void setFilter(const PredictionFilter& filter);
    [[nodiscard]] const PredictionFilter& filter() const { return filter_; }
    /// Index in the set; -1 where there is none.
    [[nodiscard]] std::int64_t particleAt(int row) const;
    [[nodiscard]] int rowOf(std::int64_t particle) const;
    [[nodiscard]] std::vector<std::int64_t> particles() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void listed();

  private:
    void ask();
    [[nodiscard]] QString text(std::size_t at, Column column) const;
    [[nodiscard]] QString className(int place) const;
    [[nodiscard]] QString colourOf(std::size_t at, Column column) const;

    ProjectModel& project_;
    IoQueue& io_;
    Latest latest_ = makeLatest();
    std::shared_ptr<const JudgedResult> result_;
    PredictionFilter filter_;
    std::vector<std::int32_t> rows_;
};

}  // namespace tomoloupe
