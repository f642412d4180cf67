#pragma once

#include <string_view>
#include <vector>

#include "core/volume/rotation.h"

namespace tomoloupe {

/// The rotations of a point group: "Cn" and "Dn" (main axis z, a twofold along x), "T" (twofold axes along x, y, z), "O"
/// (fourfold along x, y, z), "I" (twofold axes along x, y, z, a fivefold in the yz plane). The identity comes first. Throws Error
/// for any other name.
[[nodiscard]] std::vector<Rotation> pointGroup(std::string_view name);

}  // namespace tomoloupe
