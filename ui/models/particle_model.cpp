#include "ui/models/particle_model.h"

#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/models/project_model.h"

namespace tomoloupe {
namespace {

bool passes(const ProjectModel& project, std::int64_t particle, ParticleFilter filter) {
    const std::int64_t label = project.labelOf(particle);
    switch (filter) {
        case ParticleFilter::All:
            return true;
        case ParticleFilter::Unlabelled:
            return label == 0;
        case ParticleFilter::Labelled:
            return label != 0;
        case ParticleFilter::Disagreeing: {
            const std::optional<PredictionView> prediction = project.predictionOf(particle);
            return prediction && label != 0 && prediction->classId != label;
        }
    }
    return true;
}

}  // namespace

ParticleModel::ParticleModel(ProjectModel& project, QObject* parent) : QAbstractTableModel(parent), project_(project) {
    connect(&project_, &ProjectModel::setChanged, this, &ParticleModel::rebuild);
    connect(&project_, &ProjectModel::labelsChanged, this, &ParticleModel::labelsChanged);
    rebuild();
}

void ParticleModel::setFilter(ParticleFilter filter) {
    filter_ = filter;
    rebuild();
}

void ParticleModel::rebuild() {
    beginResetModel();
    rows_.clear();
    const std::int64_t count = project_.set() ? project_.set()->record.count : 0;
    for (std::int64_t particle = 0; particle < count; ++particle) {
        if (passes(project_, particle, filter_)) rows_.push_back(particle);
    }
    endResetModel();
}

void ParticleModel::labelsChanged() {
    if (!rows_.empty()) Q_EMIT dataChanged(index(0, Label), index(rowCount() - 1, Label));
}

std::int64_t ParticleModel::particleAt(int row) const {
    return row >= 0 && row < static_cast<int>(rows_.size()) ? rows_[static_cast<std::size_t>(row)] : -1;
}

int ParticleModel::rowOf(std::int64_t particle) const {
    const auto found = std::lower_bound(rows_.begin(), rows_.end(), particle);
    return found != rows_.end() && *found == particle ? static_cast<int>(found - rows_.begin()) : -1;
}

int ParticleModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ParticleModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ParticleModel::data(const QModelIndex& index, int role) const {
    const std::int64_t particle = particleAt(index.row());
    if (particle < 0 || role != Qt::DisplayRole) return {};
    return text(particle, static_cast<Column>(index.column()));
}

QString ParticleModel::text(std::int64_t particle, Column column) const {
    const Particle& row = project_.set()->particles()[static_cast<std::size_t>(particle)];
    const std::optional<PredictionView> prediction = project_.predictionOf(particle);
    switch (column) {
        case Number:
            return QString::number(particle);
        case Label:
            return project_.className(project_.labelOf(particle));
        case Predicted:
            return prediction ? project_.className(prediction->classId) : QString();
        case Probability:
            if (!prediction || prediction->probabilities.empty()) return {};
            return QString::number(
                *std::max_element(prediction->probabilities.begin(), prediction->probabilities.end()), 'f', 2);
        case Tomogram:
            return toQString(row.tomogram);
        case Position:
            if (row.tomogram.empty()) return {};
            return QStringLiteral("%1, %2, %3")
                .arg(row.positionVoxels.x, 0, 'f', 1)
                .arg(row.positionVoxels.y, 0, 'f', 1)
                .arg(row.positionVoxels.z, 0, 'f', 1);
        case Score:
            return row.score != 0 ? QString::number(row.score, 'g', 3) : QString();
        case ColumnCount:
            break;
    }
    return {};
}

QVariant ParticleModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Number:
            return tr("Particle");
        case Label:
            return tr("Label");
        case Predicted:
            return tr("Prediction");
        case Probability:
            return tr("Probability");
        case Tomogram:
            return tr("Tomogram");
        case Position:
            return tr("Position (voxels)");
        case Score:
            return tr("Score");
        default:
            return {};
    }
}

}  // namespace tomoloupe
