#include "ui/models/shown_source.h"

#include <algorithm>
#include <cmath>

#include "core/data/tomogram_source.h"

namespace tomoloupe {

std::shared_ptr<const SubtomogramSource> shownSource(const Workbench& bench) {
    constexpr double kCutAngstrom = 320;  // side of what is cut out for a set that tells no box
    const SetContents* set = bench.project.set();
    if (!set || set->source) return set ? set->source : nullptr;
    std::vector<TomogramPlace> places;
    for (const TomogramRecord& tomogram : bench.project.contents().tomograms)
        places.push_back({tomogram.name, tomogram.path, tomogram.voxelSizeAngstrom});
    const double voxel = places.empty() ? 10 : places.front().voxelSizeAngstrom;
    const std::int64_t box = set->record.boxSize > 0
                                 ? set->record.boxSize
                                 : std::clamp<std::int64_t>(2 * std::llround(kCutAngstrom / voxel / 2), 16, 96);
    return openTomogramSource(bench.readers, std::move(places), {set->table, &set->table->particles}, box);
}

}  // namespace tomoloupe
