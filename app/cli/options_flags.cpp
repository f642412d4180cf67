#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/recipes.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/recipe/built_in_recipes.h"

namespace tomoloupe::cli {
namespace {

/// A list: several values after the flag, or one with commas.
CLI::Option* addList(CLI::App& command, const OptionField& field) {
    const auto set = [field](const std::vector<std::string>& items) {
        setFromText(field, fmt::format("{}", fmt::join(items, ",")));
    };
    auto* option = command.add_option_function<std::vector<std::string>>("--" + field.name, set, field.help);
    return option->type_name("TEXT ...")->default_str(toText(field));
}

CLI::Option* addOption(CLI::App& command, const OptionField& field) {
    if (const auto* flag = std::get_if<bool*>(&field.reference)) {
        const std::string names = fmt::format("--{0},!--no-{0}", field.name);
        return command.add_flag(names, **flag, fmt::format("{} [default: {}]", field.help, **flag ? "yes" : "no"));
    }
    if (std::holds_alternative<std::vector<std::string>*>(field.reference)) return addList(command, field);
    const auto set = [field](const std::string& text) {
        try {
            setFromText(field, text);
        } catch (const InvalidOptions& cause) {
            throw CLI::ValidationError("--" + field.name, cause.what());
        }
    };
    auto* option =
        command.add_option_function<std::string>("--" + field.name, set, field.help)->type_name(typeName(field));
    if (const std::string standard = toText(field); !standard.empty()) option->default_str(standard);
    return option;
}

}  // namespace

std::string typeName(const OptionField& field) {
    if (!field.choices.empty()) return fmt::format("{{{}}}", fmt::join(field.choices, ","));
    if (!field.unit.empty()) return field.unit;
    if (std::holds_alternative<std::string*>(field.reference)) return "TEXT";
    return std::holds_alternative<double*>(field.reference) ? "NUMBER" : "N";
}

void addOptions(CLI::App& command, const OptionFields& fields) {
    for (const OptionField& field : fields) {
        CLI::Option* option = addOption(command, field);
        if (field.advanced) option->group("Advanced options");
    }
}

nlohmann::json readRecipe(const std::string& name) {
    const auto builtIn = builtInRecipeNames();
    if (std::find(builtIn.begin(), builtIn.end(), name) != builtIn.end()) return builtInRecipe(name);
    if (!std::filesystem::exists(name))
        throw Error(fmt::format("{} is neither a recipe of the program ({}) nor a file", name, fmt::join(builtIn, ", ")));
    auto recipe = nlohmann::json::parse(readTextFile(name), nullptr, false);
    if (!recipe.is_object()) throw Error(fmt::format("{} is not a recipe: it must be a JSON object", name));
    return recipe;
}

void applyRecipe(const std::string& nameOrFile, const OptionFields& fields, const std::string& section) {
    const nlohmann::json recipe = readRecipe(nameOrFile);
    if (!recipe.contains(section)) {
        std::vector<std::string> sections;
        for (const auto& [key, value] : recipe.items())
            if (value.is_object()) sections.push_back(key);
        throw Error(fmt::format("Recipe {} has no entry \"{}\"; it has {}", nameOrFile, section, fmt::join(sections, ", ")));
    }
    try {
        fromJson(fields, recipe[section]);
    } catch (const InvalidOptions& cause) {
        throw Error(fmt::format("Recipe {}, entry \"{}\"", nameOrFile, section), cause);
    }
}

void addRecipe(CLI::App& command, const OptionFields& fields, const std::string& section) {
    const auto set = [fields, section](const std::string& name) { applyRecipe(name, fields, section); };
    command.add_option_function<std::string>("--recipe", set, "Options from a recipe of the program, or a JSON file; flags given here win")
        ->type_name("NAME");
}

}  // namespace tomoloupe::cli
