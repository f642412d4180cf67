#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/particle.h"
#include "core/data/subtomogram_source.h"
#include "core/io/reader.h"

namespace tomoloupe {

struct TomogramPlace {
    std::string name;
    std::filesystem::path path;
    double voxelSizeAngstrom = 1;
};

/// Subtomograms that are cut out of their tomograms whenever they are asked for: of sets whose particles were not
/// extracted. Index boxSize/2 of a subtomogram is the voxel nearest to the particle; voxels outside the tomogram get
/// the mean of those inside. A tomogram is opened at the first particle that lies in it; the constructor reads nothing.
/// read() throws Error when the particle names no tomogram of `tomograms`, or lies outside it, or its file is broken.
[[nodiscard]] std::shared_ptr<const SubtomogramSource> openTomogramSource(
    std::shared_ptr<const ReaderRegistry> readers, std::vector<TomogramPlace> tomograms,
    std::shared_ptr<const std::vector<Particle>> particles, std::int64_t boxSize);

}  // namespace tomoloupe
