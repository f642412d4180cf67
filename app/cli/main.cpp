#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/error.h"

namespace tomoloupe::cli {
namespace {

constexpr int kFailed = 1, kWrongUsage = 2, kCancelled = 130;

/// Every command that does something takes --json.
void addJsonFlag(CLI::App& command, Session& session) {
    const auto parts = command.get_subcommands([](CLI::App*) { return true; });
    for (CLI::App* part : parts) addJsonFlag(*part, session);
    if (parts.empty() && !command.get_option_no_throw("--json"))
        command.add_flag("--json", session.json, "Print one JSON document on standard output");
}

void addCommands(CLI::App& app, Session& session) {
    addInfo(app, session);
    addValidate(app, session);
    addProject(app, session);
    addSimulate(app, session);
    addPick(app, session);
    addExtract(app, session);
    addPretrain(app, session);
    addFinetune(app, session);
    addPredict(app, session);
    addEmbed(app, session);
    addExplain(app, session);
    addExperiment(app, session);
    addLabel(app, session);
    addExport(app, session);
    addRun(app, session);
    addResume(app, session);
    addBench(app, session);
    addMeasure(app, session);
    addJsonFlag(app, session);
}

int runProgram(int argc, char** argv) {
    CLI::App app("Tomoloupe on the command line: what is in your tomograms", "tomoloupe-cli");
    app.set_version_flag("--version", TOMOLOUPE_VERSION);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App*, const CLI::Error& cause) {
        return fmt::format("error: {}\nUse --help after a command to see what it takes.\n", cause.what());
    });
    Session session{builtInReaders()};
    addCommands(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& cause) {
        return app.exit(cause) == 0 ? 0 : kWrongUsage;
    }
    return session.exitCode;
}

}  // namespace

void printJson(const nlohmann::json& document) {
    std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace tomoloupe::cli

int main(int argc, char** argv) {
    using namespace tomoloupe;
    // A reader that goes away must not end a run.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return cli::runProgram(argc, argv);
    } catch (const Cancelled&) {
        std::cerr << "cancelled\n";
        return cli::kCancelled;
    } catch (const std::exception& cause) {
        std::cerr << "error: " << cause.what() << '\n';
        return cli::kFailed;
    }
}
