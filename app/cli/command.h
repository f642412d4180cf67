#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/base/options.h"
#include "core/io/reader.h"

namespace CLI {
class App;
}

namespace tomoloupe::cli {

// One file a command: `void addInfo(CLI::App&, Session&)` adds it to the app with its flags and a callback that does the work.
// A callback throws Error for "failed" (exit 1); CLI11 itself reports wrong usage (exit 2).

/// What the commands share during one call of the program.
struct Session {
    ReaderRegistry readers;
    bool json = false;  ///< one JSON document on standard output
    int exitCode = 0;   ///< a callback may set another than 0 without throwing (validate: 1, cancelled: 130)
};

/// Prints `document` as the command's one JSON document.
void printJson(const nlohmann::json& document);

/// Adds a flag for every described option ("--label-fraction"), with help, unit and default. `fields` must live as long as the app.
void addOptions(CLI::App& command, const OptionFields& fields);

void addInfo(CLI::App& app, Session& session);
void addValidate(CLI::App& app, Session& session);
void addProject(CLI::App& app, Session& session);
void addLabel(CLI::App& app, Session& session);
void addExport(CLI::App& app, Session& session);
void addSimulate(CLI::App& app, Session& session);
void addPretrain(CLI::App& app, Session& session);
void addFinetune(CLI::App& app, Session& session);
void addPredict(CLI::App& app, Session& session);
void addEmbed(CLI::App& app, Session& session);
void addExplain(CLI::App& app, Session& session);
void addPick(CLI::App& app, Session& session);
void addExtract(CLI::App& app, Session& session);
void addExperiment(CLI::App& app, Session& session);
void addRun(CLI::App& app, Session& session);
void addResume(CLI::App& app, Session& session);
void addBench(CLI::App& app, Session& session);
void addMeasure(CLI::App& app, Session& session);

}  // namespace tomoloupe::cli
