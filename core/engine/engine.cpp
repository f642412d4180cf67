#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/jobs/engine_loader.h"
#include "core/nn/compute.h"
#include "core/simulate/molecule.h"

namespace tomoloupe {
namespace {

/// What every job of the engine has in common: a thread made ready, and LibTorch's errors told in one sentence.
class EngineJob : public Job {
  public:
    explicit EngineJob(std::unique_ptr<Job> inner) : inner_(std::move(inner)) {}

    void run(JobContext& context) override {
        prepareComputeThread();
        warnAboutSlowBlas();
        try {
            inner_->run(context);
        } catch (const c10::Error& error) {
            const std::string what = error.what_without_backtrace();
            throw Error(fmt::format("The computation failed in LibTorch: {}", what.substr(0, what.find('\n'))));
        } catch (const std::bad_alloc&) {
            throw Error("There is not enough memory; choose a smaller batch-size or close other programs");
        }
    }

  private:
    std::unique_ptr<Job> inner_;
};

std::unique_ptr<Job> makeJob(const std::filesystem::path& runFolder) {
    Run run(runFolder);
    const std::string kind = run.config().kind;
    const auto wrapped = [](std::unique_ptr<Job> job) { return std::make_unique<EngineJob>(std::move(job)); };
    if (kind == "pretrain") return wrapped(makePretrainJob(std::move(run)));
    if (kind == "finetune") return wrapped(makeFinetuneJob(std::move(run)));
    if (kind == "predict") return wrapped(makePredictJob(std::move(run)));
    if (kind == "embed") return wrapped(makeEmbedJob(std::move(run)));
    if (kind == "explain") return wrapped(makeExplainJob(std::move(run)));
    if (kind == "simulate") return wrapped(makeSimulateJob(std::move(run)));
    if (kind == "pick") return wrapped(makePickJob(std::move(run)));
    if (kind == "extract") return wrapped(makeExtractJob(std::move(run)));
    throw Error(fmt::format("{} asks for a run of kind \"{}\", which this program does not know", (runFolder / "run.json").string(), kind));
}

std::unique_ptr<Job> makeWrappedTomogramJob(const std::string& optionsJson, std::uint64_t seed, const std::filesystem::path& tomogram,
                                            const std::filesystem::path& truth) {
    return std::make_unique<EngineJob>(makeTomogramJob(optionsJson, seed, tomogram, truth));
}

std::string describe() {
    nlohmann::json devices{"cpu"};
    if (at::hasCUDA()) devices.push_back("cuda");
    nlohmann::json structures = nlohmann::json::array();
    for (const BuiltInStructure& structure : builtInStructures()) {
        structures.push_back({{"name", structure.name},
                              {"title", structure.title},
                              {"symmetry", structure.symmetry},
                              {"mass_dalton", structure.massDalton},
                              {"diameter_angstrom", structure.diameterAngstrom},
                              {"source", structure.source}});
    }
    return nlohmann::json{{"version", TORCH_VERSION},
                          {"devices", devices},
                          {"blas", blasName()},
                          {"threads", std::thread::hardware_concurrency()},
                          {"structures", structures}}
        .dump();
}

}  // namespace
}  // namespace tomoloupe

extern "C" __attribute__((visibility("default"))) const tomoloupe::EngineTable* tomoloupeEngine() {
    static const tomoloupe::EngineTable table{tomoloupe::EngineTable::kAbi, tomoloupe::makeJob, tomoloupe::benchTraining,
                                              tomoloupe::describe, tomoloupe::makeWrappedTomogramJob, tomoloupe::previewSimulation, tomoloupe::previewPicking,
                                              tomoloupe::previewViews, tomoloupe::describeEncoders, tomoloupe::describeTraining, tomoloupe::measureTraining};
    return &table;
}
