#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace tomoloupe {

/// Names of the recipes that travel within the program: those of resources/recipes.
[[nodiscard]] std::vector<std::string> builtInRecipeNames();

/// One JSON object of options a kind of run: "simulate", "pretrain", "finetune" ..., and "about", a sentence. Throws Error naming
/// those there are.
[[nodiscard]] nlohmann::json builtInRecipe(const std::string& name);

}  // namespace tomoloupe
