// Stands in for tomoloupe-cli: `runner_helper run FOLDER --events`.
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "core/jobs/job_events.h"
#include "tests/core/jobs/script_job.h"

namespace {

tomoloupe::StopSource* stopSource = nullptr;

void onFinish(int) { stopSource->request(tomoloupe::StopWish::Finish); }
void onCancel(int) { stopSource->request(tomoloupe::StopWish::Cancel); }

std::string scriptOf(const std::filesystem::path& folder) {
    std::string word;
    std::ifstream(folder / "script") >> word;
    return word;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 || std::strcmp(argv[1], "run") != 0 || std::strcmp(argv[3], "--events") != 0) return 2;
    const std::string word = scriptOf(argv[2]);
    if (word == "killed") std::raise(SIGKILL);
    if (word == "exit") {
        std::cerr << "no such library\n";
        return 3;
    }
    tomoloupe::StopSource stop;
    stopSource = &stop;
    std::signal(SIGINT, onFinish);
    std::signal(SIGUSR1, onCancel);
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigaddset(&interrupt, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &interrupt, nullptr);
    tomoloupe::JsonLinesSink sink(std::cout);
    if (word == "chatter") std::cout << "a library says hello\n{\"unknown\": 1}\n";
    tomoloupe::test::ScriptJob job(argv[2]);
    return tomoloupe::runJob(job, stop.token(), sink).end == tomoloupe::JobEnd::Failed ? 1 : 0;
}
