#include "core/jobs/lane_runner.h"

namespace tomoloupe {
namespace {

class LaneRunner : public JobRunner {
  public:
    LaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> aside, std::function<bool(const JobRequest&)> goesAside)
        : main_(std::move(main)), aside_(std::move(aside)), goesAside_(std::move(goesAside)) {}
    std::shared_ptr<JobHandle> start(JobRequest request, std::shared_ptr<JobSink> sink) override {
        JobRunner& lane = goesAside_(request) ? *aside_ : *main_;
        return lane.start(std::move(request), std::move(sink));
    }
    const JobHandle* move(const JobHandle& job, int places) override {
        const JobHandle* other = main_->move(job, places);
        return other ? other : aside_->move(job, places);
    }

  private:
    std::unique_ptr<JobRunner> main_, aside_;
    std::function<bool(const JobRequest&)> goesAside_;
};

}  // namespace

std::unique_ptr<JobRunner> makeLaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> aside,
                                          std::function<bool(const JobRequest&)> goesAside) {
    return std::make_unique<LaneRunner>(std::move(main), std::move(aside), std::move(goesAside));
}

// The folder's name is number-kind-title.
bool isExplanation(const JobRequest& request) {
    return request.runFolder.filename().string().find("-explain") == 4;
}

bool wantsProcess(const JobRequest& request) {
    return request.ownProcess;
}

}  // namespace tomoloupe
