#pragma once

#include <memory>

#include "core/data/subtomogram_source.h"
#include "ui/models/workbench.h"

namespace tomoloupe {

/// What the particles of the current set look like: their own subtomograms, or boxes cut out of their tomograms where
/// none were extracted; those have the tomogram's contrast. Null without a set. Nothing is read yet. GUI thread.
[[nodiscard]] std::shared_ptr<const SubtomogramSource> shownSource(const Workbench& bench);

}  // namespace tomoloupe
