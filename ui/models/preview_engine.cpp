#include "ui/models/preview_engine.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/jobs/engine_loader.h"

namespace tomoloupe {
namespace {

std::vector<StructureChoice> readStructures(const std::string& description) {
    std::vector<StructureChoice> choices;
    const nlohmann::json json = nlohmann::json::parse(description);
    for (const nlohmann::json& item : json.value("structures", nlohmann::json::array())) {
        choices.push_back({.name = item.value("name", std::string()),
                           .title = item.value("title", std::string()),
                           .symmetry = item.value("symmetry", std::string()),
                           .massDalton = item.value("mass_dalton", 0.0),
                           .diameterAngstrom = item.value("diameter_angstrom", 0.0),
                           .source = item.value("source", std::string())});
    }
    return choices;
}

}  // namespace

PreviewEngine loadedPreviewEngine(std::filesystem::path trialProgram) {
    PreviewEngine engine;
    engine.structures = [] { return readStructures(loadEngine().describe()); };
    engine.simulation = [](const std::string& options, std::uint64_t seed, std::int64_t index) {
        const EngineTable& table = loadEngine();
        if (!table.previewSimulation) throw Error("This engine cannot preview simulations; install the one of this version");
        return table.previewSimulation(options, seed, index);
    };
    engine.picking = [](const VolumeFile& file, const std::string& options, std::int64_t z, const StopToken& stop) {
        const EngineTable& table = loadEngine();
        if (!table.previewPicking) throw Error("This engine cannot preview picking; install the one of this version");
        return table.previewPicking(file, options, z, stop);
    };
    engine.views = [](const Volume& particle, const std::string& options, std::uint64_t seed, int count) {
        return loadEngine().previewViews(particle, options, seed, count);
    };
    engine.encoders = [](std::int64_t box) { return encoderFactsFromJson(loadEngine().describeEncoders(box)); };
    engine.training = [] { return trainingChoicesFromJson(loadEngine().describeTraining()); };
    engine.trial = [program = std::move(trialProgram)](const std::string& wish, const StopToken& stop) {
        if (!std::filesystem::exists(program))
            throw Error("Time and memory cannot be measured: tomoloupe-cli is missing beside this program. Install both from one package");
        return tryTraining(program, wish, stop);
    };
    return engine;
}

}  // namespace tomoloupe
