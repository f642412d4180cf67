#include "core/jobs/command_line.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/recipe/learning.h"

namespace tomoloupe {
namespace {

std::string flagOf(const OptionField& field) {
    const std::string value = toText(field);
    if (std::holds_alternative<bool*>(field.reference)) return fmt::format("--{}{}", value == "true" ? "" : "no-", field.name);
    // A value that begins with a minus would be taken for a flag.
    const bool joined = value.empty() || value.front() == '-';
    return fmt::format("--{}{}{}", field.name, joined ? "=" : " ", shellQuoted(value));
}

/// The flags of what differs from the defaults of an options struct.
template <typename Options>
std::string changedFlags(const nlohmann::json& wished) {
    Options options, standard;
    fromJson(options.describe(), wished);
    const OptionFields fields = options.describe(), defaults = standard.describe();
    std::string flags;
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (toText(fields[i]) != toText(defaults[i])) flags += " " + flagOf(fields[i]);
    return flags;
}

}  // namespace

std::string shellQuoted(std::string_view word) {
    constexpr std::string_view kHarmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
    if (!word.empty() && word.find_first_not_of(kHarmless) == std::string_view::npos) return std::string(word);
    std::string quoted = "'";
    for (const char letter : word) {
        if (letter == '\'')
            quoted += "'\\''";  // out of the quotes, the letter, and in again
        else
            quoted += letter;
    }
    return quoted + "'";
}

std::string commandLine(const std::filesystem::path& project, const RunConfig& config, int runs) {
    const bool finetune = config.kind == "finetune";
    if (!finetune && config.kind != "pretrain")
        throw Error(fmt::format("There is no command line for a run of kind {}", config.kind));
    std::string line = fmt::format("tomoloupe-cli {} {} --set {} --seed {}", config.kind, shellQuoted(project.string()),
                                   shellQuoted(config.particleSet), config.seed);
    if (finetune && !config.inputs.empty()) line += " --from " + shellQuoted(config.inputs.front());
    if (finetune && runs > 1) line += fmt::format(" --runs {}", runs);
    return line + (finetune ? changedFlags<FinetuneOptions>(config.options) : changedFlags<PretrainOptions>(config.options));
}

}  // namespace tomoloupe
