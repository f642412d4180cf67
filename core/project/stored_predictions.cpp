#include "core/project/stored_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/data/csv.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kFirstClass = 3;  // column

template <typename Number>
Number numberIn(const std::string& text, const std::filesystem::path& path, std::size_t row) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw ReadError(fmt::format("{}, line {}: \"{}\" is no number; remove the file, or fine-tune again", path.string(), row + 2, text));
    return value;
}

}  // namespace

std::filesystem::path predictionsPath(const Run& run, RunPart part) {
    return run.folder() / (part == RunPart::Test ? "test_predictions.csv" : "validation_predictions.csv");
}

void writePredictions(const Run& run, RunPart part, const StoredPredictions& predictions) {
    CsvTable table;
    table.columns = {"index", "particle_id", "true_class"};
    table.columns.insert(table.columns.end(), predictions.classes.begin(), predictions.classes.end());
    const std::size_t classes = predictions.classes.size();
    for (std::size_t i = 0; i < predictions.indices.size(); ++i) {
        const int truth = predictions.truth[i];
        std::vector<std::string> row{std::to_string(predictions.indices[i]), std::to_string(predictions.particleIds[i]),
                                     truth < 0 ? std::string() : predictions.classes[static_cast<std::size_t>(truth)]};
        for (std::size_t c = 0; c < classes; ++c) row.push_back(fmt::format("{:.6g}", predictions.probabilities[i * classes + c]));
        table.rows.push_back(std::move(row));
    }
    writeAtomically(predictionsPath(run, part), csvText(table));
}

std::optional<StoredPredictions> readPredictions(const Run& run, RunPart part) {
    const std::filesystem::path path = predictionsPath(run, part);
    if (!std::filesystem::exists(path)) return std::nullopt;
    const CsvTable table = readCsv(path);
    if (table.columns.size() < kFirstClass + 1)
        throw ReadError(fmt::format("{} has no columns of probabilities; remove the file, or fine-tune again", path.string()));
    StoredPredictions found;
    found.classes.assign(table.columns.begin() + kFirstClass, table.columns.end());
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::vector<std::string>& cells = table.rows[row];
        found.indices.push_back(numberIn<std::int64_t>(cells[0], path, row));
        found.particleIds.push_back(numberIn<std::int64_t>(cells[1], path, row));
        const auto truth = std::find(found.classes.begin(), found.classes.end(), cells[2]);
        found.truth.push_back(truth == found.classes.end() ? -1 : static_cast<int>(truth - found.classes.begin()));
        for (std::size_t c = kFirstClass; c < cells.size(); ++c) found.probabilities.push_back(numberIn<float>(cells[c], path, row));
    }
    return found;
}

}  // namespace tomoloupe
