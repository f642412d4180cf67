#include "core/experiment/experiment_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/experiment/cell_record.h"
#include "core/jobs/engine_loader.h"
#include "core/project/project.h"
#include "core/project/stored_predictions.h"
#include "core/recipe/explain_options.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

/// Folds the progress of one run into that of all cells, and leaves what a run says of itself to its own log.
class CellSink : public JobSink {
  public:
    CellSink(JobContext& all, double before, double effort, double total)
        : all_(all), before_(before), effort_(effort), total_(total) {}
    void onProgress(const Progress& progress) override { all_.progress(before_ + effort_ * progress.fraction, total_); }
    void onMetric(const Metric& metric) override { all_.sink().onMetric(metric); }
    void onLog(LogLevel level, const std::string& line) override {
        if (level == LogLevel::Warning || level == LogLevel::Error) all_.log(level, line);
    }
    void onEnd(const JobOutcome&) override {}

  private:
    JobContext& all_;
    double before_, effort_, total_;
};

json machineFacts(const json& versions) {
    const json engine = json::parse(loadEngine().describe()), training = json::parse(loadEngine().describeTraining());
    json machine = versions;
    machine["libtorch"] = engine.value("version", "");
    machine["blas"] = engine.value("blas", "");
    machine["device"] = training["cards"].empty() ? fmt::format("cpu, {} threads", engine.value("threads", 0))
                                                  : training["cards"][0].value("title", "");
    return machine;
}

std::unique_ptr<Project> openOrCreate(const std::filesystem::path& folder) {
    return std::filesystem::exists(folder / "project.db") ? Project::open(folder) : Project::create(folder);
}

bool hasSet(const Project& project, const std::string& name) {
    const auto sets = project.particleSets();
    return std::any_of(sets.begin(), sets.end(), [&](const ParticleSetRecord& set) { return set.name == name; });
}

class ExperimentJob : public Job {
  public:
    ExperimentJob(ExperimentRecipe recipe, ExperimentPlace place)
        : recipe_(std::move(recipe)), place_(std::move(place)) {}

    void run(JobContext& context) override {
        records_ = readRecords(place_.folder);
        std::vector<ExperimentCell> cells;
        const auto units = planExperiment(recipe_);
        for (std::size_t unit = std::size_t(place_.shard - 1); unit < units.size(); unit += std::size_t(place_.shards))
            cells.insert(cells.end(), units[unit].begin(), units[unit].end());
        std::erase_if(cells, [&](const ExperimentCell& cell) { return records_.contains(cell.title); });
        for (const ExperimentCell& cell : cells) total_ += cell.effort;
        context.setStages(1);
        context.beginStage("Experiment");
        for (std::size_t i = 0; i < cells.size(); ++i) {
            context.stop().throwIfCancelled();
            context.log(LogLevel::Info, fmt::format("{} of {}: {}", i + 1, cells.size(), cells[i].title));
            try {
                perform(cells[i], context);
            } catch (const Cancelled&) {
                throw;
            } catch (const Error& cause) {
                throw Error(fmt::format("The cell \"{}\" of the experiment failed", cells[i].title), cause);
            }
            done_ += cells[i].effort;
            context.progress(done_, total_);
        }
    }

  private:
    void perform(const ExperimentCell& cell, JobContext& context) {
        const ExperimentSet& set = recipe_.sets[std::size_t(cell.set)];
        const auto project = set.simulate.is_null() ? Project::open(set.project) : simulated(set, context);
        const auto begin = std::chrono::steady_clock::now();
        const Run run = begunOrNew(*project, configOf(*project, cell));
        if (run.state() != RunState::Done) execute(run, cell.effort, context);
        CellRecord record = recordOf(recipe_, cell, run);
        record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (machine_.is_null()) machine_ = machineFacts(run.config().versions);
        record.machine = machine_;
        record.run = placeOf(run);
        writeRecord(place_.folder, record);
        records_[cell.title] = std::move(record);
    }

    [[nodiscard]] std::unique_ptr<Project> simulated(const ExperimentSet& set, JobContext& context) const {
        auto project = openOrCreate(place_.project());
        if (hasSet(*project, set.name)) return project;
        RunConfig config;
        config.kind = "simulate";
        config.title = set.name;
        config.options = set.simulate;
        config.particleSet = set.name;
        config.seed = recipe_.dataSeed;
        execute(project->createRun(config), 0, context);
        return project;
    }

    /// The run that this experiment began for the cell, where it is done or can go on; else a new one. Its folder is
    /// noted, as other runs of the project may look the same and have learnt from other labels.
    [[nodiscard]] Run begunOrNew(Project& project, const RunConfig& config) const {
        const std::filesystem::path note = place_.folder / "experiment" / "begun" / cellFile(config.title);
        std::error_code none;
        if (std::filesystem::exists(note, none)) {
            const std::filesystem::path folder = runFolder(json::parse(readTextFile(note)).get<std::string>());
            if (std::filesystem::exists(folder / "run.json", none)) {
                const Run run(folder);
                if (run.state() == RunState::Done) return run;
                if (run.hasCheckpoint()) {
                    run.reopen();
                    return run;
                }
            }
        }
        const Run run = project.createRun(config);
        std::filesystem::create_directories(note.parent_path());
        writeAtomically(note, json(placeOf(run)).dump());
        return run;
    }

    void execute(const Run& run, double effort, JobContext& context) const {
        CellSink sink(context, done_, effort, std::max(total_, 1.0));
        JobContext inner(context.stop(), sink);
        makeRunJob(run.folder())->run(inner);
    }

    [[nodiscard]] RunConfig configOf(const Project& project, const ExperimentCell& cell) const {
        const ExperimentStart& start = recipe_.starts[std::size_t(cell.start)];
        const ExperimentSet& set = recipe_.sets[std::size_t(cell.set)];
        RunConfig config;
        config.kind = kindOf(cell);
        config.title = cell.title;
        config.particleSet = set.particleSet.empty() ? set.name : set.particleSet;
        config.seed = std::uint64_t(cell.seed);
        if (cell.kind == CellKind::Pretrain) {
            PretrainOptions options = *start.pretrain;
            config.options = toJson(options.describe());
        } else if (cell.kind == CellKind::Explain || cell.kind == CellKind::Picture) {
            const CellRecord& model = taughtMost(cell);
            config.options = explainOptions(cell, model);
            config.inputs = {modelOf(project, model)};
        } else {
            config.options = finetuneOptions(start, cell);
            if (start.pretrain) config.inputs = {modelOf(project, pretrainingOf(cell))};
        }
        return config;
    }

    static std::string kindOf(const ExperimentCell& cell) {
        if (cell.kind == CellKind::Probe) return "finetune";
        return cell.kind == CellKind::Picture ? "explain" : toText(cell.kind);
    }

    [[nodiscard]] json explainOptions(const ExperimentCell& cell, const CellRecord& model) const {
        ExplainRunOptions options;
        if (cell.kind == CellKind::Explain) {
            options.particles = recipe_.explain;
            options.sanityCheck = true;
        } else if (const auto held = readPredictions(Run(runFolder(model.run)), RunPart::Test);
                   held && !held->indices.empty()) {
            options.particle = held->indices.front();
            options.targetClass = held->truth.front() >= 0 ? held->classes[std::size_t(held->truth.front())] : "";
        }
        return toJson(options.describe());
    }

    static json finetuneOptions(const ExperimentStart& start, const ExperimentCell& cell) {
        FinetuneOptions options = start.finetune;
        if (cell.rate > 0) options.learningRate = cell.rate;
        if (cell.kind == CellKind::Finetune) {
            options.labelFraction = cell.fraction;
        } else {  // what the fit of the last layer says, and nothing that is learnt after it
            options.labelFraction = 1;
            options.probeFirst = options.freezeEncoder = true;
            options.lastLayer = "logistic";
            options.pseudoLabels = false;
            options.epochs = 1;
            options.minimumSteps = 0;
            options.learningRate = 1e-9;
        }
        return toJson(options.describe());
    }

    /// Whose model the cell starts from or explains: a cell before it in its unit.
    [[nodiscard]] const CellRecord& earlier(const ExperimentCell& cell,
                                            const std::function<bool(const ExperimentCell&)>& wanted) const {
        for (const ExperimentUnit& unit : planExperiment(recipe_))
            for (const ExperimentCell& other : unit)
                if (other.set == cell.set && other.start == cell.start && wanted(other))
                    return records_.at(other.title);
        throw Error(fmt::format("Nothing was learnt for \"{}\" to start from", cell.title));
    }
    [[nodiscard]] const CellRecord& pretrainingOf(const ExperimentCell& cell) const {
        const int number = (cell.seed - 1) % recipe_.pretrainSeeds + 1;
        return earlier(cell, [&](const ExperimentCell& other) {
            return other.kind == CellKind::Pretrain && other.seed == number;
        });
    }
    [[nodiscard]] const CellRecord& taughtMost(const ExperimentCell& cell) const {
        return earlier(cell, [&](const ExperimentCell& other) { return other.kind == CellKind::Finetune; });
    }

    /// As CellRecord::run has it, and back.
    [[nodiscard]] std::string placeOf(const Run& run) const {
        const std::filesystem::path whole = std::filesystem::absolute(run.folder());
        const std::filesystem::path within = whole.lexically_relative(std::filesystem::absolute(place_.folder));
        return within.empty() || *within.begin() == ".." ? whole.string() : within.string();
    }
    [[nodiscard]] std::filesystem::path runFolder(const std::string& place) const {
        return std::filesystem::absolute(place_.folder / place).lexically_normal();
    }

    /// As RunConfig::inputs wants it.
    [[nodiscard]] std::string modelOf(const Project& project, const CellRecord& record) const {
        const Run run(runFolder(record.run));
        return std::filesystem::equivalent(run.projectFolder(), project.folder()) ? run.id() : run.modelPath().string();
    }

    ExperimentRecipe recipe_;
    ExperimentPlace place_;
    std::map<std::string, CellRecord> records_;
    json machine_;  // asked once
    double done_ = 0, total_ = 0;
};

}  // namespace

std::filesystem::path ExperimentPlace::project() const {
    return shards == 1 ? folder : folder / fmt::format("shard-{}-of-{}.tomoloupe", shard, shards);
}

void openExperiment(const ExperimentPlace& place, const std::string& name, const nlohmann::json& recipe, bool reduced,
                    bool resume) {
    const json document{{"name", name}, {"reduced", reduced}, {"recipe", recipe}};
    const std::filesystem::path kept = place.folder / "experiment" / "recipe.json";
    if (std::filesystem::exists(kept)) {
        if (json::parse(readTextFile(kept), nullptr, false) != document)
            throw Error(fmt::format("{} holds another experiment, or another version of this one: give another folder",
                                    place.folder.string()));
        if (!resume && place.shards == 1)
            throw Error(fmt::format("{} holds this experiment already: go on with --resume, or give another folder",
                                    place.folder.string()));
        return;
    }
    std::error_code none;
    if (place.shards == 1) {
        if (!std::filesystem::exists(place.folder / "project.db")) static_cast<void>(Project::create(place.folder));
    } else if (!std::filesystem::exists(place.folder, none)) {
        std::filesystem::create_directories(place.folder);
    }
    std::filesystem::create_directories(kept.parent_path());
    writeAtomically(kept, document.dump(2) + "\n");
}

std::unique_ptr<Job> makeExperimentJob(ExperimentRecipe recipe, ExperimentPlace place) {
    return std::make_unique<ExperimentJob>(std::move(recipe), std::move(place));
}

}  // namespace tomoloupe
