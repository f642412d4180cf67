#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/bootstrap.h"
#include "core/data/paired_test.h"
#include "core/experiment/cell_record.h"

namespace tomoloupe {

/// One entry of a table: a start on a set with a part of the labels, over its seeds.
struct TableEntry {
    std::vector<const CellRecord*> runs;  ///< of the rate that counts, by seed; empty: none is done
    double rate = 0;                      ///< chosen by validation accuracy; 0: there was no choice
    MeanAndSpread accuracy;               ///< of held-out particles, 0..1
    /// 95 % interval of the mean over held-out particles, drawn again with all that was said of them.
    Interval interval;
    MeanAndSpread macroF1, calibrationError, negativeLogLikelihood, brier;
    std::optional<double> published;  ///< accuracy, 0..1
    /// Against the first start with the same set, fraction and seeds; none for that one, or for a single seed.
    std::optional<PairedTest> test;
    double adjustedP = 1;  ///< by Holm, over all sets and fractions of this start
};

struct ExperimentTable {
    const ExperimentRecipe* recipe = nullptr;
    int cells = 0, done = 0;
    double seconds = 0;  ///< of all cells done
    /// entries[set][start][fraction].
    std::vector<std::vector<std::vector<TableEntry>>> entries;
};

/// Both must outlive the table.
[[nodiscard]] ExperimentTable tableOf(const ExperimentRecipe& recipe, const std::map<std::string, CellRecord>& records);

/// "67.3 ± 1.2"; "" where nothing is done.
[[nodiscard]] std::string percentText(const TableEntry& entry);

/// The tables as Markdown: accuracies a set, what is published below them, and the advantage over the first start.
[[nodiscard]] std::string tableAsMarkdown(const ExperimentTable& table);
/// One line a fine-tuning, in the order of the plan; nothing that differs from one time to the next, such as seconds.
[[nodiscard]] std::string recordsAsCsv(const ExperimentTable& table, const std::map<std::string, CellRecord>& records);
/// The same numbers as JSON.
[[nodiscard]] nlohmann::json tableAsJson(const ExperimentTable& table);

}  // namespace tomoloupe
