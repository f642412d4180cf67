#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/project_commands.h"
#include "app/cli/run_support.h"

namespace tomoloupe::cli {
namespace {

using nlohmann::json;

json tomogramsOf(const Project& project) {
    json all = json::array();
    for (const TomogramRecord& tomogram : project.tomograms())
        all.push_back({{"name", tomogram.name},
                       {"path", tomogram.path.string()},
                       {"found", std::filesystem::exists(tomogram.path)},
                       {"shape", {tomogram.shape.x, tomogram.shape.y, tomogram.shape.z}},
                       {"voxel_size_angstrom", tomogram.voxelSizeAngstrom}});
    return all;
}

json setsOf(const Project& project) {
    std::map<std::int64_t, std::string> names;
    for (const ClassRecord& known : project.classes()) names[known.id] = known.name;
    json all = json::array();
    for (const ParticleSetRecord& set : project.particleSets()) {
        json perClass = json::object();
        std::int64_t labelled = 0;
        for (const std::int64_t classId : project.labels(set.id)) {
            if (classId == 0) continue;
            ++labelled;
            perClass[names[classId]] = perClass.value(names[classId], 0) + 1;
        }
        all.push_back({{"name", set.name},
                       {"particles", set.count},
                       {"labelled", labelled},
                       {"classes", perClass},
                       {"box", set.boxSize},
                       {"voxel_size_angstrom", set.voxelSizeAngstrom},
                       {"extracted", !set.stackPath.empty()},
                       {"origin", set.origin}});
    }
    return all;
}

/// The single figures of its result, without tables.
json figuresOf(const Run& run) {
    json figures = json::object();
    const json result = run.result();
    if (!result.is_object()) return figures;
    for (const auto& [name, value] : result.items())
        if (name != "state" && !value.is_structured()) figures[name] = value;
    return figures;
}

json runsOf(const Project& project) {
    json all = json::array();
    for (const Run& run : project.runs()) {
        const RunConfig& config = run.config();
        all.push_back({{"run", run.id()},
                       {"kind", config.kind},
                       {"title", config.title},
                       {"set", config.particleSet},
                       {"inputs", config.inputs},
                       {"state", toText(run.state())},
                       {"created", config.created},
                       {"folder", run.folder().string()},
                       {"result", figuresOf(run)}});
    }
    return all;
}

json classesOf(const Project& project) {
    json all = json::array();
    for (const ClassRecord& known : project.classes()) all.push_back({{"name", known.name}, {"colour", known.colour}});
    return all;
}

void printText(const json& document) {
    std::cout << fmt::format("project {}: {}\n", document["name"].get<std::string>(),
                             document["folder"].get<std::string>());
    for (const json& tomogram : document["tomograms"])
        std::cout << fmt::format("  tomogram {}{}\n", tomogram["name"].get<std::string>(),
                                 tomogram["found"].get<bool>() ? "" : " (its file is missing: use project relink)");
    for (const json& set : document["sets"]) {
        std::cout << fmt::format("  set {}: {} particles, {} labelled\n", set["name"].get<std::string>(),
                                 set["particles"].get<std::int64_t>(), set["labelled"].get<std::int64_t>());
        for (const auto& [name, count] : set["classes"].items())
            std::cout << fmt::format("    {:<20} {}\n", name, count.get<std::int64_t>());
    }
    for (const json& run : document["runs"])
        std::cout << fmt::format("  run {} {} ({}): {}\n", run["run"].get<std::string>(),
                                 run["kind"].get<std::string>(), run["title"].get<std::string>(),
                                 run["state"].get<std::string>());
}

}  // namespace

void addProjectInfo(CLI::App& project, Session& session) {
    auto* command = project.add_subcommand("info", "Tell what a project holds");
    const auto folder = std::make_shared<std::string>();
    command->add_option("project", *folder, "The project's folder")->required();
    command->callback([folder, &session] {
        const auto opened = Project::open(*folder);
        const json document{
            {"name", opened->name()},  {"folder", opened->folder().string()}, {"tomograms", tomogramsOf(*opened)},
            {"sets", setsOf(*opened)}, {"classes", classesOf(*opened)},       {"runs", runsOf(*opened)}};
        if (session.json)
            printJson(document);
        else
            printText(document);
    });
}

}  // namespace tomoloupe::cli
