#include "app/cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace tomoloupe::cli {
namespace {

constexpr std::chrono::milliseconds kTerminalPause{200};
constexpr std::chrono::seconds kLogPause{5};

StopSource* interrupted = nullptr;
StopWish nextWish = StopWish::Cancel;

}  // namespace

Interrupts::Interrupts(StopWish first) : first_(first) {
    interrupted = &source_;
    nextWish = first_;
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    std::signal(SIGUSR1, onCancel);
    // Whoever starts this program may have blocked them until now, so that none comes before its handler.
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigaddset(&interrupt, SIGUSR1);
    ::sigprocmask(SIG_UNBLOCK, &interrupt, nullptr);
}

Interrupts::~Interrupts() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGUSR1, SIG_IGN);  // the work is over: there is nothing left to cancel
    interrupted = nullptr;
}

void Interrupts::onSignal(int) {
    interrupted->request(nextWish);
    nextWish = StopWish::Cancel;
}

void Interrupts::onCancel(int) {
    interrupted->request(StopWish::Cancel);
}

ConsoleSink::ConsoleSink()
    : terminal_(::isatty(STDERR_FILENO)), next_(Clock::now() + (terminal_ ? Clock::duration{} : kLogPause)) {}

void ConsoleSink::onProgress(const Progress& progress) {
    if (Clock::now() < next_) return;
    next_ = Clock::now() + (terminal_ ? Clock::duration(kTerminalPause) : Clock::duration(kLogPause));
    std::string line = fmt::format("{} {:.0f} %", progress.stageName, 100 * progress.stageFraction);
    if (progress.stages > 1) line = fmt::format("[{}/{}] {}", progress.stage + 1, progress.stages, line);
    if (progress.remainingSeconds) line += fmt::format(", {} left", durationText(*progress.remainingSeconds));
    if (!figure_.empty()) line += ", " + figure_;
    show(line);
}

void ConsoleSink::onMetric(const Metric& metric) {
    if (metric.name == "loss") figure_ = fmt::format("loss {:.4g}", metric.value);
}

void ConsoleSink::onLog(LogLevel level, const std::string& line) {
    clearLine();
    log(level, line);
}

void ConsoleSink::onEnd(const JobOutcome&) {
    clearLine();
}

void ConsoleSink::show(const std::string& line) {
    if (!terminal_) {
        fmt::print(stderr, "{}\n", line);
        return;
    }
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
    shown_ = true;
}

void ConsoleSink::clearLine() {
    if (!shown_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_ = false;
}

void HelperSink::onLog(LogLevel level, const std::string& line) {
    if (level >= LogLevel::Warning) log(level, fmt::format("{}: {}", name_, line));
}

}  // namespace tomoloupe::cli
