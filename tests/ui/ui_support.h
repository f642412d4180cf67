#pragma once

#include <QImage>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <string>

#include "core/jobs/job.h"
#include "core/volume/volume.h"
#include "ui/shell/main_window.h"

namespace tomoloupe::test {

/// A project with one tomogram and one set "made" of `count` particles in two classes, "alpha" and "beta"; the first
/// half is labelled alpha, the rest is not labelled.
std::filesystem::path makeProject(const std::filesystem::path& folder, int count = 12);

/// A volume whose value at (x, y, z) is x + 100 y + 10000 z.
[[nodiscard]] Volume ramp(Index3 shape);

/// The window's parts with real runners; jobs come from `makeJob`.
[[nodiscard]] MainWindow::Parts makeParts(RunLauncher::MakeJob makeJob = {});

/// Previews without an engine: a ball with local SNR 0.5 and two structures; the slice itself as response, without spots.
[[nodiscard]] PreviewEngine madePreviews();

/// Pixels of a shown widget at its device scale; waits for the frame.
[[nodiscard]] QImage pixelsOf(QWidget& widget);

/// Lasts until it is told to stop, and reports progress and a metric each turn.
class BusyJob : public Job {
  public:
    /// `threads` threads compute all the while; `turns` < 0: until stopped.
    explicit BusyJob(int turns, int threads = 0) : turns_(turns), threads_(threads) {}
    void run(JobContext& context) override;

  private:
    int turns_, threads_;
};

}  // namespace tomoloupe::test
