#include "ui/models/run_launcher.h"

#include "ui/bridge/text.h"
#include "ui/models/project_model.h"
#include "ui/models/runs_model.h"

namespace tomoloupe {
namespace {

/// Long, and hungry for memory.
bool isTraining(const std::string& kind) {
    return kind == "pretrain" || kind == "finetune";
}

}  // namespace

RunLauncher::RunLauncher(ProjectModel& project, JobController& jobs, MakeJob makeJob, QObject* parent)
    : QObject(parent), project_(project), jobs_(jobs), makeJob_(std::move(makeJob)) {
    connect(&jobs_, &JobController::ended, &project_, [&project](int, const JobOutcome&) { project.refresh(); });
}

QString RunLauncher::start(const RunConfig& config) {
    if (!project_.isOpen()) return {};
    try {
        const Run run = project_.project()->createRun(config);
        launch(run);
        return toQString(run.id());
    } catch (const std::exception& error) {
        Q_EMIT project_.failed(toQString(error.what()));
        return {};
    }
}

QString RunLauncher::prepare(const RunConfig& config) {
    if (!project_.isOpen()) return {};
    try {
        const Run run = project_.project()->createRun(config);
        project_.refreshRuns();
        return toQString(run.id());
    } catch (const std::exception& error) {
        Q_EMIT project_.failed(toQString(error.what()));
        return {};
    }
}

void RunLauncher::resume(const Run& run) {
    try {
        run.reopen();
        launch(run);
    } catch (const std::exception& error) {
        Q_EMIT project_.failed(toQString(error.what()));
    }
}

void RunLauncher::launch(const Run& run) {
    const RunRow row{run, RunState::Prepared, {}};
    const QString title = toQString(run.id()) + QChar(' ') + RunsModel::whatText(row);
    jobs_.start({.title = title.toStdString(),
                 .make = [make = makeJob_, folder = run.folder()] { return make(folder); },
                 .runFolder = run.folder(),
                 .ownProcess = isTraining(run.config().kind)});
    project_.refreshRuns();
}

}  // namespace tomoloupe
