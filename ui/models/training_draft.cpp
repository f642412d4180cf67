#include "ui/models/training_draft.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/jobs/command_line.h"
#include "core/recipe/built_in_recipes.h"
#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

const char* nameOf(TrainingDraft::Kind kind) {
    return kind == TrainingDraft::Kind::Pretrain ? "pretrain" : "finetune";
}

}  // namespace

void TrainingDraft::setSet(const QString& name) {
    if (std::exchange(set_, name) != name) touch();
}

void TrainingDraft::setSeed(std::uint64_t seed) {
    if (std::exchange(seed_, seed) != seed) touch();
}

void TrainingDraft::setRuns(int runs) {
    if (std::exchange(runs_, runs) != runs) touch();
}

void TrainingDraft::setStart(const QString& reference) {
    if (std::exchange(start_, reference) != reference) touch();
}

void TrainingDraft::setAlsoRandom(bool on) {
    if (std::exchange(alsoRandom_, on) != on) touch();
}

QString TrainingDraft::setOption(const std::string& name, const std::string& value) {
    const OptionFields all = fields();
    const auto found = std::find_if(all.begin(), all.end(), [&](const OptionField& field) { return field.name == name; });
    if (found == all.end()) return tr("There is no option %1.").arg(toQString(name));
    try {
        setFromText(*found, value);
    } catch (const Error& error) {
        return toQString(error.what());
    }
    Q_EMIT replaced();
    touch();
    return {};
}

QString TrainingDraft::mend(const std::string& option, const std::string& value) {
    return option == "recipe" ? applyRecipe(builtInRecipe(value)) : setOption(option, value);
}

QString TrainingDraft::applyRecipe(const nlohmann::json& recipe) {
    const char* const kind = nameOf(kind_);
    if (!recipe.is_object() || !recipe.contains(kind))
        return pretrains() ? tr("This recipe says nothing of pre-training.") : tr("This recipe says nothing of fine-tuning.");
    try {
        // Tried on others first: a recipe that cannot be used changes nothing.
        TrainingDraft fresh(kind_);
        fromJson(fresh.fields(), recipe.at(kind));
        pretrain = fresh.pretrain;
        finetune = fresh.finetune;
    } catch (const std::exception& error) {
        return toQString(error.what());
    }
    Q_EMIT replaced();
    touch();
    return {};
}

nlohmann::json TrainingDraft::recipe(const QString& about) const {
    TrainingDraft own(kind_), standard(kind_);
    own.pretrain = pretrain;
    own.finetune = finetune;
    nlohmann::json options = toJson(own.fields());
    const nlohmann::json defaults = toJson(standard.fields());
    for (const auto& [name, value] : defaults.items()) {
        if (options[name] == value) options.erase(name);
    }
    return {{"about", about.toStdString()}, {nameOf(kind_), options.is_null() ? nlohmann::json::object() : options}};
}

QString TrainingDraft::take(const RunConfig& config) {
    const QString problem = applyRecipe({{config.kind, config.options}});
    if (!problem.isEmpty()) return problem;
    set_ = toQString(config.particleSet);
    seed_ = config.seed;
    start_ = config.inputs.empty() ? QString() : toQString(config.inputs.front());
    runs_ = 1;
    alsoRandom_ = false;
    touch();
    return {};
}

RunConfig TrainingDraft::config(const QString& start) const {
    TrainingDraft own(kind_);
    own.pretrain = pretrain;
    own.finetune = finetune;
    RunConfig config;
    config.kind = nameOf(kind_);
    config.particleSet = set_.toStdString();
    config.options = toJson(own.fields());
    if (pretrains()) {
        config.title = pretrain.method;
        return config;
    }
    if (!start.isEmpty()) config.inputs = {start.toStdString()};
    const QString from = start.isEmpty() ? tr("random start") : tr("from %1").arg(QString::fromStdString(std::filesystem::path(start.toStdString()).stem().string()));
    config.title = tr("%1 % labels, %2").arg(finetune.labelFraction * 100, 0, 'g', 3).arg(from).toStdString();
    return config;
}

std::vector<RunConfig> TrainingDraft::configs() const {
    std::vector<RunConfig> all;
    QStringList starts{pretrains() ? QString() : start_};
    if (alsoRandom()) starts.append(QString());
    // Seed by seed: what is compared has its first pair early.
    for (int i = 0; i < runs(); ++i) {
        for (const QString& from : starts) {
            RunConfig one = config(from);
            one.seed = seed_ + static_cast<std::uint64_t>(i);
            if (runs() > 1) one.title += tr(", seed %1").arg(one.seed).toStdString();
            all.push_back(std::move(one));
        }
    }
    return all;
}

QString TrainingDraft::commandLines(const std::filesystem::path& project) const {
    QStringList starts{pretrains() ? QString() : start_}, lines;
    if (alsoRandom()) starts.append(QString());
    for (const QString& from : starts) {
        RunConfig one = config(from);
        one.seed = seed_;
        lines.append(toQString(commandLine(project, one, runs())));
    }
    return lines.join(QChar('\n'));
}

}  // namespace tomoloupe
