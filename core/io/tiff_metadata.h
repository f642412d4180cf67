#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/io/tiff_handle.h"

namespace tomoloupe {

/// How the planes of a TIFF stack make volumes, and how large a voxel is.
struct TiffStack {
    std::int64_t slices = 0;  ///< z; 0: every plane
    std::int64_t channels = 1;
    std::int64_t frames = 1;
    std::int64_t images = 0;   ///< planes that ImageJ claims; 0: it says nothing
    double pixelAngstrom = 0;  ///< 0: unknown
    double sliceAngstrom = 0;  ///< 0: unknown
    std::vector<std::string> warnings;
};

/// Understands ImageJ's description ("ImageJ=1.53\nimages=36\n..."), OME-XML and the resolution tags of the first page.
[[nodiscard]] TiffStack readTiffMetadata(const TiffPage& first);

}  // namespace tomoloupe
