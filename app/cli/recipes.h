#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/options.h"

namespace CLI {
class App;
}

namespace tomoloupe::cli {

/// A recipe of the program, or a JSON file. Throws Error naming those there are.
[[nodiscard]] nlohmann::json readRecipe(const std::string& nameOrFile);

/// Sets `fields` from the part `section` of a recipe of the program or of a JSON file. Throws Error: no such recipe, no such part, an
/// unknown option or a value out of range.
void applyRecipe(const std::string& nameOrFile, const OptionFields& fields, const std::string& section);

/// Adds `--recipe NAME`, which does so. Call it before addOptions: flags win.
void addRecipe(CLI::App& command, const OptionFields& fields, const std::string& section);

/// What stands after the flag of an option in the help: its choices, unit or type.
[[nodiscard]] std::string typeName(const OptionField& field);

}  // namespace tomoloupe::cli
