#pragma once

#include <string>

#include "core/project/project.h"
#include "core/recipe/recipe.h"

namespace tomoloupe {

// What can be told before any work is done, for the command line, the window and the jobs themselves.

/// The tomogram to pick in, its file being there. Throws Error or InvalidOptions when it is not in the project, when its file has moved,
/// when the method lacks what it needs, when the particle does not fit, or when the project has a set of this name.
[[nodiscard]] TomogramRecord checkPicking(const Project& project, const PickOptions& options, const std::string& newSet);

/// The tomogram of this name, its file being there; an empty name means the only one. Throws Error naming those there are.
[[nodiscard]] TomogramRecord tomogramOf(const Project& project, const std::string& name);

/// Throws Error when the project has a set of this name already.
void checkNewSet(const Project& project, const std::string& name);

/// The set to cut out. Throws Error when there is none of this name, when it is empty, or when its particles are no places in tomograms.
[[nodiscard]] ParticleSetRecord checkExtraction(const Project& project, const std::string& set);

}  // namespace tomoloupe
