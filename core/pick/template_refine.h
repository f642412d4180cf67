#pragma once

#include <span>
#include <vector>

#include "core/fourier/fourier.h"
#include "core/pick/peak.h"
#include "core/pick/template_model.h"

namespace tomoloupe {

/// Turns a template about the orientation a search found for it, in ever smaller steps, and moves it by up to a voxel, until the
/// correlation grows no more: the right molecule gains from it more than a similar one. Immutable; any thread.
class PoseRefiner {
  public:
    /// `kernel`: the one of the template's imaging. Borrows the template.
    PoseRefiner(const SearchTemplate& model, std::span<const float> kernel);

    /// Side of the box of the tomogram that refine() looks at.
    [[nodiscard]] std::int64_t boxSide() const { return boxSide_; }
    /// `peak` in search voxels, with the search's rotation; `box` of boxSide()^3 voxels of the tomogram begins at `start`. Sets position,
    /// rotation and score; the score never falls below the best of the search's own orientation.
    void refine(std::span<const float> box, Index3 start, double stepDegrees, Peak& peak) const;

  private:
    struct Fit;
    struct Surroundings;
    [[nodiscard]] std::vector<float> filtered(std::span<const float> box) const;
    [[nodiscard]] Surroundings look(std::span<const float> box, Index3 middle) const;
    [[nodiscard]] Fit fit(const Surroundings& around, const Rotation& rotation, std::vector<float>& turned) const;

    const SearchTemplate& model_;
    std::int64_t boxSide_ = 0;
    Spectrum kernel_;
};

}  // namespace tomoloupe
