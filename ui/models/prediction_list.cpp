#include "ui/models/prediction_list.h"

#include <algorithm>

#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

using Agreement = PredictionFilter::Agreement;
using Order = PredictionFilter::Order;

bool agrees(const JudgedResult& result, std::size_t i, Agreement wanted) {
    switch (wanted) {
        case Agreement::Right:
            return result.truth[i] == result.predicted[i];
        case Agreement::Wrong:
            return result.truth[i] >= 0 && result.truth[i] != result.predicted[i];
        case Agreement::Unlabelled:
            return result.truth[i] < 0;
        case Agreement::All:
            break;
    }
    return true;
}

bool passes(const JudgedResult& result, const SetContents& set, const PredictionFilter& filter, std::size_t i) {
    if (filter.predicted >= 0 && result.predicted[i] != filter.predicted) return false;
    if (filter.truth >= 0 && result.truth[i] != filter.truth) return false;
    const double confidence = double(result.confidence[i]);
    if (confidence < filter.from || confidence > filter.to || !agrees(result, i, filter.agreement)) return false;
    const auto particle = static_cast<std::size_t>(result.particles[i]);
    return filter.tomogram.empty() ||
           (particle < set.particles().size() && set.particles()[particle].tomogram == filter.tomogram);
}

/// Wrong ones first, then those without a label, then right ones.
int wrongness(const JudgedResult& result, std::size_t i) {
    return result.truth[i] < 0 ? 1 : result.truth[i] == result.predicted[i] ? 2 : 0;
}

}  // namespace

std::vector<std::int32_t> listPredictions(const JudgedResult& result, const SetContents& set,
                                          const PredictionFilter& filter) {
    std::vector<std::int32_t> rows;
    for (std::size_t i = 0; i < result.particles.size(); ++i) {
        if (passes(result, set, filter, i)) rows.push_back(static_cast<std::int32_t>(i));
    }
    if (filter.order == Order::Number) return rows;
    std::stable_sort(rows.begin(), rows.end(), [&](std::int32_t a, std::int32_t b) {
        const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
        if (filter.order == Order::WrongAndConfident && wrongness(result, i) != wrongness(result, j))
            return wrongness(result, i) < wrongness(result, j);
        // What is right is doubted from its least confident end.
        const bool ascending = filter.order == Order::LeastConfident ||
                               (filter.order == Order::WrongAndConfident && wrongness(result, i) == 2);
        return ascending ? result.confidence[i] < result.confidence[j] : result.confidence[i] > result.confidence[j];
    });
    return rows;
}

PredictionList::PredictionList(ProjectModel& project, IoQueue& io, QObject* parent)
    : QAbstractTableModel(parent), project_(project), io_(io) {}

void PredictionList::setResult(std::shared_ptr<const JudgedResult> result) {
    result_ = std::move(result);
    beginResetModel();
    rows_.clear();
    endResetModel();
    ask();
}

void PredictionList::setFilter(const PredictionFilter& filter) {
    if (filter == filter_) return;
    filter_ = filter;
    ask();
}

void PredictionList::ask() {
    const auto set = project_.sharedSet();
    if (!result_ || !set) return;
    io_.post(
        this, [result = result_, set, filter = filter_] { return listPredictions(*result, *set, filter); },
        [this, asked = result_](const std::vector<std::int32_t>& rows) {
            if (asked != result_) return;
            beginResetModel();
            rows_ = rows;
            endResetModel();
            Q_EMIT listed();
        },
        {}, latest_);
}

std::int64_t PredictionList::particleAt(int row) const {
    if (!result_ || row < 0 || row >= static_cast<int>(rows_.size())) return -1;
    return result_->particles[static_cast<std::size_t>(rows_[static_cast<std::size_t>(row)])];
}

int PredictionList::rowOf(std::int64_t particle) const {
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
        if (particleAt(row) == particle) return row;
    }
    return -1;
}

std::vector<std::int64_t> PredictionList::particles() const {
    std::vector<std::int64_t> found;
    for (const std::int32_t row : rows_) found.push_back(result_->particles[static_cast<std::size_t>(row)]);
    return found;
}

int PredictionList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int PredictionList::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString PredictionList::className(int place) const {
    return place < 0 ? QString() : toQString(result_->classNames[static_cast<std::size_t>(place)]);
}

QString PredictionList::text(std::size_t at, Column column) const {
    const std::int64_t particle = result_->particles[at];
    switch (column) {
        case Number:
            return QString::number(particle);
        case Tomogram: {
            const SetContents* set = project_.set();
            const auto place = static_cast<std::size_t>(particle);
            return set && place < set->particles().size() ? toQString(set->particles()[place].tomogram) : QString();
        }
        case Truth:
            return className(result_->truth[at]);
        case Predicted:
            return className(result_->predicted[at]);
        case Probability:
            return QString::number(static_cast<double>(result_->confidence[at]), 'f', 2);
        case Agreement:
            return result_->truth[at] < 0                         ? tr("no label")
                   : result_->truth[at] == result_->predicted[at] ? tr("right")
                                                                  : tr("wrong");
        case ColumnCount:
            break;
    }
    return {};
}

QString PredictionList::colourOf(std::size_t at, Column column) const {
    const int place = column == Truth ? result_->truth[at] : column == Predicted ? result_->predicted[at] : -1;
    return place < 0 ? QString() : project_.classColour(result_->classIds[static_cast<std::size_t>(place)]);
}

QVariant PredictionList::data(const QModelIndex& index, int role) const {
    if (!result_ || !index.isValid() || index.row() >= rowCount()) return {};
    const auto at = static_cast<std::size_t>(rows_[static_cast<std::size_t>(index.row())]);
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return text(at, column);
    if (role == kColourRole) return colourOf(at, column);
    if (role == Qt::TextAlignmentRole && (column == Number || column == Probability))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant PredictionList::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Number || section == Probability ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const QStringList names{tr("Particle"),  tr("Tomogram"),    tr("Label"),
                            tr("Predicted"), tr("Probability"), tr("Agreement")};
    return names.value(section);
}

}  // namespace tomoloupe
