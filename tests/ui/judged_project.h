#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/project/project.h"

namespace tomoloupe::test {

/// A fine-tuning that ended on the set "made" of makeProject(), with stored predictions of its test part: particles 0,
/// 2, 4 (alpha) and 1, 3, 5 (beta). It is right but for particle 4, called beta with 0.95, and particle 1, called alpha
/// with 0.6.
std::string addFinetuning(Project& project, const std::vector<std::string>& inputs = {}, double fraction = 1,
                          double accuracy = 4.0 / 6);
/// A prediction by that model of the whole set: beta for odd numbers, with 0.55 + 0.03 x number.
std::string addPrediction(Project& project, const std::string& model);
/// A finished map of one particle by that model: hot in one corner.
std::string addExplanation(Project& project, const std::string& model, std::int64_t particle);

}  // namespace tomoloupe::test
