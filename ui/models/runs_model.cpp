#include "ui/models/runs_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/bridge/text.h"
#include "ui/models/project_model.h"

namespace tomoloupe {
namespace {

QString percent(double part) {
    return QStringLiteral("%1 %").arg(part * 100, 0, 'f', 1);
}

/// A number of a JSON object; NaN when there is none.
double number(const nlohmann::json& json, const char* key) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_number())
        return std::numeric_limits<double>::quiet_NaN();
    return json[key].get<double>();
}

/// Of the last stage, which is the long one: reading the particles comes before.
QString runningText(const Progress& progress) {
    const bool last = progress.stage + 1 >= progress.stages;
    return last ? RunsModel::tr("running %1 %").arg(static_cast<int>(progress.stageFraction * 100))
                : RunsModel::tr("running");
}

QString kindText(const std::string& kind) {
    if (kind == "pretrain") return RunsModel::tr("Pre-train");
    if (kind == "finetune") return RunsModel::tr("Fine-tune");
    if (kind == "predict") return RunsModel::tr("Predict");
    if (kind == "embed") return RunsModel::tr("Embed");
    if (kind == "explain") return RunsModel::tr("Explain");
    if (kind == "simulate") return RunsModel::tr("Simulate");
    if (kind == "pick") return RunsModel::tr("Pick");
    if (kind == "extract") return RunsModel::tr("Extract");
    return toQString(kind);
}

}  // namespace

RunsModel::RunsModel(ProjectModel& project, JobController& jobs, QObject* parent)
    : QAbstractTableModel(parent), project_(project), jobs_(jobs) {
    connect(&project_, &ProjectModel::runsChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&jobs_, &JobController::progressed, this, [this](int job) { jobProgressed(job); });
    connect(&jobs_, &JobController::beganWork, this, [this](int job) { jobProgressed(job); });
    connect(&jobs_, &JobController::reordered, this, [this] {
        if (rowCount() > 0) Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, Way));
    });
}

const RunRow* RunsModel::rowAt(int row) const {
    const auto& runs = project_.contents().runs;
    return row >= 0 && row < static_cast<int>(runs.size()) ? &runs[static_cast<std::size_t>(row)] : nullptr;
}

int RunsModel::rowOf(const QString& runId) const {
    const auto& runs = project_.contents().runs;
    const std::string id = runId.toStdString();
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const RunRow& row) { return row.run.id() == id; });
    return found == runs.end() ? -1 : static_cast<int>(found - runs.begin());
}

int RunsModel::jobOf(const RunRow& row) const {
    for (const int job : jobs_.active()) {
        if (jobs_.runFolder(job) == row.run.folder()) return job;
    }
    return 0;
}

RunState RunsModel::stateOf(const RunRow& row) const {
    const int job = jobOf(row);
    if (job == 0) return row.state;
    return jobs_.begun(job) ? RunState::Running : RunState::Prepared;
}

bool RunsModel::resumable(int row) const {
    const RunRow* run = rowAt(row);
    if (!run || jobOf(*run) != 0) return false;
    switch (run->state) {
        case RunState::Interrupted:
        case RunState::Prepared:
        case RunState::Cancelled:
        case RunState::Failed:
        case RunState::FinishedEarly:
            return run->state != RunState::FinishedEarly || run->checkpoint;
        default:
            return false;
    }
}

void RunsModel::jobProgressed(int job) {
    for (int row = 0; row < rowCount(); ++row) {
        if (rowAt(row)->run.folder() == jobs_.runFolder(job)) Q_EMIT dataChanged(index(row, State), index(row, Way));
    }
}

int RunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(project_.contents().runs.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunsModel::whatText(const RunRow& row) {
    const RunConfig& config = row.run.config();
    return config.title.empty() ? kindText(config.kind)
                                : kindText(config.kind) + QStringLiteral(" · ") + toQString(config.title);
}

QString RunsModel::figureText(const RunRow& row) {
    const std::string& kind = row.run.config().kind;
    const nlohmann::json none = nlohmann::json::object();
    const auto accuracyOf = [&](const char* part) {
        return number(row.result.is_object() && row.result.contains(part) ? row.result[part] : none, "accuracy");
    };
    if (kind == "pretrain") {
        if (const double neighbours = number(row.result, "knn_accuracy"); std::isfinite(neighbours))
            return tr("kNN %1").arg(percent(neighbours));
        const double loss = number(row.result, "loss");
        return std::isfinite(loss) ? tr("loss %1").arg(loss, 0, 'f', 3) : QString();
    }
    double accuracy = std::numeric_limits<double>::quiet_NaN();
    if (kind == "finetune") accuracy = number(row.result, "test_accuracy");
    if (kind == "predict") {
        accuracy = accuracyOf("held_out");
        if (!std::isfinite(accuracy)) accuracy = accuracyOf("labelled");
    }
    if (std::isfinite(accuracy)) return percent(accuracy);
    if (const double count = number(row.result, "count"); kind == "pick" && std::isfinite(count))
        return tr("%1 picks").arg(QLocale(QLocale::English).toString(static_cast<qlonglong>(count)));
    if (kind == "explain" && row.result.is_object() && row.result.contains("class")) {
        return toQString(row.result.value("class", std::string())) + QChar(' ') +
               QString::number(number(row.result, "probability"), 'f', 2);
    }
    return {};
}

QString RunsModel::stateText(const RunRow& row) const {
    switch (stateOf(row)) {
        case RunState::Prepared:
            return jobOf(row) != 0 ? waitingText(jobOf(row)) : tr("prepared");
        case RunState::Running: {
            const int job = jobOf(row);
            return job == 0 ? tr("running elsewhere") : runningText(jobs_.progress(job));
        }
        case RunState::Done:
            return tr("done");
        case RunState::FinishedEarly:
            return tr("finished early");
        case RunState::Cancelled:
            return tr("cancelled");
        case RunState::Failed:
            return tr("failed");
        case RunState::Interrupted:
            return tr("interrupted");
    }
    return {};
}

QString RunsModel::noteText(const RunRow& row) const {
    const int job = jobOf(row);
    if (job != 0 && !jobs_.begun(job)) return toQString(row.run.config().particleSet);
    if (job != 0) {
        const Progress progress = jobs_.progress(job);
        if (progress.remainingSeconds) return tr("%1 left").arg(toQString(durationText(*progress.remainingSeconds)));
        return toQString(progress.stageName);
    }
    if (row.state == RunState::Interrupted || row.state == RunState::Failed) {
        if (const QString reason = reasonText(row); !reason.isEmpty()) return reason;
        return tr("stopped without a word, as by a power cut");
    }
    if (!row.note.text.empty()) return toQString(row.note.text).section(QChar('\n'), 0, 0);
    return toQString(row.run.config().particleSet);
}

QString RunsModel::reasonText(const RunRow& row) {
    if (!row.result.is_object()) return {};
    for (const char* key : {"error", "message"}) {
        if (row.result.contains(key) && row.result[key].is_string())
            return toQString(row.result[key].get<std::string>());
    }
    return {};
}

QString RunsModel::wayText(const RunRow& row) const {
    if (!resumable(rowOf(toQString(row.run.id())))) return {};
    if (row.state == RunState::Prepared) return tr("Start ›");
    return row.checkpoint ? tr("Resume ›") : tr("Start again ›");
}

QString RunsModel::waitingText(int job) const {
    int place = 0;
    for (const int other : jobs_.active()) {
        if (!jobs_.begun(other)) ++place;
        if (other == job) break;
    }
    return tr("waiting, no. %1").arg(place);
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    const RunRow* row = rowAt(index.row());
    if (!row) return {};
    if (role == kStateRole) return static_cast<int>(stateOf(*row));
    if (role == Qt::ToolTipRole && index.column() == Note) return noteText(*row);
    if (role == kStarRole) return row->note.star;
    if (role == Qt::TextAlignmentRole && index.column() == Figure) return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case Number:
            return row->note.star ? toQString(row->run.id()) + QStringLiteral(" ★") : toQString(row->run.id());
        case What:
            return whatText(*row);
        case State:
            return stateText(*row);
        case Figure:
            return figureText(*row);
        case Note:
            return noteText(*row);
        case Way:
            return wayText(*row);
        default:
            return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Number:
            return tr("Run");
        case What:
            return tr("What");
        case State:
            return tr("State");
        case Figure:
            return tr("Result");
        case Note:
            return tr("Note");
        default:
            return {};
    }
}

}  // namespace tomoloupe
