#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/io/star.h"
#include "core/project/import.h"

namespace tomoloupe {

/// A particle list as it would lie in the project's tomograms, before it is taken.
struct ListPreview {
    struct Tomogram {
        std::string name;
        bool known = false;  ///< the project has it
        std::int64_t count = 0;
        std::int64_t inside = 0;      ///< of its volume, where known
        std::vector<Vec3> positions;  ///< voxels, where known
    };
    std::vector<Tomogram> tomograms;  ///< in the order of the list
    RelionPositions told;
    std::vector<std::string> warnings;
    [[nodiscard]] std::int64_t count() const;
    [[nodiscard]] std::int64_t inside() const;
    [[nodiscard]] std::int64_t placed() const;  ///< in tomograms that are known
};

/// For a worker. Throws ReadError naming what is missing.
[[nodiscard]] ListPreview previewList(const StarFile& file, const std::string& sourceName,
                                      const std::vector<TomogramRecord>& known, const ListImportOptions& options);

/// `wanted`, or `wanted 2`, `wanted 3` ... where a set has that name already.
[[nodiscard]] std::string freeSetName(const std::vector<ParticleSetRecord>& sets, const std::string& wanted);

}  // namespace tomoloupe
