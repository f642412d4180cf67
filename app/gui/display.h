#pragma once

#include <string>

namespace tomoloupe {

/// Why no window can be opened here; empty when one can. Qt ends the process when there is no display, so this is asked
/// first.
[[nodiscard]] std::string displayProblem();

/// Milliseconds since the system started this process.
[[nodiscard]] double millisecondsSinceStart();

}  // namespace tomoloupe
