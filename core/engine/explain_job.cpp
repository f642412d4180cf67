#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/explain/grad_cam.h"
#include "core/io/mrc_writer.h"
#include "core/nn/compute.h"
#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

class ExplainJob : public Job {
  public:
    explicit ExplainJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const at::Device device = chooseDevice(options_.device);
        const RunData data(run_);
        if (run_.config().inputs.empty()) throw Error("An explanation needs a model: name a fine-tuned run");
        const Model model = loadModel(modelPathOf(data.project(), run_.config().inputs.front()), device);
        if (!model.classifier) throw Error("This model was pre-trained only and has no classes to explain; fine-tune it first");
        data.checkFits(model.manifest);
        if (options_.particle >= data.source().count())
            throw InvalidOptions(fmt::format("There is no particle {} in set {}: it has {}, counted from 0", options_.particle,
                                             data.set().name, data.source().count()));
        context.beginStage("Explaining");
        const Volume volume = standardised(data.source().read(options_.particle));
        const HeatMap map = gradCam(model, volume, targetClass(model.manifest.classes), device);
        context.stop().throwIfCancelled();
        writeMrc(run_.folder() / "volume.mrc", volume, "Tomoloupe: subtomogram as the network saw it");
        writeMrc(run_.folder() / "heat.mrc", map.heat, "Tomoloupe: Grad-CAM, 0 to 1");
        context.progress(1, 1);
        run_.writeResult(RunState::Done, {{"model", run_.config().inputs.front()},
                                          {"particle", options_.particle},
                                          {"particle_id", data.particleIds()[std::size_t(options_.particle)]},
                                          {"class", model.manifest.classes[std::size_t(map.targetClass)]},
                                          {"probability", map.probability},
                                          {"entropy", map.entropy},
                                          {"above_half", map.aboveHalf}});
    }

  private:
    [[nodiscard]] int targetClass(const std::vector<std::string>& classes) const {
        if (options_.targetClass.empty()) return -1;
        const auto found = std::find(classes.begin(), classes.end(), options_.targetClass);
        if (found == classes.end())
            throw InvalidOptions(fmt::format("The model knows no class \"{}\"; it knows {}", options_.targetClass, fmt::join(classes, ", ")));
        return int(found - classes.begin());
    }

    Run run_;
    ExplainOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeExplainJob(Run run) { return std::make_unique<ExplainJob>(std::move(run)); }

}  // namespace tomoloupe
