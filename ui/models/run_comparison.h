#pragma once

#include <QString>
#include <QStringList>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/paired_test.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

/// A chosen run with its repeats: same options, other seeds.
struct RunGroup {
    QString title;
    QStringList ids;
    std::map<std::uint64_t, double> accuracyBySeed;  ///< test accuracy of those that have one
    MeanAndSpread accuracy;
};

struct OptionDifference {
    QString name;
    QStringList values;  ///< one a group
};

/// What two or more runs differ in, and whether the difference is more than chance.
struct RunComparison {
    std::vector<RunGroup> groups;
    std::vector<OptionDifference> differences;
    /// Of the first two groups over the seeds that both have.
    std::optional<PairedTest> test;
    /// The test in words, or what it lacks.
    QString verdict;
};

/// `chosen`: ids in the order in which they were chosen. Runs that repeat each other become one group, joined by the repeats nobody chose.
[[nodiscard]] RunComparison compareRuns(const QStringList& chosen, const std::vector<RunRow>& all);
/// "91.2 ± 0.8 % (5 runs)"; empty without a figure.
[[nodiscard]] QString accuracyText(const RunGroup& group);

}  // namespace tomoloupe
