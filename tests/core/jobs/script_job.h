#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "core/base/error.h"
#include "core/jobs/job.h"

namespace tomoloupe::test {

/// A job that does what one word in the file `script` of a folder says; the same in this process and in runner_helper.
class ScriptJob : public Job {
  public:
    explicit ScriptJob(const std::filesystem::path& folder) { std::ifstream(folder / "script") >> word_; }

    void run(JobContext& context) override {
        context.setStages(2);
        context.beginStage("first");
        context.progress(1, 1);
        context.beginStage("second");
        context.metric("loss", 1, 0.5);
        context.log(LogLevel::Info, "said");
        if (word_ == "fail") throw Error("The disk is full");
        if (word_ == "memory") throw std::bad_alloc();
        if (word_ == "strange") throw 7;
        if (word_ == "wait") waitForWish(context);
        context.progress(1, 1);
    }

  private:
    static void waitForWish(JobContext& context) {
        context.metric("waiting", 1, 1);
        while (!context.stop().finishRequested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        // A Finish may be followed by a Cancel: give it its time.
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(400);
        while (std::chrono::steady_clock::now() < until) {
            context.stop().throwIfCancelled();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    std::string word_;
};

}  // namespace tomoloupe::test
