#include "tests/app/command_line.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <vector>

extern char** environ;

namespace tomoloupe::test {
namespace {

std::string contentOf(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

pid_t spawnIn(const std::filesystem::path& folder, const std::string& words) {
    std::vector<std::string> arguments{cliProgram().string()};
    std::istringstream split(words);
    for (std::string word; split >> word;) arguments.push_back(word);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const std::string output = folder / ".output", errors = folder / ".errors";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    pid_t process = -1;
    const int failed = ::posix_spawn(&process, arguments[0].c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) throw std::runtime_error("cannot start " + arguments[0]);
    return process;
}

}  // namespace

std::filesystem::path cliProgram() {
    const char* given = std::getenv("TOMOLOUPE_CLI");
    return std::filesystem::absolute(given ? given : "bin/tomoloupe-cli");
}

bool engineIsBuilt() {
    const auto engine = cliProgram().parent_path() / "../lib/tomoloupe/libtomoloupe_engine.so";
    if (std::filesystem::exists(engine)) return true;
    std::cout << "skipped: " << engine.lexically_normal().string() << " is not built\n";
    return false;
}

CommandResult runCli(const std::filesystem::path& folder, const std::string& words) {
    return BackgroundCli(folder, words).wait();
}

BackgroundCli::BackgroundCli(std::filesystem::path folder, const std::string& words)
    : folder_(std::move(folder)), process_(spawnIn(folder_, words)) {}

BackgroundCli::~BackgroundCli() {
    if (ended_) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

void BackgroundCli::send(int signal) const {
    ::kill(process_, signal);
}

bool BackgroundCli::pause() {
    if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
    if (!ended_) ::usleep(2000);
    return !ended_;
}

CommandResult BackgroundCli::wait() {
    if (!ended_) ended_ = ::waitpid(process_, &status_, 0) == process_;
    const int code = WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
    return {code, contentOf(folder_ / ".output"), contentOf(folder_ / ".errors")};
}

}  // namespace tomoloupe::test
