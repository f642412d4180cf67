#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/cli/command.h"
#include "core/jobs/rank.h"
#include "core/project/project.h"

namespace tomoloupe::cli {

/// The run's number, folder, kind and state with everything in its result.json.
[[nodiscard]] nlohmann::json runDocument(const Run& run);

/// Does the run in this process and prints its document or a few lines. Ctrl-C once finishes, twice cancels (exit code
/// 130). Throws Error when it failed. `after` is called before printing, when the run was not cancelled, and may add to
/// the document.
using AfterRun = std::function<void(const Run& run, nlohmann::json& document)>;
void executeRun(const Run& run, Session& session, const AfterRun& after = {});

/// The part in a run of a process that is not the first: prints warnings alone.
void helpWithRun(const Run& run, const Rank& rank, Session& session);

/// What `--prepare` of the commands whose runs several processes can share says of itself.
inline constexpr const char* kPrepareHelp = "Only make the run's folder and print it; \"run\" does it, also in several processes";

/// Makes the run in the project and prints its folder, or its document.
void createOnly(Project& project, const RunConfig& config, Session& session);

/// Throws Error when several processes were started together: each would make runs of its own.
void requireSingleProcess();

/// Makes the run in the project and does it.
void createAndExecute(Project& project, const RunConfig& config, Session& session, const AfterRun& after = {});

/// What RunConfig::inputs wants of a "--model" or "--from": the id of a run of one of `kinds` that has a model, or a
/// model file's path.
[[nodiscard]] std::string modelReference(const Project& project, const std::string& given,
                                         std::initializer_list<std::string_view> kinds);

/// The set, which must have subtomograms.
[[nodiscard]] ParticleSetRecord setWithSubtomograms(const Project& project, const std::string& name);

}  // namespace tomoloupe::cli
