#include "ui/models/run_comparison.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <set>

#include "ui/bridge/text.h"
#include "core/project/set_outcomes.h"
#include "ui/models/runs_model.h"

namespace tomoloupe {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("RunComparison", text);
}

const RunRow* rowOf(const std::vector<RunRow>& all, const QString& id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const RunRow& row) { return toQString(row.run.id()) == id; });
    return found == all.end() ? nullptr : &*found;
}

QString valueText(const nlohmann::json& value) {
    if (value.is_null()) return QStringLiteral("–");
    return value.is_string() ? toQString(value.get<std::string>()) : toQString(value.dump());
}

RunGroup groupOf(const RunRow& first, const std::vector<RunRow>& all, const std::vector<Run>& runs) {
    RunGroup group;
    group.title = toQString(first.run.id()) + QChar(' ') + RunsModel::whatText(first);
    for (const RunRow& row : all) {
        if (row.run.id() != first.run.id() && !isRepeat(first.run, row.run, runs)) continue;
        group.ids.append(toQString(row.run.id()));
        if (row.result.is_object() && row.result.contains("test_accuracy") && row.result["test_accuracy"].is_number())
            group.accuracyBySeed.try_emplace(row.run.config().seed, row.result["test_accuracy"].get<double>());
    }
    std::sort(group.ids.begin(), group.ids.end());
    std::vector<double> values;
    for (const auto& [seed, value] : group.accuracyBySeed) values.push_back(value);
    group.accuracy = meanAndSpread(values);
    return group;
}

void addDifference(RunComparison& comparison, const QString& name, const QStringList& values) {
    if (std::set<QString>(values.begin(), values.end()).size() > 1) comparison.differences.push_back({name, values});
}

void findDifferences(RunComparison& comparison, const std::vector<const RunRow*>& firsts) {
    const auto each = [&](const QString& name, const auto& valueOf) {
        QStringList values;
        for (const RunRow* row : firsts) values.append(valueOf(*row));
        addDifference(comparison, name, values);
    };
    each(tr("Kind"), [](const RunRow& row) { return toQString(row.run.config().kind); });
    each(tr("Particles"), [](const RunRow& row) { return toQString(row.run.config().particleSet); });
    each(tr("Starts from"), [](const RunRow& row) {
        return row.run.config().inputs.empty() ? tr("random weights") : toQString(row.run.config().inputs.front());
    });
    std::set<std::string> names;
    for (const RunRow* row : firsts) {
        if (row->run.config().options.is_object())
            for (const auto& [name, value] : row->run.config().options.items()) names.insert(name);
    }
    for (const std::string& name : names) {
        each(toQString(name), [&](const RunRow& row) {
            const nlohmann::json& options = row.run.config().options;
            return valueText(options.is_object() && options.contains(name) ? options[name] : nlohmann::json());
        });
    }
}

void testDifference(RunComparison& comparison) {
    if (comparison.groups.size() < 2) {
        comparison.verdict = tr("Choose a second run in the table (Ctrl+click) to compare with.");
        return;
    }
    const auto &first = comparison.groups[0].accuracyBySeed, &second = comparison.groups[1].accuracyBySeed;
    std::vector<double> a, b;
    for (const auto& [seed, value] : first) {
        const auto other = second.find(seed);
        if (other == second.end()) continue;
        a.push_back(value);
        b.push_back(other->second);
    }
    comparison.test = pairedTTest(a, b);
    if (first.empty() || second.empty()) {
        comparison.verdict = tr("Only fine-tuned runs have a test accuracy to compare.");
    } else if (!comparison.test) {
        comparison.verdict = tr("A test needs two or more seeds that both have; fine-tune both with several runs.");
    } else {
        const PairedTest& test = *comparison.test;
        if (std::isinf(test.t)) {
            comparison.verdict = tr("Difference %1 % over %2 seeds in common, the same for each: without a spread the t-test has nothing to go by. Make more runs.")
                                     .arg(test.meanDifference * 100, 0, 'f', 1)
                                     .arg(test.pairs);
            return;
        }
        comparison.verdict =
            tr("Difference %1 ± %2 % over %3 seeds in common; paired t-test: p = %4.")
                .arg((test.meanDifference >= 0 ? QStringLiteral("+") : QString()) + QString::number(test.meanDifference * 100, 'f', 1))
                .arg(test.sd * 100, 0, 'f', 1)
                .arg(test.pairs)
                .arg(test.p < 0.001 ? QStringLiteral("%1").arg(test.p, 0, 'e', 1) : QString::number(test.p, 'f', 3));
        if (test.pairs < 5) comparison.verdict += QChar(' ') + tr("With so few seeds take it as a hint.");
    }
}

}  // namespace

RunComparison compareRuns(const QStringList& chosen, const std::vector<RunRow>& all) {
    RunComparison comparison;
    std::vector<Run> runs;
    for (const RunRow& row : all) runs.push_back(row.run);
    std::vector<const RunRow*> firsts;
    for (const QString& id : chosen) {
        const RunRow* row = rowOf(all, id);
        const bool known = std::any_of(comparison.groups.begin(), comparison.groups.end(), [&](const RunGroup& group) { return group.ids.contains(id); });
        if (!row || known) continue;
        comparison.groups.push_back(groupOf(*row, all, runs));
        firsts.push_back(row);
    }
    findDifferences(comparison, firsts);
    testDifference(comparison);
    return comparison;
}

QString accuracyText(const RunGroup& group) {
    if (group.accuracyBySeed.empty()) return {};
    const QString mean = QString::number(group.accuracy.mean * 100, 'f', 1);
    if (group.accuracyBySeed.size() == 1) return tr("%1 %").arg(mean);
    return tr("%1 ± %2 % (%3 seeds)").arg(mean, QString::number(group.accuracy.sd * 100, 'f', 1)).arg(group.accuracyBySeed.size());
}

}  // namespace tomoloupe
