#pragma once

#include <filesystem>
#include <memory>

#include "core/io/reader.h"
#include "core/jobs/runner.h"
#include "ui/models/preview_engine.h"
#include "ui/models/run_launcher.h"

namespace tomoloupe {

/// What the program wires into the window.
struct WindowParts {
    std::shared_ptr<const ReaderRegistry> readers;
    std::unique_ptr<JobRunner> computeRunner;
    std::unique_ptr<JobRunner> ioRunner;
    std::unique_ptr<JobRunner> previewRunner;
    RunLauncher::MakeJob makeJob;
    PreviewEngine previews;
    std::filesystem::path demoFolder;
    bool remember = true;  ///< panels, theme and recent projects
};

}  // namespace tomoloupe
