#pragma once

#include "core/recipe/learning.h"

namespace tomoloupe {

/// What an explain run can be told: of one particle, or of several whose mean is wanted.
struct ExplainRunOptions : ExplainOptions {
    std::int64_t particles = 0;  ///< explain so many instead of one and give their mean; 0: one
    std::string ofClass;         ///< those are labelled so; empty: of all classes alike
    [[nodiscard]] OptionFields describe();
};

}  // namespace tomoloupe
