#pragma once

#include <atomic>
#include <memory>

#include "core/base/error.h"

namespace tomoloupe {

/// What a person may ask of running work. Wishes only grow: a Cancel is never taken back by a later Finish.
enum class StopWish { None, Finish, Cancel };

/// The working side: a cheap copy that reads the wish; any thread.
class StopToken {
  public:
    /// A token that nobody ever stops.
    StopToken() = default;

    [[nodiscard]] StopWish wish() const noexcept { return state_ ? state_->load(std::memory_order_relaxed) : StopWish::None; }
    /// Stop soon and keep what there is.
    [[nodiscard]] bool finishRequested() const noexcept { return wish() != StopWish::None; }
    [[nodiscard]] bool cancelRequested() const noexcept { return wish() == StopWish::Cancel; }
    /// Call at least every 100 ms in long work.
    void throwIfCancelled() const {
        if (cancelRequested()) throw Cancelled();
    }

  private:
    friend class StopSource;
    explicit StopToken(std::shared_ptr<const std::atomic<StopWish>> state) : state_(std::move(state)) {}
    std::shared_ptr<const std::atomic<StopWish>> state_;
};

/// The asking side; each job has one of its own, so that no wish meant for one job reaches another. Any thread.
class StopSource {
  public:
    [[nodiscard]] StopToken token() const { return StopToken(state_); }
    void request(StopWish wish) noexcept {
        StopWish seen = state_->load();
        while (seen < wish && !state_->compare_exchange_weak(seen, wish)) {
        }
    }

  private:
    std::shared_ptr<std::atomic<StopWish>> state_ = std::make_shared<std::atomic<StopWish>>(StopWish::None);
};

}  // namespace tomoloupe
