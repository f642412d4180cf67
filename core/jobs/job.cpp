#include "core/jobs/job.h"

#include <new>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

JobOutcome runToOutcome(Job& job, const StopToken& stop, JobSink& sink) {
    try {
        JobContext context(stop, sink);
        job.run(context);
        // What came after a Cancel and still returned has kept its state as after a Finish.
        return {stop.finishRequested() ? JobEnd::FinishedEarly : JobEnd::Done, {}};
    } catch (const Cancelled&) {
        return {JobEnd::Cancelled, {}};
    } catch (const std::bad_alloc&) {
        return {JobEnd::Failed,
                "There is not enough memory. Close other programs, or choose a smaller batch size or box."};
    } catch (const std::exception& cause) {
        return {JobEnd::Failed, cause.what()};
    } catch (...) {
        return {JobEnd::Failed, "It ended for a reason that the program does not know."};
    }
}

}  // namespace

void JobContext::beginStage(std::string name) {
    meter_.beginStage(std::move(name), nextStage_++);
    progress(0, 1);
}

JobOutcome runJob(Job& job, StopToken stop, JobSink& sink) noexcept {
    JobOutcome outcome = runToOutcome(job, stop, sink);
    sink.onEnd(outcome);
    return outcome;
}

}  // namespace tomoloupe
