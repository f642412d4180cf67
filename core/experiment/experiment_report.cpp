#include "core/experiment/experiment_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/experiment/experiment_recipe.h"
#include "core/experiment/report_pictures.h"
#include "core/io/reader.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

constexpr const char* kStyle = R"css(
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1f24; max-width: 1080px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; } h2 { margin-top: 2em; border-bottom: 1px solid #d5d9e0; } p { max-width: 46em; }
table { border-collapse: collapse; margin: 1em 0; } th, td { padding: 4px 12px; text-align: right; border-bottom: 1px solid #e4e7ec; }
th:first-child, td:first-child, .names td:nth-child(2), .names th:nth-child(2) { text-align: left; } .soft { white-space: nowrap; } th { font-weight: 600; } .soft { color: #667085; } .best { font-weight: 700; }
svg { font: 12px system-ui, sans-serif; fill: #1c1f24; margin: 4px 16px 4px 0; vertical-align: top; } svg .grid { stroke: #e4e7ec; } svg .on { fill: #fff; }
figure { display: inline-block; margin: 0 16px 16px 0; } figcaption { font-size: 13px; color: #667085; }
details { margin: 0.5em 0; } summary { cursor: pointer; } pre { font-size: 12px; background: #f6f7f9; padding: 10px; overflow-x: auto; }
)css";

std::string cells(std::initializer_list<std::string> texts) {
    std::string row;
    for (const std::string& text : texts) row += "<td>" + text + "</td>";
    return "<tr>" + row + "</tr>\n";
}
std::string heads(std::initializer_list<std::string> texts) {
    std::string row;
    for (const std::string& text : texts) row += "<th>" + text + "</th>";
    return "<tr>" + row + "</tr>\n";
}
std::string soft(const std::string& text) {
    return "<span class='soft'>" + text + "</span>";
}
std::string folded(const std::string& summary, const std::string& content) {
    return fmt::format("<details><summary>{}</summary>{}</details>\n", summary, content);
}

std::string spreadText(const MeanAndSpread& figure, int digits) {
    return fmt::format("{:.{}f} ± {:.{}f}", figure.mean, digits, figure.sd, digits);
}

std::string pText(double p) {
    return p < 0.001 ? "&lt; 0.001" : fmt::format("{:.3f}", p);
}

class Page {
  public:
    Page(const ExperimentTable& table, const std::map<std::string, CellRecord>& records,
         const std::filesystem::path& folder)
        : table_(table), recipe_(*table.recipe), records_(records), folder_(folder) {}

    [[nodiscard]] std::string text() {
        head();
        for (std::size_t set = 0; set < recipe_.sets.size(); ++set) ofSet(set);
        pretrainings();
        explanations();
        tests();
        provenance();
        return fmt::format(
            "<!doctype html><html lang='en'><head><meta "
            "charset='utf-8'><title>{}</title><style>{}</style></head><body>{}</body></html>\n",
            escaped(recipe_.name), kStyle, page_);
    }

  private:
    /// Calls work(start, fraction, entry) for each entry of a set that is there.
    template <typename Work>
    void forEntries(std::size_t set, const Work& work) const {
        for (std::size_t start = 0; start < recipe_.starts.size(); ++start)
            for (std::size_t i = 0; i < recipe_.labelFractions.size(); ++i)
                if (const TableEntry& entry = table_.entries[set][start][i]; !entry.runs.empty()) work(start, i, entry);
    }
    [[nodiscard]] std::string fraction(std::size_t i) const {
        return fmt::format("{:g} %", 100 * recipe_.labelFractions[i]);
    }
    [[nodiscard]] std::string startName(std::size_t start) const { return escaped(recipe_.starts[start].name); }

    void head() {
        page_ += fmt::format("<h1>{}{}</h1><p>{}</p>", escaped(recipe_.name), recipe_.reduced ? ", reduced" : "",
                             escaped(recipe_.about));
        page_ += fmt::format(
            "<p>{} of {} cells done, {} of computing. Accuracies are those on held-out particles, in percent: mean ± "
            "standard deviation over up to {} runs with seeds of their own, "
            "on one split; below each, in grey, the 95 % interval over held-out particles (bootstrap) and what is "
            "published.</p>\n",
            table_.done, table_.cells, durationText(table_.seconds), recipe_.seeds);
        if (recipe_.reduced)
            page_ +=
                "<p>This is the reduced version: what is published was measured with more particles, other networks "
                "and longer training. All options stand at the end.</p>\n";
    }

    void ofSet(std::size_t set) {
        page_ += fmt::format("<h2>{}</h2>\n<table><tr><th>start</th>", escaped(recipe_.sets[set].name));
        for (std::size_t i = 0; i < recipe_.labelFractions.size(); ++i)
            page_ += fmt::format("<th>{} of the labels{}</th>", fraction(i), labels(set, i));
        page_ += "</tr>\n";
        for (std::size_t start = 0; start < recipe_.starts.size(); ++start) {
            page_ += fmt::format("<tr><td>{}</td>", startName(start));
            for (std::size_t i = 0; i < recipe_.labelFractions.size(); ++i)
                page_ += fmt::format("<td{}>{}</td>", best(set, start, i) ? " class='best'" : "",
                                     accuracy(table_.entries[set][start][i]));
            page_ += "</tr>\n";
        }
        page_ += "</table>\n" + fractionPicture(table_, set);
        judged(set);
        std::string matrices;
        forEntries(set, [&](std::size_t start, std::size_t i, const TableEntry& entry) {
            matrices += fmt::format(
                "<figure>{}<figcaption>{}, {} of the labels; percent of the true class (row)</figcaption></figure>",
                confusionPicture(entry), startName(start), fraction(i));
        });
        page_ += folded("Confusion matrices", matrices);
    }

    [[nodiscard]] std::string labels(std::size_t set, std::size_t i) const {
        for (const auto& start : table_.entries[set])
            if (!start[i].runs.empty())
                return fmt::format("<br>{}", soft(fmt::format("{} particles", start[i].runs.front()->trainCount)));
        return {};
    }

    [[nodiscard]] bool best(std::size_t set, std::size_t start, std::size_t i) const {
        const auto& all = table_.entries[set];
        return !all[start][i].runs.empty() && std::all_of(all.begin(), all.end(), [&](const auto& other) {
            return other[i].accuracy.mean <= all[start][i].accuracy.mean;
        });
    }

    static std::string accuracy(const TableEntry& entry) {
        std::string text = percentText(entry), below;
        if (!entry.runs.empty())
            below = fmt::format("{:.1f} to {:.1f}", 100 * entry.interval.low, 100 * entry.interval.high);
        if (entry.rate > 0) below += fmt::format("; rate {:g}", entry.rate);
        if (!below.empty()) text += "<br>" + soft(below);
        return entry.published ? text + "<br>" + soft(fmt::format("published {:.1f}", 100 * *entry.published)) : text;
    }

    void judged(std::size_t set) {
        std::string rows =
            heads({"start", "labels", "macro-F1", "calibration error", "log-likelihood (negative)", "Brier score"});
        forEntries(set, [&](std::size_t start, std::size_t i, const TableEntry& entry) {
            rows += cells({startName(start), fraction(i), spreadText(entry.macroF1, 3),
                           spreadText(entry.calibrationError, 3), spreadText(entry.negativeLogLikelihood, 3),
                           spreadText(entry.brier, 3)});
        });
        page_ += folded("Macro-F1 and calibration", "<table>" + rows + "</table>");
    }

    void pretrainings() {
        std::string rows;
        for (const ExperimentUnit& unit : planExperiment(recipe_)) {
            const CellRecord* probe = nullptr;
            const CellRecord* pretraining = nullptr;
            for (const ExperimentCell& cell : unit) {
                const auto found = records_.find(cell.title);
                if (found == records_.end()) continue;
                if (cell.kind == CellKind::Probe) probe = &found->second;
                if (cell.kind == CellKind::Pretrain) pretraining = &found->second;
            }
            if (!probe) continue;
            const auto figure = [&](const char* name, double factor) {
                return pretraining && pretraining->figures.contains(name)
                           ? fmt::format("{:.1f}", factor * pretraining->figures[name].get<double>())
                           : std::string();
            };
            rows += cells({escaped(probe->set), escaped(probe->start),
                           pretraining ? fmt::format("{}", pretraining->seed) : "", figure("knn_accuracy", 100),
                           fmt::format("{:.1f}", 100 * probe->testAccuracy), figure("loss", 1),
                           pretraining ? durationText(pretraining->seconds) : ""});
        }
        if (rows.empty()) return;
        page_ +=
            "<h2>What is learnt without labels</h2><p>The nearest neighbours' votes (kNN) and a linear layer taught "
            "with all training labels on the encoder as it is (linear probe), in percent of "
            "particles named rightly; for the probe these are the held-out ones.</p><table class='names'>" +
            heads({"set", "start", "pre-training", "kNN", "linear probe", "last loss", "time"}) + rows + "</table>\n";
    }

    void explanations() {
        std::string rows;
        std::string pictures;
        for (const ExperimentUnit& unit : planExperiment(recipe_))
            for (const ExperimentCell& cell : unit) {
                const auto found = records_.find(cell.title);
                if (found == records_.end()) continue;
                if (cell.kind == CellKind::Picture) pictures += picture(found->second);
                if (cell.kind == CellKind::Explain) rows += heatRow(found->second);
            }
        if (rows.empty()) return;
        page_ +=
            "<h2>Where the models look</h2><p>Grad-CAM of the first model of each start that was taught with the most "
            "labels, on held-out particles. Heat on the target: the part of the map's heat "
            "that lies on the target's mask; by chance: what a map has that knows nothing.</p><table class='names'>" +
            heads({"set", "start", "heat on the target", "by chance", "IoU (Otsu)", "entropy", "above one half",
                   "empty maps"}) +
            rows + "</table>\n" + pictures;
    }

    static std::string heatRow(const CellRecord& record) {
        const json mean = record.figures.value("mean", json::object());
        const auto figure = [&](const char* name) {
            return mean.contains(name) ? fmt::format("{:.3f}", mean[name].get<double>()) : std::string();
        };
        return cells({escaped(record.set), escaped(record.start), figure("weighted_ioa"),
                      figure("weighted_ioa_by_chance"), figure("iou"), figure("entropy"), figure("above_half"),
                      figure("empty")});
    }

    [[nodiscard]] std::string picture(const CellRecord& record) const {
        const std::filesystem::path run = folder_ / record.run;
        if (!std::filesystem::exists(run / "heat.mrc")) return {};
        const auto readers = builtInReaders();
        const Volume volume = readWhole(*readers.open(run / "volume.mrc")),
                     heat = readWhole(*readers.open(run / "heat.mrc"));
        if (volume.shape() != heat.shape()) return {};
        return fmt::format("<figure>{}<figcaption>{}, {}: particle {}</figcaption></figure>",
                           heatPicture(volume.shape(), volume.voxels(), heat.voxels()), escaped(record.set),
                           escaped(record.start), record.figures.value("particle", 0));
    }

    void tests() {
        std::string rows;
        for (std::size_t set = 0; set < recipe_.sets.size(); ++set)
            forEntries(set, [&](std::size_t start, std::size_t i, const TableEntry& entry) {
                if (!entry.test) return;
                rows += cells({escaped(recipe_.sets[set].name), startName(start), fraction(i),
                               fmt::format("{}", entry.test->pairs),
                               fmt::format("{:+.1f}", 100 * entry.test->meanDifference),
                               fmt::format("{:.2f}", entry.test->meanDifference / entry.test->sd),
                               pText(entry.test->p), pText(entry.adjustedP)});
            });
        if (rows.empty()) return;
        page_ += fmt::format(
                     "<h2>Is it more than chance?</h2><p>Each start against “{}”: paired t-tests of runs with the same "
                     "seed, set and labels; p of a start corrected for all its tests (Holm 1979). Runs share "
                     "one split and, where fewer pre-trainings than seeds were done, a pre-training: the tests speak "
                     "of these, and where all seeds differ by the same there is none.</p><table class='names'>",
                     startName(0)) +
                 heads({"set", "start", "labels", "pairs", "points", "effect size (d)", "p", "p (Holm)"}) + rows +
                 "</table>\n";
    }

    void provenance() {
        page_ += "<h2>How it was made</h2>\n";
        std::map<std::string, int> machines;
        for (const auto& [title, record] : records_) ++machines[record.machine.dump(1)];
        for (const auto& [machine, count] : machines)
            page_ +=
                folded(fmt::format("Machine and versions of {} cells", count), "<pre>" + escaped(machine) + "</pre>");
        for (const ExperimentSet& set : recipe_.sets)
            if (!set.simulate.is_null())
                page_ += folded(fmt::format("Set {}: simulated with seed {}", escaped(set.name), recipe_.dataSeed),
                                "<pre>" + escaped(set.simulate.dump(1)) + "</pre>");
        for (ExperimentStart start : recipe_.starts) {
            json options{{"finetune", toJson(start.finetune.describe())}};
            if (start.pretrain) options["pretrain"] = toJson(start.pretrain->describe());
            page_ += folded(fmt::format("All options of “{}”", escaped(start.name)),
                            "<pre>" + escaped(options.dump(1)) + "</pre>");
        }
        std::string rows = heads({"cell", "run", "time"});
        for (const auto& [title, record] : records_)
            rows += cells({escaped(title), escaped(record.run), durationText(record.seconds)});
        page_ += folded("All cells", "<table>" + rows + "</table>");
    }

    const ExperimentTable& table_;
    const ExperimentRecipe& recipe_;
    const std::map<std::string, CellRecord>& records_;
    const std::filesystem::path& folder_;
    std::string page_;
};

}  // namespace

std::string reportAsHtml(const ExperimentTable& table, const std::map<std::string, CellRecord>& records,
                         const std::filesystem::path& folder) {
    return Page(table, records, folder).text();
}

ExperimentRecipe recipeOf(const std::filesystem::path& folder) {
    const std::filesystem::path kept = folder / "experiment" / "recipe.json";
    if (!std::filesystem::exists(kept)) throw Error(fmt::format("There is no experiment in {}", folder.string()));
    const json document = json::parse(readTextFile(kept), nullptr, false);
    if (!document.is_object()) throw Error(fmt::format("{} cannot be read: it is no JSON object", kept.string()));
    return experimentRecipe(document.value("name", "experiment"), document.value("recipe", json::object()),
                            document.value("reduced", false));
}

ExperimentReport writeReport(const std::filesystem::path& folder) {
    const ExperimentRecipe recipe = recipeOf(folder);
    const auto records = readRecords(folder);
    const ExperimentTable table = tableOf(recipe, records);
    ExperimentReport report{folder / "experiment" / "report.html", folder / "experiment" / "cells.csv",
                            tableAsJson(table), tableAsMarkdown(table)};
    writeAtomically(report.html, reportAsHtml(table, records, folder));
    writeAtomically(report.csv, recordsAsCsv(table, records));
    return report;
}

}  // namespace tomoloupe
