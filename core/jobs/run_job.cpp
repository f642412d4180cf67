#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/jobs/engine_loader.h"
#include "core/jobs/rank.h"
#include "core/project/run.h"

namespace tomoloupe {
namespace {

/// Appends whole lines, each with one write: what was written is there even when the process is killed a moment later.
class LineFile {
  public:
    explicit LineFile(const std::filesystem::path& path) : path_(path) {
        descriptor_ = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor_ < 0) throw Error(fmt::format("Cannot write {}: {}", path.string(), std::strerror(errno)));
        dropLineCutShort();
    }
    ~LineFile() { ::close(descriptor_); }
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    [[nodiscard]] bool empty() const { return ::lseek(descriptor_, 0, SEEK_END) == 0; }
    /// The system's reason when it failed for the first time.
    std::string append(std::string line) {
        line += '\n';
        if (::write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size()) || failed_) return {};
        failed_ = true;
        return fmt::format("Cannot write {}: {}", path_.string(), std::strerror(errno));
    }

  private:
    /// A line that a crash cut short would be read as another number.
    void dropLineCutShort() {
        off_t size = ::lseek(descriptor_, 0, SEEK_END);
        const off_t whole = size;
        for (char last = 0; size > 0 && ::pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n';) --size;
        if (size < whole && ::ftruncate(descriptor_, size) != 0)
            throw Error(fmt::format("Cannot write {}: {}", path_.string(), std::strerror(errno)));
    }

    std::filesystem::path path_;
    int descriptor_ = -1;
    bool failed_ = false;
};

/// Keeps what a run says in its folder and passes it on.
class RecordingSink : public JobSink {
  public:
    RecordingSink(const Run& run, JobSink& next) : next_(next), metrics_(run.metricsPath()), log_(run.logPath()) {
        if (metrics_.empty()) metrics_.append("name,step,value");
    }

    void onProgress(const Progress& progress) override { next_.onProgress(progress); }
    void onMetric(const Metric& metric) override {
        std::string name = metric.name;
        for (char& letter : name)
            if (letter == '\n' || letter == '\r') letter = ' ';
        report(metrics_.append(fmt::format("{},{},{}", name, metric.step, metric.value)));
        next_.onMetric(metric);
    }
    void onLog(LogLevel level, const std::string& line) override {
        write(level, line);
        next_.onLog(level, line);
    }
    void onEnd(const JobOutcome& outcome) override { next_.onEnd(outcome); }

    void write(LogLevel level, const std::string& line) {
        constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
        const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
        report(log_.append(fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {}: {}",
                                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                                       kNames[static_cast<int>(level)], line)));
    }

  private:
    void report(const std::string& failure) {
        if (!failure.empty()) next_.onLog(LogLevel::Warning, failure);
    }

    JobSink& next_;
    LineFile metrics_, log_;
};

class RunFolderJob : public Job {
  public:
    explicit RunFolderJob(const std::filesystem::path& folder) : run_(folder) {}

    void run(JobContext& context) override {
        const Rank rank = rankFromEnvironment();
        checkCanBeShared(run_.config().kind, rank);
        if (rank.rank > 0) {  // the folder is the first one's
            loadEngine().makeRunJob(run_.folder())->run(context);
            return;
        }
        const std::unique_ptr<RunLock> lock = RunLock::tryAcquire(run_.folder());
        if (!lock) throw Error(fmt::format("Run {} is already running", run_.id()));
        if (!run_.result().is_null())
            throw Error(fmt::format("Run {} has ended before ({}); use resume to let it go on", run_.id(),
                                    toText(run_.state())));
        RecordingSink sink(run_, context.sink());
        try {
            runInEngine(context.stop(), sink);
        } catch (const Cancelled&) {
            sink.write(LogLevel::Info, "Cancelled");
            run_.writeResult(RunState::Cancelled, {{"message", "cancelled"}});
            throw;
        } catch (const std::exception& cause) {
            sink.write(LogLevel::Error, cause.what());
            run_.writeResult(RunState::Failed, {{"message", cause.what()}});
            throw;
        }
    }

  private:
    void runInEngine(const StopToken& stop, JobSink& sink) {
        JobContext inner(stop, sink);
        stop.throwIfCancelled();
        loadEngine().makeRunJob(run_.folder())->run(inner);
        if (run_.result().is_null())
            run_.writeResult(stop.finishRequested() ? RunState::FinishedEarly : RunState::Done,
                             nlohmann::json::object());
    }

    Run run_;
};

}  // namespace

std::unique_ptr<Job> makeRunJob(const std::filesystem::path& runFolder) {
    return std::make_unique<RunFolderJob>(runFolder);
}

}  // namespace tomoloupe
