#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

#include "core/base/atomic_file.h"
#include "core/base/log.h"
#include "core/project/project_impl.h"
#include "core/project/run_folders.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kLongestSuffix = 40;
constexpr std::int64_t kRowsToDelete = 10000;

/// "25 % labels from 0001" -> "25-labels-from-0001"
std::string suffixFrom(const std::string& title) {
    std::string suffix;
    for (const char letter : title) {
        const auto code = static_cast<unsigned char>(letter);
        if (code < 128 && std::isalnum(code))
            suffix += static_cast<char>(std::tolower(code));
        else if (!suffix.empty() && suffix.back() != '-')
            suffix += '-';
    }
    suffix.resize(std::min(suffix.size(), kLongestSuffix));
    while (!suffix.empty() && suffix.back() == '-') suffix.pop_back();
    return suffix;
}

/// The number a run folder's name begins with; 0 when it is none.
int runNumber(const std::string& name) {
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + std::min(name.find('-'), name.size()), number);
    const bool whole = error == std::errc() && (end == name.data() + name.size() || *end == '-');
    return whole ? number : 0;
}

std::vector<std::filesystem::path> runFolders(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (runNumber(entry.path().filename().string()) > 0) found.push_back(entry.path());
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return runNumber(a.filename().string()) < runNumber(b.filename().string());
    });
    return found;
}

nlohmann::json programVersions(nlohmann::json versions) {
    if (!versions.is_object()) versions = nlohmann::json::object();
    versions["tomoloupe"] = TOMOLOUPE_VERSION;
    versions["compiler"] = __VERSION__;
    return versions;
}

void storePrediction(Database& database, const std::string& runId, const Prediction& prediction) {
    Query insert = database.query("INSERT INTO predictions VALUES (?1, ?2, ?3, ?4)");
    insert.with(runId, prediction.particleId, prediction.classId);
    insert.bindBytes(4, prediction.probabilities.data(), prediction.probabilities.size() * sizeof(float));
    insert.run();
}

}  // namespace

std::filesystem::path makeRunFolder(const std::filesystem::path& runs, const RunConfig& config) {
    std::error_code error;
    std::filesystem::create_directories(runs, error);
    const auto existing = runFolders(runs);
    const int number = existing.empty() ? 1 : runNumber(existing.back().filename().string()) + 1;
    const std::string suffix = suffixFrom(config.title);
    const auto folder = runs / fmt::format("{:04}-{}{}{}", number, config.kind, suffix.empty() ? "" : "-", suffix);
    if (!std::filesystem::create_directory(folder, error))
        throw Error(fmt::format("Cannot make the folder {}: {}", folder.string(), error.message()));
    return folder;
}

Run Project::createRun(const RunConfig& given) {
    RunConfig config = given;
    config.versions = programVersions(given.versions);
    config.created = utcNow();
    if (config.labelSet.empty() && (config.kind == "finetune" || config.kind == "predict")) {
        for (const LabelSetRecord& known : labelSets())
            if (known.current) config.labelSet = known.name;
    }
    // The database's write lock makes processes take turns.
    const std::filesystem::path folder = impl_->locked("make a run", [&] {
        return impl_->database.write([&] { return makeRunFolder(impl_->folder / "runs", config); });
    });
    writeAtomically(folder / "run.json", toJson(config).dump(2) + "\n");
    return Run(folder);
}

std::vector<Run> Project::runs() const {
    std::vector<Run> found;
    for (const auto& folder : runFolders(impl_->folder / "runs")) {
        if (!std::filesystem::exists(folder / "run.json")) continue;  // being made this moment
        try {
            found.emplace_back(folder);
        } catch (const Error& cause) {
            logWarning("{}", cause.what());
        }
    }
    return found;
}

Run Project::run(const std::string& reference) const {
    const std::filesystem::path asPath = reference;
    if (reference.find('/') != std::string::npos && std::filesystem::is_directory(asPath)) return Run(asPath);
    const int number = runNumber(reference);
    const bool numberAlone = number > 0 && reference.find('-') == std::string::npos;
    std::vector<std::string> names;
    for (const Run& run : runs()) {
        const std::string name = run.folder().filename().string();
        if (name == reference || (numberAlone && runNumber(name) == number)) return run;
        names.push_back(name);
    }
    if (names.empty()) throw Error(fmt::format("There is no run \"{}\": the project has none yet", reference));
    throw Error(fmt::format("There is no run \"{}\"; there are: {}", reference, fmt::join(names, ", ")));
}

void Project::storePredictions(const std::string& runId, std::int64_t setId, std::span<const Prediction> predictions) {
    const std::vector<std::int64_t> ids = particleIds(setId);
    if (ids.empty()) return;
    for (const Prediction& prediction : predictions) {
        if (prediction.particleId < ids.front() || prediction.particleId > ids.back())
            throw Error(fmt::format("Particle {} is not in the set the prediction is for", prediction.particleId));
    }
    std::int64_t from = ids.front();
    impl_->inTurns("store predictions", [&](const Turn&) {
        impl_->database.query("DELETE FROM predictions WHERE run_id = ?1 AND particle_id BETWEEN ?2 AND ?3")
            .with(runId, from, std::min(from + kRowsToDelete - 1, ids.back()))
            .run();
        return (from += kRowsToDelete) <= ids.back();
    });
    impl_->inTurns("store predictions", [&](const Turn& turn) {
        while (!predictions.empty() && !turn.over()) {
            storePrediction(impl_->database, runId, predictions.front());
            predictions = predictions.subspan(1);
        }
        return !predictions.empty();
    });
}

PredictionColumns Project::predictionColumns(const std::string& runId, std::int64_t setId) const {
    const std::vector<std::int64_t> ids = particleIds(setId);
    if (ids.empty()) return {};
    return impl_->locked("read predictions", [&] {
        PredictionColumns found;
        ManyRows rows(impl_->database,
                      "SELECT particle_id, class_id, probabilities FROM predictions "
                      "WHERE run_id = ?1 AND particle_id BETWEEN ?2 AND ?3");
        rows.bind(1, runId).bind(2, ids.front()).bind(3, ids.back());
        while (rows.next()) {
            const auto bytes = rows.bytes(2);
            if (found.best.empty()) {
                found.classes = bytes.size() / sizeof(float);
                found.best.resize(ids.size());
                found.probabilities.resize(ids.size() * found.classes);
            }
            if (bytes.size() != found.classes * sizeof(float)) continue;
            const auto place = static_cast<std::size_t>(rows.whole(0) - ids.front());
            found.best[place] = rows.whole(1);
            std::memcpy(found.probabilities.data() + place * found.classes, bytes.data(), bytes.size());
        }
        return found;
    });
}

std::vector<std::pair<std::int64_t, std::int64_t>> Project::predictedIn(const std::string& runId, std::int64_t setId,
                                                                        const std::string& tomogram) const {
    return impl_->locked("read predictions", [&] {
        std::vector<std::pair<std::int64_t, std::int64_t>> found;
        Query rows = impl_->database.query(
            "SELECT p.id, r.class_id FROM particles p JOIN predictions r ON r.run_id = ?1 AND r.particle_id = p.id "
            "WHERE p.set_id = ?2 AND p.tomogram = ?3 ORDER BY p.id");
        rows.with(runId, setId, tomogram);
        while (rows.next()) found.emplace_back(rows.whole(0), rows.whole(1));
        return found;
    });
}

std::vector<Prediction> Project::predictions(const std::string& runId, std::int64_t setId) const {
    const std::vector<std::int64_t> ids = particleIds(setId);
    if (ids.empty()) return {};
    return impl_->locked("read predictions", [&] {
        std::vector<Prediction> found;
        Query rows = impl_->database.query(
            "SELECT particle_id, class_id, probabilities FROM predictions "
            "WHERE run_id = ?1 AND particle_id BETWEEN ?2 AND ?3 ORDER BY particle_id");
        rows.with(runId, ids.front(), ids.back());
        while (rows.next()) {
            Prediction& prediction = found.emplace_back(Prediction{rows.whole(0), rows.whole(1), {}});
            const SQLite::Column bytes = rows.column(2);
            prediction.probabilities.resize(static_cast<std::size_t>(bytes.getBytes()) / sizeof(float));
            if (!prediction.probabilities.empty())
                std::memcpy(prediction.probabilities.data(), bytes.getBlob(),
                            prediction.probabilities.size() * sizeof(float));
        }
        return found;
    });
}

}  // namespace tomoloupe
