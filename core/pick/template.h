#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/stop_token.h"
#include "core/io/volume_file.h"
#include "core/pick/peak.h"
#include "core/pick/pick_progress.h"
#include "core/recipe/recipe.h"
#include "core/simulate/structure.h"

namespace tomoloupe {

/// What a search with templates found, and how.
struct TemplateSearch {
    std::vector<Peak> peaks;         ///< the best first; score is the correlation in [-1, 1], templateIndex that of options.templates
    std::int64_t voxels = 0;         ///< of the tomogram as it was searched, after binning
    std::int64_t orientations = 0;   ///< of all templates together
    int binning = 1;
    double searchVoxelAngstrom = 0;
    double seconds = 0;              ///< of the correlation
    std::vector<double> noise;       ///< one a template: standard deviation of its correlation away from particles
    std::vector<double> thresholds;  ///< one a template: the lowest score of a pick
    [[nodiscard]] double voxelsAnglesPerSecond() const { return seconds > 0 ? double(voxels) * double(orientations) / seconds : 0; }
};

/// Locally normalised correlation of the tomogram with each template in each of its orientations (Roseman 2003; method.md 5), block
/// by block. Any thread; computes with all of LibTorch's threads or on the device of the options. Throws Cancelled, InvalidOptions
/// (no template, an unknown symmetry, a template too small or too large for the search), ReadError.
[[nodiscard]] TemplateSearch correlateTemplates(const VolumeFile& tomogram, const PickOptions& options, const PickProgress& progress,
                                                const StopToken& stop);

/// The same with structures at hand; options.templates is not looked at.
[[nodiscard]] TemplateSearch correlateTemplates(const VolumeFile& tomogram, std::span<const Structure> templates,
                                                const PickOptions& options, const PickProgress& progress, const StopToken& stop);

}  // namespace tomoloupe
