#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "core/jobs/runner.h"

namespace tomoloupe {

/// Runs jobs in the background and tells the window about them: what the worker says is queued, and a timer hands it on
/// ten times a second, so that however much a job says the event loop stays free. Lives on the GUI thread.
class JobController : public QObject {
    Q_OBJECT
  public:
    explicit JobController(std::unique_ptr<JobRunner> runner, QObject* parent = nullptr);
    ~JobController() override;

    /// Returns the number by which the signals speak of the job.
    int start(JobRequest request);
    void request(int job, StopWish wish);
    /// Changes places with the job that waits so many places before (negative) or after it; false where it cannot.
    bool move(int job, int places);
    /// Jobs started and not yet ended: those that run, then those that wait in the order in which they will run.
    [[nodiscard]] std::vector<int> active() const;
    /// Waits no longer. Those of a process of their own and others have a line each, so two can be at work.
    [[nodiscard]] bool begun(int job) const;
    [[nodiscard]] QString title(int job) const;
    /// Folder of the run that the job works on; empty for other jobs.
    [[nodiscard]] std::filesystem::path runFolder(int job) const;
    /// The last progress told; for who comes later.
    [[nodiscard]] Progress progress(int job) const;

  Q_SIGNALS:
    void started(int job);
    /// Is at work now.
    void beganWork(int job);
    /// Waiting jobs changed places.
    void reordered();
    void progressed(int job, const tomoloupe::Progress& progress);
    void metricsArrived(int job, const std::vector<tomoloupe::Metric>& metrics);
    void logged(int job, const QStringList& lines);
    void ended(int job, const tomoloupe::JobOutcome& outcome);

  private:
    class QueueSink;
    struct Item {
        QString title;
        std::filesystem::path runFolder;
        std::shared_ptr<QueueSink> sink;
        std::shared_ptr<JobHandle> handle;
        Progress progress;
    };
    void flush();
    bool flushItem(int job);
    [[nodiscard]] const Item* find(int job) const;

    std::map<int, Item> items_;
    std::vector<int> order_;  // of items_
    std::set<int> toldBegun_;
    std::pair<int, Item> last_{};  // what ended last: its title stays readable
    int nextJob_ = 1;
    QTimer timer_;
    std::unique_ptr<JobRunner> runner_;
};

}  // namespace tomoloupe
