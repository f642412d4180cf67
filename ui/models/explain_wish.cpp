#include "ui/models/explain_wish.h"

#include "core/recipe/explain_options.h"

namespace tomoloupe {
namespace {

template <typename Value>
Value option(const RunConfig& config, const char* name, Value otherwise) {
    return config.options.is_object() ? config.options.value(name, otherwise) : otherwise;
}

std::string resultText(const RunRow& row, const char* name) {
    return row.result.is_object() ? row.result.value(name, std::string()) : std::string();
}

/// The class wished for, or the same one found to be the most probable.
bool sameClass(const RunRow& row, const ExplainWish& wish) {
    if (option(row.run.config(), "target-class", std::string()) == wish.targetClass) return true;
    return !wish.targetClass.empty() && resultText(row, "class") == wish.targetClass;
}

bool answers(const RunRow& row, const ExplainWish& wish) {
    const RunConfig& config = row.run.config();
    if (config.kind != "explain" || row.state != RunState::Done || config.particleSet != wish.set) return false;
    if (config.inputs.empty() || config.inputs.front() != wish.model) return false;
    if (option(config, "method", std::string("gradcam")) != wish.method) return false;
    if (option(config, "particles", std::int64_t(0)) != wish.particles) return false;
    if (wish.particles > 0 && option(config, "of-class", std::string()) != wish.ofClass) return false;
    if (wish.particles == 0 && option(config, "particle", std::int64_t(-1)) != wish.particle) return false;
    const std::string layer = option(config, "layer", std::string("last-block"));
    if (layer != wish.layer && resultText(row, "layer") != wish.layer) return false;
    if (wish.sanityCheck && !option(config, "sanity-check", false)) return false;
    return sameClass(row, wish);
}

bool hasModel(const RunRow& row) {
    return row.run.config().kind == "finetune" && (row.state == RunState::Done || row.state == RunState::FinishedEarly);
}

}  // namespace

const RunRow* explained(const ProjectContents& contents, const ExplainWish& wish) {
    for (const RunRow& row : contents.runs) {  // newest first
        if (answers(row, wish)) return &row;
    }
    return nullptr;
}

RunConfig explainConfig(const ExplainWish& wish, const std::string& title) {
    ExplainRunOptions options;
    options.particle = wish.particle;
    options.particles = wish.particles;
    options.ofClass = wish.ofClass;
    options.targetClass = wish.targetClass;
    options.method = wish.method;
    options.layer = wish.layer;
    options.sanityCheck = wish.sanityCheck;
    RunConfig config;
    config.kind = "explain";
    config.title = title;
    config.options = toJson(options.describe());
    config.particleSet = wish.set;
    config.inputs = {wish.model};
    return config;
}

std::vector<const RunRow*> explainableRuns(const ProjectContents& contents) {
    std::vector<const RunRow*> found;
    for (const RunRow& row : contents.runs) {
        if (hasModel(row)) found.push_back(&row);
    }
    return found;
}

std::vector<std::string> layersOf(const ProjectContents& contents, const std::string& model) {
    for (const RunRow& row : contents.runs) {
        const RunConfig& config = row.run.config();
        const bool ofModel = row.run.id() == model ||
                             (config.kind == "explain" && !config.inputs.empty() && config.inputs.front() == model);
        if (ofModel && row.result.is_object() && row.result.contains("layers"))
            return row.result["layers"].get<std::vector<std::string>>();
    }
    return {};
}

std::vector<std::string> classesOf(const ProjectContents& contents, const std::string& model) {
    std::vector<std::string> names;
    for (const RunRow& row : contents.runs) {
        if (row.run.id() != model || !row.result.is_object() || !row.result.contains("test")) continue;
        for (const auto& one : row.result["test"].value("classes", nlohmann::json::array()))
            names.push_back(one.value("class", std::string()));
    }
    return names;
}

}  // namespace tomoloupe
