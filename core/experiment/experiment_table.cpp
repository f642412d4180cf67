#include "core/experiment/experiment_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace tomoloupe {
namespace {

using nlohmann::json;

MeanAndSpread over(const std::vector<const CellRecord*>& runs, double CellRecord::*figure) {
    std::vector<double> values;
    for (const CellRecord* run : runs) values.push_back(run->*figure);
    return meanAndSpread(values);
}

/// How often each held-out particle was named rightly.
std::vector<double> rightness(const std::vector<const CellRecord*>& runs) {
    std::vector<double> values(runs.front()->right.size());
    for (const CellRecord* run : runs)
        for (std::size_t i = 0; i < values.size() && i < run->right.size(); ++i)
            values[i] += (run->right[i] == '1') / double(runs.size());
    return values;
}

/// The runs of the rate with the best mean validation accuracy.
void choose(const std::map<double, std::vector<const CellRecord*>>& byRate, TableEntry& entry) {
    double best = -1;
    for (const auto& [rate, runs] : byRate) {
        const double mean = over(runs, &CellRecord::validationAccuracy).mean;
        if (mean <= best) continue;
        best = mean;
        entry.rate = rate;
        entry.runs = runs;
    }
}

void fill(TableEntry& entry, const json& published, std::size_t fraction) {
    if (published.is_array() && fraction < published.size() && published[fraction].is_number())
        entry.published = published[fraction].get<double>() / 100;
    if (entry.runs.empty()) return;
    constexpr std::uint64_t kSeed = 1;
    entry.accuracy = over(entry.runs, &CellRecord::testAccuracy);
    entry.interval = bootstrapMean(rightness(entry.runs), kSeed);
    entry.macroF1 = over(entry.runs, &CellRecord::macroF1);
    entry.calibrationError = over(entry.runs, &CellRecord::calibrationError);
    entry.negativeLogLikelihood = over(entry.runs, &CellRecord::negativeLogLikelihood);
    entry.brier = over(entry.runs, &CellRecord::brier);
}

/// Pairs runs of one seed. None where all differences are alike: then there is no spread to go by.
std::optional<PairedTest> testOf(const TableEntry& entry, const TableEntry& base) {
    std::vector<double> ours, theirs;
    for (const CellRecord* run : entry.runs)
        for (const CellRecord* other : base.runs)
            if (run->seed == other->seed) {
                ours.push_back(run->testAccuracy);
                theirs.push_back(other->testAccuracy);
            }
    const auto test = pairedTTest(ours, theirs);
    return test && std::isinf(test->t) ? std::nullopt : test;
}

void testAgainstFirst(ExperimentTable& table) {
    for (std::size_t start = 1; start < table.recipe->starts.size(); ++start) {
        std::vector<TableEntry*> tested;
        std::vector<double> p;
        for (auto& set : table.entries)
            for (std::size_t fraction = 0; fraction < set[start].size(); ++fraction) {
                TableEntry& entry = set[start][fraction];
                entry.test = testOf(entry, set[0][fraction]);
                if (!entry.test) continue;
                tested.push_back(&entry);
                p.push_back(entry.test->p);
            }
        const std::vector<double> adjusted = holmAdjusted(p);
        for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->adjustedP = adjusted[i];
    }
}

std::string fractionText(double fraction) {
    return fmt::format("{:g} %", 100 * fraction);
}

std::string advantageText(const TableEntry& entry, const TableEntry& base) {
    if (entry.runs.empty() || base.runs.empty()) return {};
    const std::string points = fmt::format("{:+.1f}", 100 * (entry.accuracy.mean - base.accuracy.mean));
    return entry.test ? fmt::format("{} (p {:.2g})", points, entry.adjustedP) : points;
}

template <typename Text>
void addRow(std::string& page, const std::string& name, std::size_t columns, const Text& text) {
    page += fmt::format("| {} |", name);
    for (std::size_t column = 0; column < columns; ++column) page += fmt::format(" {} |", text(column));
    page += '\n';
}

}  // namespace

ExperimentTable tableOf(const ExperimentRecipe& recipe, const std::map<std::string, CellRecord>& records) {
    ExperimentTable table;
    table.recipe = &recipe;
    const std::size_t fractions = recipe.labelFractions.size();
    table.entries.assign(recipe.sets.size(), std::vector(recipe.starts.size(), std::vector<TableEntry>(fractions)));
    std::map<std::tuple<int, int, double>, std::map<double, std::vector<const CellRecord*>>> found;
    for (const ExperimentUnit& unit : planExperiment(recipe))
        for (const ExperimentCell& cell : unit) {
            ++table.cells;
            const auto record = records.find(cell.title);
            if (record == records.end()) continue;
            ++table.done;
            table.seconds += record->second.seconds;
            if (cell.kind == CellKind::Finetune)
                found[{cell.set, cell.start, cell.fraction}][cell.rate].push_back(&record->second);
        }
    for (std::size_t set = 0; set < recipe.sets.size(); ++set)
        for (std::size_t start = 0; start < recipe.starts.size(); ++start)
            for (std::size_t i = 0; i < fractions; ++i) {
                TableEntry& entry = table.entries[set][start][i];
                auto& byRate = found[{int(set), int(start), recipe.labelFractions[i]}];
                for (auto& [rate, runs] : byRate)
                    std::sort(runs.begin(), runs.end(),
                              [](const CellRecord* a, const CellRecord* b) { return a->seed < b->seed; });
                choose(byRate, entry);
                const json& published = recipe.sets[set].published;
                fill(entry, published.value(recipe.starts[start].name, json()), i);
            }
    testAgainstFirst(table);
    return table;
}

std::string percentText(const TableEntry& entry) {
    if (entry.runs.empty()) return {};
    const std::string mean = fmt::format("{:.1f}", 100 * entry.accuracy.mean);
    return entry.runs.size() > 1 ? fmt::format("{} ± {:.1f}", mean, 100 * entry.accuracy.sd) : mean;
}

std::string tableAsMarkdown(const ExperimentTable& table) {
    const ExperimentRecipe& recipe = *table.recipe;
    const std::size_t columns = recipe.labelFractions.size();
    const auto isDone = [](const TableEntry& entry) { return !entry.runs.empty(); };
    const auto isPublished = [](const TableEntry& entry) { return entry.published.has_value(); };
    std::string page;
    for (std::size_t set = 0; set < recipe.sets.size(); ++set) {
        std::string rows;
        const auto& first = table.entries[set][0];
        for (std::size_t start = 0; start < recipe.starts.size(); ++start) {
            const std::string& name = recipe.starts[start].name;
            const auto& row = table.entries[set][start];
            const bool done = std::any_of(row.begin(), row.end(), isDone);
            if (done) addRow(rows, name, columns, [&](std::size_t i) { return percentText(row[i]); });
            if (done && start > 0 && std::any_of(first.begin(), first.end(), isDone))
                addRow(rows, fmt::format("{} over {}", name, recipe.starts[0].name), columns,
                       [&](std::size_t i) { return advantageText(row[i], first[i]); });
            if (std::any_of(row.begin(), row.end(), isPublished))
                addRow(rows, name + ", published", columns, [&](std::size_t i) {
                    return row[i].published ? fmt::format("{:.1f}", 100 * *row[i].published) : std::string();
                });
        }
        if (rows.empty()) continue;
        addRow(page, recipe.sets[set].name + ", accuracy in %", columns,
               [&](std::size_t i) { return fractionText(recipe.labelFractions[i]) + " of the labels"; });
        page += '|';
        for (std::size_t column = 0; column <= columns; ++column) page += "---|";
        page += '\n' + rows + '\n';
    }
    return page;
}

std::string recordsAsCsv(const ExperimentTable& table, const std::map<std::string, CellRecord>& records) {
    const auto quoted = [](const std::string& text) {
        if (text.find_first_of(",\"\n") == std::string::npos) return text;
        std::string result = "\"";
        for (const char letter : text) result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        return result + '"';
    };
    std::string csv =
        "set,start,label_fraction,labels,rate,seed,test_accuracy,validation_accuracy,macro_f1,calibration_error,"
        "negative_log_likelihood,brier,counts\n";
    for (const ExperimentUnit& unit : planExperiment(*table.recipe))
        for (const ExperimentCell& cell : unit) {
            const auto found = records.find(cell.title);
            if (found == records.end() || cell.kind != CellKind::Finetune) continue;
            const CellRecord& record = found->second;
            const auto at =
                std::find(table.recipe->labelFractions.begin(), table.recipe->labelFractions.end(), cell.fraction) -
                table.recipe->labelFractions.begin();
            const TableEntry& entry = table.entries[std::size_t(cell.set)][std::size_t(cell.start)][std::size_t(at)];
            const bool counts = std::find(entry.runs.begin(), entry.runs.end(), &record) != entry.runs.end();
            csv += fmt::format("{},{},{:g},{},{:g},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{}\n",
                               quoted(record.set), quoted(record.start), record.fraction, record.trainCount,
                               record.options.value("learning-rate", 0.0), record.seed, record.testAccuracy,
                               record.validationAccuracy, record.macroF1, record.calibrationError,
                               record.negativeLogLikelihood, record.brier, counts ? "yes" : "no");
        }
    return csv;
}

nlohmann::json tableAsJson(const ExperimentTable& table) {
    const ExperimentRecipe& recipe = *table.recipe;
    json rows = json::array();
    for (std::size_t set = 0; set < recipe.sets.size(); ++set)
        for (std::size_t start = 0; start < recipe.starts.size(); ++start)
            for (std::size_t i = 0; i < recipe.labelFractions.size(); ++i) {
                const TableEntry& entry = table.entries[set][start][i];
                if (entry.runs.empty()) continue;
                json row{{"set", recipe.sets[set].name},
                         {"start", recipe.starts[start].name},
                         {"label_fraction", recipe.labelFractions[i]},
                         {"labels", entry.runs.front()->trainCount},
                         {"runs", entry.runs.size()},
                         {"accuracy", entry.accuracy.mean},
                         {"accuracy_sd", entry.accuracy.sd},
                         {"interval", {entry.interval.low, entry.interval.high}},
                         {"macro_f1", entry.macroF1.mean},
                         {"calibration_error", entry.calibrationError.mean}};
                if (entry.rate > 0) row["rate"] = entry.rate;
                if (entry.published) row["published"] = *entry.published;
                if (entry.test)
                    row.update({{"over_first", entry.test->meanDifference},
                                {"p", entry.test->p},
                                {"p_holm", entry.adjustedP}});
                rows.push_back(std::move(row));
            }
    return {{"recipe", recipe.name}, {"reduced", recipe.reduced}, {"cells", table.cells},
            {"done", table.done},    {"seconds", table.seconds},  {"table", std::move(rows)}};
}

}  // namespace tomoloupe
