#pragma once

#include <vector>

namespace tomoloupe {

/// PDB text with the chain lists of REMARK 350 as files since 2007 have them ("AND CHAINS:" before every further line). Older
/// ones go on without it, which gemmi does not read: most chains of the assembly would be lost. Other text comes back unchanged.
[[nodiscard]] std::vector<char> withModernChainLists(std::vector<char> text);

}  // namespace tomoloupe
