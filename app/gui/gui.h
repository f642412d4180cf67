#pragma once

#include "ui/shell/main_window.h"

namespace tomoloupe {

/// What the program's window is made of: file readers, threads, the engine's jobs and previews. `remember`: settings are kept.
[[nodiscard]] MainWindow::Parts programParts(bool remember);

/// The program `tomoloupe` from its arguments to its exit status. Standard output and error are for sentences alone.
int runGui(int argc, char** argv);

}  // namespace tomoloupe
