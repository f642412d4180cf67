#include "ui/bridge/job_controller.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "ui/bridge/text.h"

namespace tomoloupe {

/// Keeps what a job says until the window fetches it.
class JobController::QueueSink : public JobSink {
  public:
    struct Events {
        std::optional<Progress> progress;
        std::vector<Metric> metrics;
        QStringList lines;
        std::optional<JobOutcome> outcome;
    };

    void onProgress(const Progress& progress) override {
        const std::lock_guard lock(eventsMutex_);
        events_.progress = progress;
    }
    void onMetric(const Metric& metric) override {
        const std::lock_guard lock(eventsMutex_);
        events_.metrics.push_back(metric);
    }
    void onLog(LogLevel, const std::string& line) override {
        const std::lock_guard lock(eventsMutex_);
        events_.lines.append(toQString(line));
    }
    void onEnd(const JobOutcome& outcome) override {
        const std::lock_guard lock(eventsMutex_);
        events_.outcome = outcome;
    }
    Events take() {
        const std::lock_guard lock(eventsMutex_);
        return std::exchange(events_, {});
    }

  private:
    std::mutex eventsMutex_;
    Events events_;
};

JobController::JobController(std::unique_ptr<JobRunner> runner, QObject* parent)
    : QObject(parent), runner_(std::move(runner)) {
    timer_.setInterval(100);
    connect(&timer_, &QTimer::timeout, this, &JobController::flush);
}

JobController::~JobController() = default;

int JobController::start(JobRequest request) {
    const int job = nextJob_++;
    Item& item = items_[job];
    item.title = toQString(request.title);
    item.runFolder = request.runFolder;
    item.sink = std::make_shared<QueueSink>();
    order_.push_back(job);
    Q_EMIT started(job);
    item.handle = runner_->start(std::move(request), item.sink);
    timer_.start();
    return job;
}

void JobController::request(int job, StopWish wish) {
    if (const auto found = items_.find(job); found != items_.end() && found->second.handle)
        found->second.handle->request(wish);
}

std::vector<int> JobController::active() const {
    std::vector<int> jobs = order_;
    std::stable_partition(jobs.begin(), jobs.end(), [this](int job) { return begun(job); });
    return jobs;
}

bool JobController::begun(int job) const {
    const auto found = items_.find(job);
    return found != items_.end() && found->second.handle && found->second.handle->begun();
}

bool JobController::move(int job, int places) {
    const auto found = items_.find(job);
    if (found == items_.end() || !found->second.handle) return false;
    const JobHandle* other = runner_->move(*found->second.handle, places);
    if (!other) return false;
    const auto otherItem = std::find_if(items_.begin(), items_.end(), [&](const auto& item) { return item.second.handle.get() == other; });
    if (otherItem == items_.end()) return false;
    std::iter_swap(std::find(order_.begin(), order_.end(), job), std::find(order_.begin(), order_.end(), otherItem->first));
    Q_EMIT reordered();
    return true;
}

const JobController::Item* JobController::find(int job) const {
    if (const auto found = items_.find(job); found != items_.end()) return &found->second;
    return last_.first == job ? &last_.second : nullptr;
}

QString JobController::title(int job) const {
    const Item* item = find(job);
    return item ? item->title : QString();
}

std::filesystem::path JobController::runFolder(int job) const {
    const Item* item = find(job);
    return item ? item->runFolder : std::filesystem::path();
}

Progress JobController::progress(int job) const {
    const Item* item = find(job);
    return item ? item->progress : Progress();
}

void JobController::flush() {
    for (const int job : active()) flushItem(job);
    if (items_.empty()) timer_.stop();
}

bool JobController::flushItem(int job) {
    const auto found = items_.find(job);
    if (found == items_.end()) return false;
    const bool begins = begun(job) && toldBegun_.insert(job).second;
    const QueueSink::Events events = found->second.sink->take();
    if (begins) Q_EMIT beganWork(job);
    if (events.progress) {
        found->second.progress = *events.progress;
        Q_EMIT progressed(job, *events.progress);
    }
    if (!events.metrics.empty()) Q_EMIT metricsArrived(job, events.metrics);
    if (!events.lines.isEmpty()) Q_EMIT logged(job, events.lines);
    if (!events.outcome) return true;
    last_ = {job, std::move(items_.at(job))};
    items_.erase(job);
    toldBegun_.erase(job);
    order_.erase(std::find(order_.begin(), order_.end(), job));
    Q_EMIT ended(job, *events.outcome);
    return false;
}

}  // namespace tomoloupe
