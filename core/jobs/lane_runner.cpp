#include "core/jobs/lane_runner.h"

namespace tomoloupe {
namespace {

class LaneRunner : public JobRunner {
  public:
    LaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> brief, std::function<bool(const JobRequest&)> isBrief)
        : main_(std::move(main)), brief_(std::move(brief)), isBrief_(std::move(isBrief)) {}
    std::shared_ptr<JobHandle> start(JobRequest request, std::shared_ptr<JobSink> sink) override {
        JobRunner& lane = isBrief_(request) ? *brief_ : *main_;
        return lane.start(std::move(request), std::move(sink));
    }

  private:
    std::unique_ptr<JobRunner> main_, brief_;
    std::function<bool(const JobRequest&)> isBrief_;
};

}  // namespace

std::unique_ptr<JobRunner> makeLaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> brief,
                                          std::function<bool(const JobRequest&)> isBrief) {
    return std::make_unique<LaneRunner>(std::move(main), std::move(brief), std::move(isBrief));
}

// The folder's name is number-kind-title.
bool isExplanation(const JobRequest& request) {
    return request.runFolder.filename().string().find("-explain") == 4;
}

}  // namespace tomoloupe
