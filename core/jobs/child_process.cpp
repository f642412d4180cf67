#include "core/jobs/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <utility>

#include "core/base/error.h"

extern char** environ;

namespace tomoloupe {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 50;
/// How long a process may take to heed a Cancel before it is killed; its last checkpoint is on disk at any moment.
constexpr std::chrono::milliseconds kPatience{1500};
constexpr std::size_t kLongestLine = 1 << 20;
constexpr int kExpendable = 500;  // of 1000

}  // namespace

/// The reading end of a pipe whose writing end a child gets.
class ChildProcess::Pipe {
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

ChildProcess::ChildProcess(const ChildSpec& spec) : output_(std::make_unique<Pipe>()), errors_(std::make_unique<Pipe>()) {
    spawn(spec);
}

ChildProcess::~ChildProcess() = default;

void ChildProcess::spawn(const ChildSpec& spec) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output_->writing(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors_->writing(), STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Both wait until the program has its handlers and unblocks them; a Ctrl-C in our terminal does not reach it.
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGUSR1);
    posix_spawnattr_setsigmask(&attributes, &blocked);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words{spec.program.string()};
    words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = ::posix_spawn(&process_, spec.program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) throw Error(fmt::format("Cannot start {}: {}", spec.program.string(), std::strerror(failed)));
    // Linux: of its first thread, from which all others inherit it.
    if (spec.niceness > 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(process_), spec.niceness);
    if (spec.expendable) std::ofstream(fmt::format("/proc/{}/oom_score_adj", process_)) << kExpendable;
    output_->closeWriting();
    errors_->closeWriting();
}

bool ChildProcess::reap() {
    if (ended_) return true;
    ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
    return ended_;
}

void ChildProcess::follow(const StopToken& stop, const Line& output, const Line& errors) {
    // A grandchild may keep the pipes open, so the end is told from the process itself.
    while (!reap()) {
        heed(stop.wish());
        pollfd waits[2]{{output_->open() ? output_->reading() : -1, POLLIN, 0}, {errors_->open() ? errors_->reading() : -1, POLLIN, 0}};
        ::poll(waits, 2, kPollMilliseconds);
        output_->drain(output);
        errors_->drain(errors);
    }
    output_->drain(output);
    errors_->drain(errors);
}

void ChildProcess::heed(StopWish wish) {
    if (wish == StopWish::Finish && signals_ == 0) {
        ::kill(process_, SIGINT);
        ++signals_;
    }
    if (wish != StopWish::Cancel) return;
    if (!cancelSince_) cancelSince_ = Clock::now();
    ::kill(process_, Clock::now() - *cancelSince_ > kPatience ? SIGKILL : SIGUSR1);
}

int ChildProcess::exitCode() const { return WIFSIGNALED(status_) ? -WTERMSIG(status_) : WEXITSTATUS(status_); }

std::string outputOf(const ChildSpec& spec, const StopToken& stop) {
    std::string output, lastWords;
    ChildProcess child(spec);
    child.follow(
        stop, [&](const std::string& line) { output += line + "\n"; },
        [&](const std::string& line) {
            if (!line.empty()) lastWords = line;
        });
    stop.throwIfCancelled();
    if (child.exitCode() == -SIGKILL)
        throw Error("The process was ended by the system, perhaps because memory ran out: choose a smaller batch size, box or encoder");
    if (child.exitCode() != 0) {
        constexpr std::string_view kMark = "error: ";
        if (lastWords.rfind(kMark, 0) == 0) lastWords.erase(0, kMark.size());
        throw Error(lastWords.empty() ? fmt::format("{} stopped with exit code {}", spec.program.filename().string(), child.exitCode()) : lastWords);
    }
    return output;
}

}  // namespace tomoloupe
