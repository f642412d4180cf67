#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <map>
#include <memory>
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
    /// Jobs started and not yet ended, oldest first: the first one runs.
    [[nodiscard]] std::vector<int> active() const;
    [[nodiscard]] QString title(int job) const;
    /// Folder of the run that the job works on; empty for other jobs.
    [[nodiscard]] std::filesystem::path runFolder(int job) const;
    /// The last progress told; for who comes later.
    [[nodiscard]] Progress progress(int job) const;

  Q_SIGNALS:
    void started(int job);
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
    std::pair<int, Item> last_{};  // what ended last: its title stays readable
    int nextJob_ = 1;
    QTimer timer_;
    std::unique_ptr<JobRunner> runner_;
};

}  // namespace tomoloupe
