#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "core/jobs/runner.h"

namespace tomoloupe {

/// A place in line of which only the newest request counts: scrolling asks for many slices and shows the last.
using Latest = std::shared_ptr<std::atomic<std::uint64_t>>;
[[nodiscard]] inline Latest makeLatest() {
    return std::make_shared<std::atomic<std::uint64_t>>(0);
}

/// Reads files away from the window: work runs on the runner's thread, its answer is handled on the thread of this
/// object. Owned by the shell; lives on the GUI thread. Destroying it cancels what waits.
class IoQueue : public QObject {
    Q_OBJECT
  public:
    using Failed = std::function<void(const QString&)>;

    explicit IoQueue(std::unique_ptr<JobRunner> runner, QObject* parent = nullptr);
    ~IoQueue() override;

    /// `work()` on the worker, then `done(result)` here while `receiver` lives; an error becomes `failed(sentence)`.
    /// With `latest`, requests overtaken by a newer one are dropped.
    template <typename Work, typename Done>
    void post(QObject* receiver, Work work, Done done, Failed failed = {}, const Latest& latest = {}) {
        submit(
            receiver,
            [work = std::move(work), done = std::move(done)]() -> Answer {
                using Result = decltype(work());
                auto result = std::make_shared<Result>(work());
                return [result, done] { done(*result); };
            },
            std::move(failed), latest);
    }

    /// Nothing runs or waits, and every answer was handled.
    [[nodiscard]] bool idle() const { return pending_ == 0; }

  private:
    using Answer = std::function<void()>;
    void submit(QObject* receiver, std::function<Answer()> work, Failed failed, const Latest& latest);
    void deliver(const QPointer<QObject>& receiver, const Answer& answer);

    int pending_ = 0;
    std::unique_ptr<JobRunner> runner_;
};

}  // namespace tomoloupe
