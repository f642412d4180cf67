#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/stop_token.h"

namespace tomoloupe {

struct ChildSpec {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    int niceness = 0;         ///< 0..19
    bool expendable = false;  ///< where memory runs out the system ends it rather than this process
};

/// A program of ours that works beside this process; one thread uses it. Finish becomes SIGINT, Cancel SIGUSR1, and after one and a half
/// seconds SIGKILL.
class ChildProcess {
  public:
    using Line = std::function<void(const std::string&)>;

    /// Starts it. Throws Error.
    explicit ChildProcess(const ChildSpec& spec);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Hands on what it prints, line by line, until it has ended.
    void follow(const StopToken& stop, const Line& output, const Line& errors);
    /// After follow(): its exit code, or minus the signal that ended it.
    [[nodiscard]] int exitCode() const;

  private:
    class Pipe;
    void spawn(const ChildSpec& spec);
    bool reap();
    void heed(StopWish wish);

    std::unique_ptr<Pipe> output_, errors_;
    pid_t process_ = -1;
    int status_ = 0;
    bool ended_ = false;
    int signals_ = 0;
    std::optional<std::chrono::steady_clock::time_point> cancelSince_;
};

/// What a program prints on standard output. Throws Error with its last line on standard error when it fails, Cancelled when that is wished.
[[nodiscard]] std::string outputOf(const ChildSpec& spec, const StopToken& stop);

}  // namespace tomoloupe
