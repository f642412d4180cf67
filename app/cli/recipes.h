#pragma once

#include <string>
#include <vector>

#include "core/base/options.h"

namespace CLI {
class App;
}

namespace tomoloupe::cli {

/// The text of the built-in recipe "demo": one JSON object of options a command.
[[nodiscard]] const char* demoRecipe();

/// Adds `--recipe demo|FILE`, which sets `fields` from the recipe's part `section`. Call it before addOptions: flags
/// win.
void addRecipe(CLI::App& command, const OptionFields& fields, const std::string& section);

}  // namespace tomoloupe::cli
