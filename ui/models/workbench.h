#pragma once

#include <memory>

#include "core/io/reader.h"
#include "ui/bridge/io_queue.h"
#include "ui/bridge/job_controller.h"
#include "ui/models/preview_engine.h"
#include "ui/models/project_model.h"
#include "ui/models/run_launcher.h"

namespace tomoloupe {

/// What every panel is given. Borrowed from the main window, which outlives its panels.
struct Workbench {
    std::shared_ptr<const ReaderRegistry> readers;
    IoQueue& io;
    JobController& jobs;
    ProjectModel& project;
    RunLauncher& launcher;
    IoQueue& previewQueue;  ///< apart from `io`, so that slices do not wait for previews
    const PreviewEngine& previews;
    bool remember = false;  ///< whether choices of how things look outlive the window
};

}  // namespace tomoloupe
