#pragma once

#include <QObject>
#include <QString>
#include <functional>

#include "core/project/run.h"
#include "ui/bridge/job_controller.h"

namespace tomoloupe {

class ProjectModel;

/// Turns a wish into a run of the project and a job in the background; when a job ends the project is read anew.
class RunLauncher : public QObject {
    Q_OBJECT
  public:
    /// Makes the job of a run folder; called on the worker. The program gives makeRunJob, tests their own.
    using MakeJob = std::function<std::unique_ptr<Job>(const std::filesystem::path&)>;

    RunLauncher(ProjectModel& project, JobController& jobs, MakeJob makeJob, QObject* parent = nullptr);

    /// The new run's id; empty when it could not be made (the project's failed() says why).
    QString start(const RunConfig& config);
    /// Its folder alone, with run.json, for later or for a cluster; as start() otherwise.
    QString prepare(const RunConfig& config);
    /// Goes on with an interrupted run, or does a prepared one.
    void resume(const Run& run);

  private:
    void launch(const Run& run);

    ProjectModel& project_;
    JobController& jobs_;
    MakeJob makeJob_;
};

}  // namespace tomoloupe
