#include "ui/models/label_rounds.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/recipe/built_in_recipes.h"
#include "core/recipe/learning.h"
#include "ui/bridge/text.h"
#include "ui/models/map_model.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kMappedAtMost = 20'000;  // seconds, not minutes, on two cores
constexpr std::int64_t kFewest = 3;  // labels of a class that fine-tuning takes; see docs/user/fine-tuning.md

/// The recipe's options, at which the runs of rounds are known again.
nlohmann::json roundOptions() {
    FinetuneOptions options;
    fromJson(options.describe(), builtInRecipe("labelling-round").at("finetune"));
    return toJson(options.describe());
}

bool finished(const RunRow& row) {
    return row.state == RunState::Done || row.state == RunState::FinishedEarly;
}

}  // namespace

std::pair<double, double> wilsonInterval(double right, double count) {
    if (count <= 0) return {0, 1};
    constexpr double z = 1.959964;
    const double p = right / count, scale = 1 / (1 + z * z / count);
    const double middle = scale * (p + z * z / (2 * count));
    const double half = scale * z * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
    return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

LabelRounds::LabelRounds(const Workbench& workbench, QObject* parent)
    : QObject(parent), bench_(workbench), list_(workbench.project, workbench.io) {
    const ProjectModel* project = &bench_.project;
    connect(project, &ProjectModel::setChanged, this, &LabelRounds::takeSet);
    connect(project, &ProjectModel::labelsChanged, this, &LabelRounds::decide);
    connect(project, &ProjectModel::contentsChanged, this, &LabelRounds::standingsChanged);
    connect(project, &ProjectModel::runsChanged, this, &LabelRounds::standingsChanged);
    connect(&list_, &ParticleModel::listed, this, &LabelRounds::takeList);
    connect(&list_, &ParticleModel::failed, this, &LabelRounds::failed);
    connect(&bench_.jobs, &JobController::ended, this, &LabelRounds::jobEnded);
    connect(&bench_.jobs, &JobController::progressed, this, [this](int job) {
        if (job == job_) Q_EMIT learningChanged();
    });
    takeSet();
}

/// Another set begins anew; the same one was read again because something about it is new, such as predictions.
void LabelRounds::takeSet() {
    const SetContents* set = bench_.project.set();
    const std::int64_t id = set ? set->record.id : 0;
    if (id != setId_) {
        setId_ = id;
        skipped_.clear();
        proposed_.clear();
        Q_EMIT proposedChanged();
    }
    Q_EMIT standingsChanged();
    if (set && decidedCount() == 0) propose();
}

void LabelRounds::propose() {
    if (!bench_.project.set()) return;
    wanted_ = true;
    ParticleQuery query;
    query.state = LabelState::Unlabelled;
    query.sort = SortKey::LabelNext;
    list_.ask(query);
}

void LabelRounds::takeList() {
    if (!std::exchange(wanted_, false)) return;
    std::vector<std::int64_t> next, passed;
    for (int row = 0; row < list_.rowCount() && next.size() < kSize; ++row) {
        const std::int64_t particle = list_.particleAt(row);
        (skipped_.count(particle) ? passed : next).push_back(particle);
    }
    if (next.empty()) {  // nothing else is left: once more what was skipped
        skipped_.clear();
        next.assign(passed.begin(), passed.begin() + std::min<std::ptrdiff_t>(kSize, std::ssize(passed)));
    }
    proposed_ = std::move(next);
    Q_EMIT proposedChanged();
}

bool LabelRounds::decided(std::int64_t particle) const {
    return skipped_.count(particle) > 0 || bench_.project.labelOf(particle) != 0;
}

int LabelRounds::decidedCount() const {
    return static_cast<int>(
        std::count_if(proposed_.begin(), proposed_.end(), [this](std::int64_t particle) { return decided(particle); }));
}

void LabelRounds::skip(std::int64_t particle) {
    skipped_.insert(particle);
    decide();
}

void LabelRounds::decide() {
    Q_EMIT decidedChanged();
    if (proposed_.empty() || decidedCount() < std::ssize(proposed_)) return;
    if (automatic_) learn();
    propose();
}

QString LabelRounds::obstacle() const {
    if (!bench_.project.set()) return tr("Choose a particle set first.");
    if (!bench_.project.set()->source) return tr("Extract the set's subtomograms first: a model learns from boxes of one size.");
    int ready = 0;
    for (const ClassRecord& record : bench_.project.contents().classes)
        ready += record.role != ClassRole::Unsure && bench_.project.labelsOf(record.id) >= kFewest;
    if (ready < 2) return tr("The model begins to learn when two classes have %1 labels each.").arg(kFewest);
    return {};
}

void LabelRounds::learn() {
    again_ = learning();  // what was labelled since is learnt next
    if (learning() || !obstacle().isEmpty()) return;
    RunConfig config;
    config.kind = "finetune";
    config.title = tr("%1 labels").arg(bench_.project.labelled()).toStdString();
    config.particleSet = taughtSet_ = bench_.project.set()->record.name;
    config.options = roundOptions();
    if (!start_.isEmpty()) config.inputs = {start_.toStdString()};
    taught_ = bench_.launcher.start(config);
    follow(taught_);
}

/// The launcher queues the job of a run under the run's folder.
void LabelRounds::follow(const QString& runId) {
    job_ = 0;
    for (const int job : bench_.jobs.active()) {
        const std::string folder = bench_.jobs.runFolder(job).filename().string();
        if (!runId.isEmpty() && folder.rfind(runId.toStdString(), 0) == 0) job_ = job;
    }
    Q_EMIT learningChanged();
}

void LabelRounds::stopLearning() {
    again_ = false;
    if (learning()) bench_.jobs.request(job_, StopWish::Cancel);
}

void LabelRounds::jobEnded(int job, const JobOutcome& outcome) {
    if (job != job_) return;
    job_ = 0;
    const bool useful = outcome.end == JobEnd::Done || outcome.end == JobEnd::FinishedEarly;
    if (useful && !taught_.isEmpty()) {
        predict();
    } else if (useful && !mapped_.isEmpty()) {
        map();
    } else if (outcome.end == JobEnd::Failed) {
        Q_EMIT failed(toQString(outcome.message));
    }
    Q_EMIT learningChanged();
    if (!learning() && again_) learn();
}

void LabelRounds::predict() {
    RunConfig config;
    config.kind = "predict";
    config.title = tr("by %1").arg(taught_).toStdString();
    config.particleSet = taughtSet_;
    config.options = toJson(PredictOptions().describe());
    mapped_ = std::exchange(taught_, {});
    config.inputs = {mapped_.toStdString()};
    follow(bench_.launcher.start(config));
}

void LabelRounds::map() {
    const std::string model = std::exchange(mapped_, {}).toStdString();
    const auto& sets = bench_.project.contents().sets;
    const auto set = std::find_if(sets.begin(), sets.end(), [this](const ParticleSetRecord& record) { return record.name == taughtSet_; });
    if (mapping_ && set != sets.end() && set->count <= kMappedAtMost) follow(bench_.launcher.start(embeddingConfig(taughtSet_, model)));
}

std::vector<LabelRounds::Standing> LabelRounds::standings() const {
    std::map<std::int64_t, Standing> byLabels;
    const SetContents* set = bench_.project.set();
    if (!set) return {};
    static const nlohmann::json options = roundOptions();
    std::string labelSet;
    for (const LabelSetRecord& known : bench_.project.contents().labelSets)
        if (known.current) labelSet = known.name;
    for (const RunRow& row : bench_.project.contents().runs) {  // newest first
        const RunConfig& config = row.run.config();
        if (config.kind != "finetune" || config.particleSet != set->record.name || !finished(row) || config.options != options ||
            config.labelSet != labelSet)
            continue;
        Standing standing{.labels = row.result.value("label_count", std::int64_t(0)),
                          .tested = row.result["test"].value("count", std::int64_t(0)),
                          .runId = toQString(row.run.id())};
        standing.accuracy = row.result.value("test_accuracy", 0.0);
        const auto tested = static_cast<double>(standing.tested);
        std::tie(standing.low, standing.high) = wilsonInterval(standing.accuracy * tested, tested);
        byLabels.emplace(standing.labels, standing);
    }
    std::vector<Standing> standings;
    for (const auto& [labels, standing] : byLabels) standings.push_back(standing);
    return standings;
}

}  // namespace tomoloupe
