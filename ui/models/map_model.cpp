#include "ui/models/map_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/jobs/map_job.h"
#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"

namespace tomoloupe {
namespace {

constexpr int kNiceness = 15;
constexpr std::size_t kModels = 12;
constexpr std::int64_t kByItself = 200000;  // particles up to which UMAP is started without being asked for

bool ended(const RunRow& row) { return row.state == RunState::Done || row.state == RunState::FinishedEarly; }

std::shared_ptr<const MapData> readData(const std::filesystem::path& folder, const QString& runId, const SetContents& set) {
    auto data = std::make_shared<MapData>();
    data->runId = runId;
    data->embedding = readEmbedding(folder);
    const std::vector<Particle>& particles = set.particles();
    const bool same = data->count() == static_cast<std::int64_t>(particles.size()) &&
                      std::equal(particles.begin(), particles.end(), data->embedding.particles.begin(),
                                 [](const Particle& particle, std::int64_t id) { return particle.id == id; });
    if (!same) throw Error("This embedding was made of other particles than the set holds now; make another");
    const auto components = static_cast<std::size_t>(data->embedding.components);
    for (std::size_t i = 0; i < particles.size(); ++i)
        for (std::size_t c = 0; c < 2; ++c) data->pca.push_back(c < components ? data->embedding.reduced[i * components + c] : 0);
    std::optional<StoredMap> map = readMap(folder);
    const bool umap = map && map->metadata.count("map") > 0 && map->metadata.at("map") == "umap";
    if (umap && map->positions.size() == data->pca.size()) data->umap = std::move(map);
    return data;
}

}  // namespace

MapModel::MapModel(const Workbench& workbench, QObject* parent)
    : QObject(parent), bench_(workbench), jobs_(makeThreadRunner(kNiceness)) {
    connect(&bench_.project, &ProjectModel::setChanged, this, &MapModel::takeRuns);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &MapModel::takeRuns);
    connect(&bench_.jobs, &JobController::ended, this, &MapModel::embeddingsChanged);
    connect(&bench_.jobs, &JobController::progressed, this, [this](int job) {
        if (job == embeddingJob()) Q_EMIT embeddingsChanged();
    });
    connect(&jobs_, &JobController::progressed, this, &MapModel::mappingChanged);
    connect(&jobs_, &JobController::ended, this, [this](int job, const JobOutcome& outcome) {
        if (job == job_) mapEnded(outcome);
    });
    takeRuns();
}

const RunRow* MapModel::rowOf(const QString& runId) const {
    for (const RunRow& row : bench_.project.contents().runs)
        if (toQString(row.run.id()) == runId) return &row;
    return nullptr;
}

void MapModel::takeRuns() {
    const SetContents* set = bench_.project.set();
    embeddings_.clear();
    for (const RunRow& row : bench_.project.contents().runs) {
        const RunConfig& config = row.run.config();
        if (!set || config.kind != "embed" || config.particleSet != set->record.name || !ended(row)) continue;
        const QString model = config.inputs.empty() ? tr("random weights") : tr("with %1").arg(toQString(config.inputs.front()));
        embeddings_.push_back({toQString(row.run.id()), toQString(row.run.id()) + QStringLiteral(" · ") + model});
    }
    const auto has = [this](const QString& id) {
        return std::any_of(embeddings_.begin(), embeddings_.end(), [&](const Choice& choice) { return choice.id == id; });
    };
    const std::int64_t setId = set ? set->record.id : 0;
    if (has(wanted_))
        choose(std::exchange(wanted_, QString()));
    else if (setId != setId_ || !has(chosen_) || chosen_ == newest_)
        choose(embeddings_.empty() ? QString() : embeddings_.front().id);
    newest_ = embeddings_.empty() ? QString() : embeddings_.front().id;
    Q_EMIT embeddingsChanged();
}

std::vector<MapModel::Choice> MapModel::models() const {
    std::vector<Choice> found;
    const SetContents* set = bench_.project.set();
    if (!set) return found;
    const auto boxOf = [this](const std::string& name) {
        for (const ParticleSetRecord& record : bench_.project.contents().sets)
            if (record.name == name) return record.boxSize;
        return std::int64_t(0);
    };
    for (const RunRow& row : bench_.project.contents().runs) {
        const RunConfig& config = row.run.config();
        if (found.size() == kModels) break;
        if ((config.kind == "pretrain" || config.kind == "finetune") && ended(row) && boxOf(config.particleSet) == set->record.boxSize)
            found.push_back({toQString(row.run.id()), toQString(row.run.id()) + QChar(' ') + RunsModel::whatText(row)});
    }
    return found;
}

RunConfig embeddingConfig(const std::string& set, const std::string& modelId) {
    EmbedOptions options;
    options.map.map = "pca";  // the window computes UMAP beside it
    RunConfig config;
    config.kind = "embed";
    if (!modelId.empty()) config.inputs = {modelId};
    config.title = modelId.empty() ? "random " + options.encoder.name : "with " + modelId;
    config.options = toJson(options.describe());
    config.particleSet = set;
    return config;
}

void MapModel::embed(const QString& modelId) {
    const SetContents* set = bench_.project.set();
    if (!set) return;
    wanted_ = bench_.launcher.start(embeddingConfig(set->record.name, modelId.toStdString()));
    Q_EMIT embeddingsChanged();
}

int MapModel::embeddingJob() const {
    const SetContents* set = bench_.project.set();
    for (const int job : bench_.jobs.active()) {
        const std::filesystem::path folder = bench_.jobs.runFolder(job);
        for (const RunRow& row : bench_.project.contents().runs)
            if (set && row.run.folder() == folder && row.run.config().kind == "embed" && row.run.config().particleSet == set->record.name) return job;
    }
    return 0;
}

void MapModel::choose(const QString& runId) {
    const SetContents* set = bench_.project.set();
    const std::int64_t setId = set ? set->record.id : 0;
    if (runId == chosen_ && setId == setId_) return;
    chosen_ = runId;
    setId_ = setId;
    takeData(nullptr);
    read();
}

void MapModel::read() {
    const RunRow* row = rowOf(chosen_);
    if (!row || !bench_.project.set()) return;
    bench_.io.post(
        this, [folder = row->run.folder(), id = chosen_, set = bench_.project.sharedSet()] { return readData(folder, id, *set); },
        [this](const std::shared_ptr<const MapData>& data) {
            if (data->runId != chosen_) return;
            takeData(data);
            const bool givenUp = std::find(givenUp_.begin(), givenUp_.end(), chosen_) != givenUp_.end();
            if (!data->umap && layout_ == Layout::Umap && !mapping() && !givenUp && data->count() <= kByItself && data->count() > 3) startMap({});
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latest_);
}

void MapModel::takeData(const std::shared_ptr<const MapData>& data) {
    if (!data && !data_) return;
    const bool same = data && data_ && data->runId == data_->runId;
    data_ = data;
    if (same)
        Q_EMIT positionsChanged();
    else
        Q_EMIT dataChanged();
}

void MapModel::setLayout(Layout layout) {
    if (layout == layout_) return;
    layout_ = layout;
    Q_EMIT positionsChanged();
    if (layout == Layout::Umap && data_ && !data_->umap && !mapping()) startMap({});
}

bool MapModel::showsUmap() const { return layout_ == Layout::Umap && data_ && data_->umap; }

std::span<const float> MapModel::positions() const {
    if (!data_) return {};
    return showsUmap() ? data_->umap->positions : data_->pca;
}

void MapModel::startMap(const MapOptions& options) {
    const RunRow* row = rowOf(chosen_);
    if (!row || mapping()) return;
    jobRun_ = chosen_;
    const std::uint64_t seed = row->run.config().seed;
    job_ = jobs_.start({.title = "UMAP",
                        .make = [folder = row->run.folder(), options, seed] { return makeMapJob(folder, options, seed); },
                        .runFolder = {}});
    Q_EMIT mappingChanged();
}

Progress MapModel::progress() const { return jobs_.progress(job_); }

void MapModel::request(StopWish wish) {
    if (job_ != 0) jobs_.request(job_, wish);
}

void MapModel::mapEnded(const JobOutcome& outcome) {
    job_ = 0;
    if (outcome.end == JobEnd::Failed) Q_EMIT failed(toQString(outcome.message));
    if (outcome.end != JobEnd::Done) givenUp_.push_back(jobRun_);
    if (jobRun_ == chosen_ && outcome.end != JobEnd::Failed && outcome.end != JobEnd::Cancelled) read();
    Q_EMIT mappingChanged();
}

}  // namespace tomoloupe
