#pragma once

namespace tomoloupe {

/// The program `tomoloupe` from its arguments to its exit status. Standard output and error are for sentences alone.
int runGui(int argc, char** argv);

}  // namespace tomoloupe
