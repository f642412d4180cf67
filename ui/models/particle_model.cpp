#include "ui/models/particle_model.h"

#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/models/project_model.h"

namespace tomoloupe {

/// What a worker needs for a query; what it lacks of the kept things it makes.
struct ParticleModel::Work {
    std::shared_ptr<Project> project;
    ParticleQuery query;
    QuerySnapshot snapshot;
    std::shared_ptr<const Runs> repeats;
    std::shared_ptr<const Embedding> embedding;
};

struct ParticleModel::Answer {
    std::vector<std::int32_t> rows, rowOf;
    std::shared_ptr<const ParticleFacts> facts;
    std::shared_ptr<const SourceColumn> filterColumn, sortColumn;
    std::shared_ptr<const Runs> repeats;
    std::shared_ptr<const Embedding> embedding;
};

namespace {

std::vector<std::int32_t> inverse(const std::vector<std::int32_t>& rows, std::size_t count) {
    std::vector<std::int32_t> rowOf(count, -1);
    for (std::size_t row = 0; row < rows.size(); ++row)
        rowOf[static_cast<std::size_t>(rows[row])] = static_cast<std::int32_t>(row);
    return rowOf;
}

std::shared_ptr<const SourceColumn> columnOf(const Project& project, std::int64_t setId, const std::string& name) {
    return std::make_shared<const SourceColumn>(makeSourceColumn(project.column(setId, name)));
}

}  // namespace

ParticleModel::ParticleModel(ProjectModel& project, IoQueue& io, QObject* parent)
    : QAbstractTableModel(parent), project_(project), io_(io) {
    connect(&project_, &ProjectModel::setChanged, this, &ParticleModel::takeSet);
    connect(&project_, &ProjectModel::labelsChanged, this, &ParticleModel::labelsChanged);
    takeSet();
}

void ParticleModel::takeSet() {
    const SetContents* set = project_.set();
    const std::int64_t setId = set ? set->record.id : 0, count = set ? set->record.count : 0;
    facts_.reset();
    repeats_.reset();
    embedding_.reset();
    const bool same = setId == setId_ && count == count_;
    if (!same) {
        // Of another set: what names its columns or tomograms means nothing here.
        columns_.clear();
        query_.tomogram = query_.column = query_.columnText = query_.sortColumn = {};
        query_.columnRange = {};
        query_.only.reset();
        query_.onlyTitle.clear();
        if (query_.sort == SortKey::Column) query_.sort = SortKey::Number;
    }
    setId_ = setId;
    if (!same || query_.trivial()) {
        beginResetModel();
        count_ = count;
        everything_ = query_.trivial();
        rows_.clear();
        rowOf_.clear();
        endResetModel();
    }
    if (query_.trivial() || !set) {
        ++*latest_;
        busy_ = false;
        setStale(false);
        Q_EMIT listed();
    } else {
        ask(query_);
    }
}

void ParticleModel::ask(const ParticleQuery& query) {
    query_ = query;
    const std::shared_ptr<const SetContents> set = project_.sharedSet();
    if (!set) return;
    if (query.trivial()) return takeSet();
    auto work = std::make_shared<Work>();
    work->project = project_.project();
    work->query = query;
    work->snapshot.set = set;
    work->snapshot.facts = facts_;
    work->snapshot.labels = set->labels;
    for (const ClassRecord& record : project_.contents().classes) {
        work->snapshot.classOrder.push_back(record.id);
        if (record.role == ClassRole::Junk) work->snapshot.junk = record.id;
        if (record.role == ClassRole::Unsure) work->snapshot.unsure = record.id;
    }
    work->snapshot.filterColumn = columns_.value(toQString(query.column));
    work->snapshot.sortColumn = columns_.value(toQString(query.sortColumn));
    work->repeats = repeats_;
    work->embedding = embedding_;
    busy_ = true;
    setStale(false);
    io_.post(
        this, [work] { return answered(*work); }, [this](const Answer& answer) { take(answer); },
        [this](const QString& sentence) {
            busy_ = false;
            Q_EMIT failed(sentence);
        },
        latest_);
}

ParticleModel::Answer ParticleModel::answered(Work& work) {
    const ParticleQuery& query = work.query;
    QuerySnapshot& snapshot = work.snapshot;
    const SetContents& set = *snapshot.set;
    if (!snapshot.facts) snapshot.facts = std::make_shared<const ParticleFacts>(factsOf(set));
    if (!query.column.empty() && !snapshot.filterColumn)
        snapshot.filterColumn = columnOf(*work.project, set.record.id, query.column);
    if (query.sort == SortKey::Column && !snapshot.sortColumn)
        snapshot.sortColumn = query.sortColumn == query.column
                                  ? snapshot.filterColumn
                                  : columnOf(*work.project, set.record.id, query.sortColumn);
    if (query.sort == SortKey::LabelNext) {
        if (!work.repeats)
            work.repeats = std::make_shared<const Runs>(
                repeatedPredictions(*work.project, set.predictions.runId, set.record, set.predictions.classIds.size()));
        snapshot.otherRuns = *work.repeats;
        if (!work.embedding) work.embedding = newestEmbedding(*work.project, set.record);
        snapshot.embedding = work.embedding;
    }
    Answer answer;
    answer.rows = runQuery(query, snapshot);
    answer.rowOf = inverse(answer.rows, snapshot.labels.size());
    answer.facts = snapshot.facts;
    answer.filterColumn = snapshot.filterColumn;
    answer.sortColumn = snapshot.sortColumn;
    answer.repeats = work.repeats;
    answer.embedding = work.embedding;
    return answer;
}

void ParticleModel::take(const Answer& answer) {
    facts_ = answer.facts;
    repeats_ = answer.repeats;
    embedding_ = answer.embedding;
    if (answer.filterColumn) columns_[toQString(query_.column)] = answer.filterColumn;
    if (answer.sortColumn) columns_[toQString(query_.sortColumn)] = answer.sortColumn;
    beginResetModel();
    everything_ = false;
    rows_ = answer.rows;
    rowOf_ = answer.rowOf;
    endResetModel();
    busy_ = false;
    Q_EMIT listed();
}

void ParticleModel::labelsChanged(const std::vector<std::int64_t>& particles) {
    if (rowCount() == 0) return;
    if (particles.size() == 1) {
        const int row = rowOf(particles.front());
        if (row >= 0) Q_EMIT dataChanged(index(row, Label), index(row, Label));
    } else {
        Q_EMIT dataChanged(index(0, Label), index(rowCount() - 1, Label));
    }
    if (query_.looksAtLabels() && !busy_) setStale(true);
}

void ParticleModel::setStale(bool stale) {
    if (std::exchange(stale_, stale) != stale) Q_EMIT staleChanged();
}

std::int64_t ParticleModel::particleAt(int row) const {
    if (row < 0 || row >= rowCount()) return -1;
    return everything_ ? row : rows_[static_cast<std::size_t>(row)];
}

int ParticleModel::rowOf(std::int64_t particle) const {
    if (particle < 0 || particle >= count_) return -1;
    if (everything_) return static_cast<int>(particle);
    return rowOf_.empty() ? -1 : rowOf_[static_cast<std::size_t>(particle)];
}

int ParticleModel::nextToLabel(int row) const {
    const int count = rowCount();
    for (int step = 1; step <= count; ++step) {
        const int next = static_cast<int>((std::int64_t(std::max(row, -1)) + step) % count);
        if (project_.labelOf(particleAt(next)) == 0) return next;
    }
    return row + 1 < count ? row + 1 : -1;
}

int ParticleModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(everything_ ? count_ : static_cast<std::int64_t>(rows_.size()));
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
