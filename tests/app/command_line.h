#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace tomoloupe::test {

/// What one call of the built tomoloupe-cli gave.
struct CommandResult {
    int exitCode = -1;  ///< 128 + signal where a signal ended it
    std::string output, errors;
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(output); }
};

/// The program that $TOMOLOUPE_CLI names, else the one in build/.../bin of the working folder.
[[nodiscard]] std::filesystem::path cliProgram();
/// True when the engine module lies where the program looks for it; else says that the test is skipped.
[[nodiscard]] bool engineIsBuilt();

/// Runs the program in `folder` with words as a shell splits them (no quotes).
[[nodiscard]] CommandResult runCli(const std::filesystem::path& folder, const std::string& words);

/// The program in the background, its output in files.
class BackgroundCli {
  public:
    BackgroundCli(std::filesystem::path folder, const std::string& words);
    /// Kills it if it still runs.
    ~BackgroundCli();
    BackgroundCli(const BackgroundCli&) = delete;
    BackgroundCli& operator=(const BackgroundCli&) = delete;
    /// True as soon as `condition` holds; false when the program ended before.
    template <typename Condition>
    [[nodiscard]] bool waitUntil(Condition&& condition) {
        while (!condition())
            if (!pause()) return condition();
        return true;
    }
    void send(int signal) const;
    [[nodiscard]] CommandResult wait();

  private:
    /// A moment later; false when the program has ended.
    [[nodiscard]] bool pause();

    std::filesystem::path folder_;
    pid_t process_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

}  // namespace tomoloupe::test
