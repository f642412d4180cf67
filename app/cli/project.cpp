#include "core/project/project.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/project_commands.h"

namespace tomoloupe::cli {
namespace {

void addCreate(CLI::App& project, Session& session) {
    auto* command = project.add_subcommand("create", "Make an empty project");
    const auto folder = std::make_shared<std::string>();
    command->add_option("folder", *folder, "The project's folder, by custom NAME.tomoloupe")->required();
    command->callback([folder, &session] {
        const auto made = Project::create(*folder);
        if (session.json)
            printJson({{"folder", made->folder().string()}, {"name", made->name()}});
        else
            std::cout << fmt::format("made {}\n", made->folder().string());
    });
}

struct RelinkFlags {
    std::string project, tomogram, file;
    bool force = false;
};

void addRelink(CLI::App& project, Session& session) {
    auto* command = project.add_subcommand("relink", "Tell where the file of a tomogram lies now");
    const auto flags = std::make_shared<RelinkFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--tomogram", flags->tomogram, "The tomogram's name")->required();
    command->add_option("--file", flags->file, "Where its file lies now")->required()->check(CLI::ExistingFile);
    command->add_flag("--force", flags->force, "Take it although its header differs");
    command->callback([flags, &session] {
        Project::open(flags->project)->relinkTomogram(flags->tomogram, flags->file, flags->force);
        const std::string file = std::filesystem::canonical(flags->file).string();
        if (session.json)
            printJson({{"tomogram", flags->tomogram}, {"file", file}});
        else
            std::cout << fmt::format("{} is {}\n", flags->tomogram, file);
    });
}

}  // namespace

void addProject(CLI::App& app, Session& session) {
    auto* project = app.add_subcommand("project", "Make, fill and look at a project")->require_subcommand(1);
    addCreate(*project, session);
    addProjectImport(*project, session);
    addProjectInfo(*project, session);
    addRelink(*project, session);
}

}  // namespace tomoloupe::cli
