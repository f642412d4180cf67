#include "core/experiment/cell_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/analysis/calibration.h"
#include "core/analysis/classification.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/project/stored_predictions.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

/// Calls `work(field name, field)` for each field of a record: the one list of what its file holds.
template <typename Record, typename Work>
void forFields(Record& record, const Work& work) {
    work("title", record.title);
    work("kind", record.kind);
    work("set", record.set);
    work("start", record.start);
    work("fraction", record.fraction);
    work("seed", record.seed);
    work("rate", record.rate);
    work("run", record.run);
    work("seconds", record.seconds);
    work("machine", record.machine);
    work("options", record.options);
    work("test_accuracy", record.testAccuracy);
    work("validation_accuracy", record.validationAccuracy);
    work("macro_f1", record.macroF1);
    work("calibration_error", record.calibrationError);
    work("negative_log_likelihood", record.negativeLogLikelihood);
    work("brier", record.brier);
    work("train_count", record.trainCount);
    work("classes", record.classes);
    work("confusion", record.confusion);
    work("right", record.right);
    work("figures", record.figures);
}

void judge(const StoredPredictions& held, CellRecord& record) {
    const std::size_t classes = held.classes.size(), count = held.truth.size();
    std::vector<int> predicted;
    std::vector<float> confidence;
    std::vector<char> right;
    for (std::size_t i = 0; i < count; ++i) {
        const float* row = held.probabilities.data() + i * classes;
        const float* best = std::max_element(row, row + classes);
        predicted.push_back(int(best - row));
        confidence.push_back(*best);
        right.push_back(predicted.back() == held.truth[i]);
        record.right += right.back() ? '1' : '0';
        constexpr float kSmallest = 1e-12f;
        record.negativeLogLikelihood -= std::log(std::max(row[held.truth[i]], kSmallest)) / double(count);
        for (std::size_t c = 0; c < classes; ++c)
            record.brier += std::pow(row[c] - (int(c) == held.truth[i] ? 1.0 : 0.0), 2) / double(count);
    }
    const ConfusionMatrix matrix = confusionOf(held.truth, predicted, classes);
    record.classes = held.classes;
    record.confusion = matrix.counts;
    record.testAccuracy = accuracyOf(matrix);
    record.macroF1 = macroF1Of(matrix);
    record.calibrationError = calibrationOf(confidence, right).expectedError;
}

}  // namespace

CellRecord recordOf(const ExperimentRecipe& recipe, const ExperimentCell& cell, const Run& run) {
    CellRecord record;
    record.title = cell.title;
    record.kind = toText(cell.kind);
    record.set = recipe.sets[std::size_t(cell.set)].name;
    record.start = recipe.starts[std::size_t(cell.start)].name;
    record.fraction = cell.fraction;
    record.seed = cell.seed;
    record.rate = cell.rate;
    record.options = run.config().options;
    const json result = run.result();
    if (cell.kind != CellKind::Finetune && cell.kind != CellKind::Probe) {
        record.figures = result;
        return record;
    }
    record.validationAccuracy = result.value("validation_accuracy", 0.0);
    record.trainCount = result.value("train_count", std::int64_t(0));
    const auto held = readPredictions(run, RunPart::Test);
    if (!held) throw Error(fmt::format("Run {} kept no predictions of held-out particles", run.folder().string()));
    judge(*held, record);
    return record;
}

std::string cellFile(const std::string& title) {
    std::string name;
    for (const char letter : title) {
        if (std::isalnum(static_cast<unsigned char>(letter)) || letter == '.')
            name += letter;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    const auto mark = static_cast<std::uint32_t>(deriveSeed(0, title));  // of names that differ in signs alone
    return fmt::format("{}-{:08x}.json", name, mark);
}

std::filesystem::path cellsFolder(const std::filesystem::path& experiment) {
    return experiment / "experiment" / "cells";
}

void writeRecord(const std::filesystem::path& experiment, const CellRecord& record) {
    json document;
    forFields(record, [&](const char* name, const auto& field) { document[name] = field; });
    std::filesystem::create_directories(cellsFolder(experiment));
    writeAtomically(cellsFolder(experiment) / cellFile(record.title), document.dump(1) + "\n");
}

std::map<std::string, CellRecord> readRecords(const std::filesystem::path& experiment) {
    std::map<std::string, CellRecord> records;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(cellsFolder(experiment), none)) {
        if (entry.path().extension() != ".json") continue;
        CellRecord record;
        try {
            const json document = json::parse(readTextFile(entry.path()));
            forFields(record,
                      [&]<typename Field>(const char* name, Field& field) { field = document.at(name).get<Field>(); });
        } catch (const json::exception&) {
            throw ReadError(
                fmt::format("{} is no result of an experiment's cell; remove it, and --resume does the cell again",
                            entry.path().string()));
        }
        records[record.title] = std::move(record);
    }
    return records;
}

}  // namespace tomoloupe
