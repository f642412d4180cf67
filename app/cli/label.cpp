#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/project/label_agreement.h"
#include "core/project/project.h"

namespace tomoloupe::cli {
namespace {

struct LabelFlags {
    std::string project, set, className, author, labelSet, other;
    std::vector<std::int64_t> particles;
    bool none = false;
};

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
    std::map<std::int64_t, std::string> names;
    for (const ClassRecord& known : project->classes()) names[known.id] = known.name;
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
    std::map<std::int64_t, std::string> names;
    for (const ClassRecord& known : project->classes()) names[known.id] = known.name;
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
    auto* label = app.add_subcommand("label", "Set, list, compare, undo or redo labels")->require_subcommand(1);
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
