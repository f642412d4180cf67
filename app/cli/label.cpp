#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/project/label_agreement.h"
#include "core/project/label_next.h"
#include "core/project/project.h"

namespace tomoloupe::cli {
namespace {

struct LabelFlags {
    std::string project, set, className, author, labelSet, other;
    std::vector<std::int64_t> particles;
    std::int64_t count = 20;
    bool none = false;
};

std::map<std::int64_t, std::string> classNames(const Project& project) {
    std::map<std::int64_t, std::string> names;
    for (const ClassRecord& known : project.classes()) names[known.id] = known.name;
    return names;
}

std::string userName() {
    const char* user = std::getenv("USER");
    return user && *user ? user : "command line";
}

std::int64_t particleId(const std::vector<std::int64_t>& ids, std::int64_t index, const std::string& set) {
    if (index < 0 || index >= static_cast<std::int64_t>(ids.size()))
        throw Error(
            fmt::format("There is no particle {} in set {}: it has {}, counted from 0", index, set, ids.size()));
    return ids[static_cast<std::size_t>(index)];
}

void setLabels(const LabelFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    const std::vector<std::int64_t> ids = project->particleIds(project->particleSet(flags.set).id);
    std::vector<LabelEdit> edits;
    for (const std::int64_t index : flags.particles) edits.push_back({particleId(ids, index, flags.set), std::nullopt});
    if (!flags.none) {
        const std::int64_t classId = project->addClass(flags.className).id;
        for (LabelEdit& edit : edits) edit.classId = classId;
    }
    const std::int64_t action = project->setLabels(edits, flags.author);
    if (session.json)
        printJson({{"action", action}, {"particles", edits.size()}, {"labels", project->labelCount()}});
    else
        std::cout << fmt::format("{} particles: {}\n", edits.size(), flags.none ? "no label" : flags.className);
}

void listLabels(const LabelFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    const ParticleSetRecord set = project->particleSet(flags.set);
    std::map<std::int64_t, std::string> names = classNames(*project);
    nlohmann::json labels = nlohmann::json::array();
    for (const std::int64_t classId : project->labels(set.id))
        labels.push_back(classId ? nlohmann::json(names[classId]) : nlohmann::json());
    if (session.json) return printJson({{"set", set.name}, {"labels", labels}});
    for (std::size_t i = 0; i < labels.size(); ++i)
        std::cout << fmt::format("{}\t{}\n", i, labels[i].is_null() ? "" : labels[i].get<std::string>());
}

void walkHistory(const LabelFlags& flags, const Session& session, bool undo) {
    const auto project = Project::open(flags.project);
    const bool done =
        undo ? project->undoLabels(flags.author).has_value() : project->redoLabels(flags.author).has_value();
    if (session.json) return printJson({{"done", done}, {"labels", project->labelCount()}});
    const char* word = undo ? "undo" : "redo";
    std::cout << (done ? fmt::format("{} done; {} particles have a label\n", word, project->labelCount())
                       : fmt::format("nothing to {}\n", word));
}

void chooseLabelSet(const LabelFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    if (!flags.labelSet.empty()) project->useLabelSet(flags.labelSet);
    nlohmann::json sets = nlohmann::json::array();
    for (const LabelSetRecord& record : project->labelSets()) {
        sets.push_back({{"name", record.name}, {"current", record.current}});
        if (!session.json) std::cout << fmt::format("{} {}\n", record.current ? "*" : " ", record.name);
    }
    if (session.json) printJson({{"label_sets", sets}});
}

void compare(const LabelFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    const std::int64_t set = project->particleSet(flags.set).id;
    const LabelAgreement found =
        labelAgreement(project->labelsIn(flags.labelSet, set), project->labelsIn(flags.other, set));
    std::map<std::int64_t, std::string> names = classNames(*project);
    nlohmann::json pairs = nlohmann::json::array();
    for (const auto& [classes, count] : found.pairs)
        pairs.push_back({{"first", names[classes.first]}, {"second", names[classes.second]}, {"count", count}});
    if (session.json)
        return printJson({{"labelled_in_both", found.both},
                          {"agreeing", found.agreeing},
                          {"agreement", found.fraction()},
                          {"kappa", found.kappa},
                          {"only_first", found.onlyFirst},
                          {"only_second", found.onlySecond},
                          {"pairs", pairs}});
    std::cout << fmt::format("{} particles are labelled in both, {} of them alike ({:.1f} %), Cohen's kappa {:.3f}\n"
                             "{} in {} alone, {} in {} alone\n",
                             found.both, found.agreeing, 100 * found.fraction(), found.kappa, found.onlyFirst,
                             flags.labelSet, found.onlySecond, flags.other);
    for (const auto& [classes, count] : found.pairs)
        if (classes.first != classes.second)
            std::cout << fmt::format("  {} / {}: {}\n", names[classes.first], names[classes.second], count);
}

void proposeNext(const LabelFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    std::map<std::int64_t, std::string> names = classNames(*project);
    const LabelNext next = labelNext(*project, project->particleSet(flags.set));
    const PredictionTable& predicted = next.predictions;
    const std::size_t classes = predicted.classIds.size();
    nlohmann::json particles = nlohmann::json::array();
    for (const std::int32_t index : std::span(next.order).first(std::min(next.order.size(), static_cast<std::size_t>(flags.count)))) {
        const auto at = static_cast<std::size_t>(index);
        nlohmann::json particle{{"particle", index}};
        if (classes > 0 && predicted.best[at] != 0) {
            const auto all = std::span(predicted.probabilities).subspan(at * classes, classes);
            particle["predicted"] = names[predicted.best[at]];
            particle["probability"] = *std::max_element(all.begin(), all.end());
        }
        particles.push_back(std::move(particle));
    }
    if (session.json) return printJson({{"run", predicted.runId}, {"unlabelled", next.order.size()}, {"next", particles}});
    for (const auto& particle : particles)
        std::cout << (particle.contains("predicted") ? fmt::format("{}\t{}\t{:.2f}\n", particle["particle"].get<int>(), particle["predicted"].get<std::string>(),
                                                                   particle["probability"].get<double>())
                                                     : fmt::format("{}\n", particle["particle"].get<int>()));
}

CLI::App* addPart(CLI::App& label, const std::string& name, const std::string& help,
                  const std::shared_ptr<LabelFlags>& flags) {
    auto* part = label.add_subcommand(name, help);
    part->add_option("project", flags->project, "The project's folder")->required();
    return part;
}

void addAuthor(CLI::App& part, const std::shared_ptr<LabelFlags>& flags) {
    part.add_option("--author", flags->author, "Who says so, for the history")->capture_default_str();
}

}  // namespace

void addLabel(CLI::App& app, Session& session) {
    auto* label = app.add_subcommand("label", "Set, list, propose, compare, undo or redo labels")->require_subcommand(1);
    const auto flags = std::make_shared<LabelFlags>();
    flags->author = userName();
    auto* set = addPart(*label, "set", "Give particles a class", flags);
    set->add_option("--set", flags->set, "Particle set")->required();
    set->add_option("--particle", flags->particles, "Indices in the set, from 0")->required()->delimiter(',');
    auto* name = set->add_option("--class", flags->className, "The class; made when it is new");
    auto* none = set->add_flag("--none", flags->none, "Take the label away");
    name->excludes(none);
    addAuthor(*set, flags);
    set->callback([flags, &session] {
        if (flags->className.empty() && !flags->none) throw CLI::RequiredError("--class or --none");
        setLabels(*flags, session);
    });
    auto* list = addPart(*label, "list", "List the labels of a set", flags);
    list->add_option("--set", flags->set, "Particle set")->required();
    list->callback([flags, &session] { listLabels(*flags, session); });
    auto* next = addPart(*label, "next", "Propose what to label next", flags);
    next->add_option("--set", flags->set, "Particle set")->required();
    next->add_option("--count", flags->count, "Propose so many")->check(CLI::Range(1, 1000000000))->capture_default_str();
    next->callback([flags, &session] { proposeNext(*flags, session); });
    auto* sets = addPart(*label, "sets", "List the label sets, or make one the current", flags);
    sets->add_option("--use", flags->labelSet, "Make this one the current; it is made, empty, when it is new");
    sets->callback([flags, &session] { chooseLabelSet(*flags, session); });
    auto* comparison = addPart(*label, "compare", "Compare two label sets of a particle set", flags);
    comparison->add_option("--set", flags->set, "Particle set")->required();
    comparison->add_option("--first", flags->labelSet, "One label set")->required();
    comparison->add_option("--second", flags->other, "The other")->required();
    comparison->callback([flags, &session] { compare(*flags, session); });
    for (const bool undo : {true, false}) {
        auto* part = addPart(*label, undo ? "undo" : "redo",
                             undo ? "Take the last change of labels back" : "Do again what was undone", flags);
        addAuthor(*part, flags);
        part->callback([flags, &session, undo] { walkHistory(*flags, session, undo); });
    }
}

}  // namespace tomoloupe::cli
