#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/io/star.h"

namespace tomoloupe::cli {
namespace {

template <typename Read>
std::vector<std::string> problemsOf(const Read& read) {
    try {
        read();
        return {};
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

std::vector<std::string> problems(const std::string& name, const Session& session) {
    const std::string extension = std::filesystem::path(name).extension().string();
    if (extension == ".star") return problemsOf([&] { static_cast<void>(readStar(name)); });
    if (extension == ".safetensors") return problemsOf([&] { SafetensorsReader reader(name); });
    try {
        return session.readers.readerFor(name).validate(name);
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

// Errors name the file in front; on the line it stands in front already.
std::string withoutName(const std::string& problem, const std::string& name) {
    for (const std::string& lead : {name + ": ", name + " "})
        if (problem.rfind(lead, 0) == 0) return problem.substr(lead.size());
    return problem;
}

void run(const std::vector<std::string>& files, Session& session) {
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& name : files) {
        nlohmann::json found = nlohmann::json::array();
        for (const std::string& problem : problems(name, session)) {
            found.push_back(withoutName(problem, name));
            if (!session.json) fmt::print("{}: {}\n", name, withoutName(problem, name));
        }
        if (!found.empty()) session.exitCode = 1;
        all.push_back({{"file", name}, {"sound", found.empty()}, {"problems", found}});
    }
    if (session.json) printJson(files.size() == 1 ? all.front() : all);
}

}  // namespace

void addValidate(CLI::App& app, Session& session) {
    CLI::App* command =
        app.add_subcommand("validate", "Every problem of volume, STAR and model files, one a line; exit 1 if any");
    const auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("FILE", *files, "Files to look at")->required();
    command->add_flag("--json", session.json, "Print one JSON document (an array for several files)");
    command->callback([files, &session] { run(*files, session); });
}

}  // namespace tomoloupe::cli
