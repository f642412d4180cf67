#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace tomoloupe {

/// Where a piece of work stands: stage `stage` of `stages`, `fraction` of the whole, and how long still.
struct Progress {
    std::string stageName;
    int stage = 0;   ///< zero based
    int stages = 1;
    double stageFraction = 0;  ///< 0..1 within the stage
    double fraction = 0;       ///< 0..1 of the whole
    std::optional<double> remainingSeconds;  ///< absent until it can be told
};

/// Turns "done of total" in stages into Progress with remaining time. One thread.
class ProgressMeter {
  public:
    using Clock = std::chrono::steady_clock;

    explicit ProgressMeter(int stages = 1);

    /// Starts stage `index` of the stages; stages count alike in the whole. Remaining time is told in the last one.
    void beginStage(std::string name, int index);
    /// Sets done/total within the stage. `now` is a parameter so that tests need no sleep.
    [[nodiscard]] Progress update(double done, double total, Clock::time_point now = Clock::now());

  private:
    int stages_;
    int stage_ = 0;
    std::string name_;
    Clock::time_point stageStart_ = Clock::now();
};

/// "3 min 20 s", "1 h 5 min", "12 s".
[[nodiscard]] std::string durationText(double seconds);

}  // namespace tomoloupe
