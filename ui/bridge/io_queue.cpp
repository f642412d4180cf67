#include "ui/bridge/io_queue.h"

#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

class FunctionJob : public Job {
  public:
    explicit FunctionJob(std::function<void()> work) : work_(std::move(work)) {}
    void run(JobContext& context) override {
        context.stop().throwIfCancelled();
        work_();
    }

  private:
    std::function<void()> work_;
};

/// Passes on the end alone.
class EndSink : public JobSink {
  public:
    explicit EndSink(std::function<void(const JobOutcome&)> ended) : ended_(std::move(ended)) {}
    void onProgress(const Progress&) override {}
    void onMetric(const Metric&) override {}
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome& outcome) override { ended_(outcome); }

  private:
    std::function<void(const JobOutcome&)> ended_;
};

}  // namespace

IoQueue::IoQueue(std::unique_ptr<JobRunner> runner, QObject* parent) : QObject(parent), runner_(std::move(runner)) {}

IoQueue::~IoQueue() {
    runner_.reset();  // joins before anything that the jobs touch goes away
}

void IoQueue::submit(QObject* receiver, std::function<Answer()> work, Failed failed, const Latest& latest) {
    ++pending_;
    const std::uint64_t number = latest ? ++*latest : 0;
    const QPointer<QObject> guarded(receiver);
    auto overtaken = [latest, number] { return latest && *latest != number; };
    auto answer = std::make_shared<Answer>();
    auto make = [answer, work = std::move(work), overtaken] {
        return std::make_unique<FunctionJob>([answer, work, overtaken] {
            if (!overtaken()) *answer = work();
        });
    };
    auto ended = [this, answer, guarded, overtaken, failed = std::move(failed)](const JobOutcome& outcome) {
        Answer last = [] {};
        if (outcome.end == JobEnd::Failed && failed) {
            last = [failed, sentence = toQString(outcome.message)] { failed(sentence); };
        } else if (outcome.end == JobEnd::Done && *answer) {
            last = *answer;
        }
        QMetaObject::invokeMethod(
            this, [this, guarded, overtaken, last] { deliver(guarded, overtaken() ? Answer([] {}) : last); },
            Qt::QueuedConnection);
    };
    runner_->start({.title = "reading", .make = make, .runFolder = {}}, std::make_shared<EndSink>(std::move(ended)));
}

void IoQueue::deliver(const QPointer<QObject>& receiver, const Answer& answer) {
    if (receiver) answer();
    --pending_;  // after the answer, which may have asked for more
}

}  // namespace tomoloupe
