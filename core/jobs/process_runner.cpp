#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "core/base/error.h"
#include "core/jobs/job_events.h"
#include "core/jobs/queue_runner.h"

extern char** environ;

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 50;
/// How long a process may take to heed a Cancel before it is killed.
constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kLongestLine = 1 << 20;

/// The reading end of a pipe whose writing end a child gets.
class Pipe {
  public:
    Pipe() {
        if (::pipe2(ends_, O_CLOEXEC) != 0) throw Error(fmt::format("Cannot make a pipe: {}", std::strerror(errno)));
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    }
    ~Pipe() {
        ::close(ends_[0]);
        closeWriting();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    [[nodiscard]] int reading() const { return ends_[0]; }
    [[nodiscard]] int writing() const { return ends_[1]; }
    void closeWriting() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }
    [[nodiscard]] bool open() const { return open_; }

    /// Calls `line` for each whole line that has come.
    template <typename Line>
    void drain(Line&& line) {
        char buffer[1 << 14];
        while (open_) {
            const ssize_t got = ::read(ends_[0], buffer, sizeof buffer);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0)
                open_ = false;
            else
                pending_.append(buffer, static_cast<std::size_t>(got));
            takeLines(line);
        }
        if (!pending_.empty()) line(std::exchange(pending_, {}));
    }

  private:
    template <typename Line>
    void takeLines(Line&& line) {
        std::size_t start = 0;
        for (std::size_t end; (end = pending_.find('\n', start)) != std::string::npos; start = end + 1)
            line(pending_.substr(start, end - start));
        pending_.erase(0, start);
        if (pending_.size() > kLongestLine) pending_.clear();
    }

    int ends_[2];
    bool open_ = true;
    std::string pending_;
};

/// Passes everything on but the end, which it keeps: the end is told once the process is gone.
class EndKeeper : public JobSink {
  public:
    explicit EndKeeper(JobSink& sink) : sink_(sink) {}
    void onProgress(const Progress& progress) override { sink_.onProgress(progress); }
    void onMetric(const Metric& metric) override { sink_.onMetric(metric); }
    void onLog(LogLevel level, const std::string& line) override { sink_.onLog(level, line); }
    void onEnd(const JobOutcome& outcome) override { end = outcome; }
    std::optional<JobOutcome> end;

  private:
    JobSink& sink_;
};

class ChildProcess {
  public:
    ChildProcess(const std::filesystem::path& program, const std::filesystem::path& runFolder, const StopToken& stop,
                 JobSink& sink)
        : stop_(stop), sink_(sink), events_(sink) {
        spawn(program, runFolder);
    }

    JobOutcome follow() {
        const auto passEvent = [this](const std::string& line) { dispatchEvent(line, events_); };
        const auto passLog = [this](const std::string& line) {
            if (!line.empty()) sink_.onLog(LogLevel::Info, lastWords_ = line);
        };
        // A grandchild may keep the pipes open, so the end is told from the process itself.
        while (!reap(WNOHANG)) {
            heedWish();
            pollfd waits[2]{{output_.open() ? output_.reading() : -1, POLLIN, 0},
                            {errors_.open() ? errors_.reading() : -1, POLLIN, 0}};
            ::poll(waits, 2, kPollMilliseconds);
            output_.drain(passEvent);
            errors_.drain(passLog);
        }
        output_.drain(passEvent);
        errors_.drain(passLog);
        return outcome();
    }

  private:
    void spawn(const std::filesystem::path& program, const std::filesystem::path& runFolder) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, output_.writing(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, errors_.writing(), STDERR_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        // SIGINT waits until the program has its handler and unblocks it; a Ctrl-C in our terminal does not reach it.
        sigset_t blocked;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGINT);
        posix_spawnattr_setsigmask(&attributes, &blocked);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        std::string words[] = {program.string(), "run", runFolder.string(), "--events"};
        char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
        const int failed = ::posix_spawn(&process_, program.c_str(), &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        if (failed) throw Error(fmt::format("Cannot start {}: {}", program.string(), std::strerror(failed)));
        output_.closeWriting();
        errors_.closeWriting();
    }

    bool reap(int flags) { return ::waitpid(process_, &status_, flags) == process_; }

    void heedWish() {
        const StopWish wish = stop_.wish();
        if (wish == StopWish::Finish && signals_ == 0) {
            ::kill(process_, SIGINT);
            ++signals_;
        }
        if (wish != StopWish::Cancel) return;
        if (!cancelSince_) cancelSince_ = Clock::now();
        // Signals that come close together merge into one, so the second is repeated until it has been heard.
        ::kill(process_, Clock::now() - *cancelSince_ > kPatience ? SIGKILL : SIGINT);
        ++signals_;
    }

    [[nodiscard]] JobOutcome outcome() const {
        if (events_.end) return *events_.end;
        if (stop_.cancelRequested()) return {JobEnd::Cancelled, {}};
        const std::string words = lastWords_.empty() ? "" : fmt::format(" Its last words: {}", lastWords_);
        if (!WIFSIGNALED(status_))
            return {JobEnd::Failed,
                    fmt::format("The run's process stopped with exit code {} before the run had ended.{}",
                                WEXITSTATUS(status_), words)};
        const int signal = WTERMSIG(status_);
        const char* guess =
            signal == SIGKILL ? " Perhaps the computer ran out of memory: try a smaller batch size or box." : "";
        return {JobEnd::Failed, fmt::format("The run's process was killed by signal {} ({}).{}{}", signal,
                                            ::strsignal(signal), guess, words)};
    }

    StopToken stop_;
    JobSink& sink_;
    EndKeeper events_;
    Pipe output_, errors_;
    pid_t process_ = -1;
    int status_ = 0;
    int signals_ = 0;
    std::optional<Clock::time_point> cancelSince_;
    std::string lastWords_;
};

JobOutcome runProcess(const std::filesystem::path& program, const QueuedJob& job) {
    JobOutcome outcome;
    try {
        outcome = ChildProcess(program, job.jobRequest().runFolder, job.stop(), job.sink()).follow();
    } catch (const std::exception& cause) {
        outcome = {JobEnd::Failed, cause.what()};
    }
    job.sink().onEnd(outcome);
    return outcome;
}

}  // namespace

std::unique_ptr<JobRunner> makeProcessRunner(std::filesystem::path program) {
    return std::make_unique<QueueRunner>(
        [program = std::move(program)](const QueuedJob& job) { return runProcess(program, job); }, 0);
}

}  // namespace tomoloupe
