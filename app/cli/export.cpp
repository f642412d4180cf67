#include "core/project/export.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"

namespace tomoloupe::cli {
namespace {

struct ExportFlags {
    std::string project, set, format = "star", out, predictions;
};

void exportSet(const ExportFlags& flags, const Session& session) {
    const auto project = Project::open(flags.project);
    ExportOptions options;
    options.setName = flags.set;
    options.format = flags.format == "csv" ? ExportFormat::Csv : ExportFormat::Star;
    if (!flags.predictions.empty()) options.predictionRun = project->run(flags.predictions).id();
    const ExportCounts counts = exportParticles(*project, options, flags.out);
    if (session.json)
        return printJson({{"file", std::filesystem::absolute(flags.out).lexically_normal().string()},
                          {"format", flags.format},
                          {"particles", counts.particles},
                          {"labelled", counts.labelled},
                          {"predicted", counts.predicted}});
    std::cout << fmt::format("{}: {} particles, {} labelled, {} predicted\n", flags.out, counts.particles,
                             counts.labelled, counts.predicted);
}

}  // namespace

void addExport(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("export", "Write a particle set with its labels and predictions");
    const auto flags = std::make_shared<ExportFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set")->required();
    command->add_option("--format", flags->format, "star (RELION) or csv")
        ->check(CLI::IsMember({"star", "csv"}))
        ->capture_default_str();
    command->add_option("--out", flags->out, "File to write")->type_name("FILE")->required();
    command->add_option("--predictions", flags->predictions, "Run whose predictions go out too")->type_name("RUN");
    command->callback([flags, &session] { exportSet(*flags, session); });
}

}  // namespace tomoloupe::cli
