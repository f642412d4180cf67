#include "core/ssl/augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/base/seed.h"
#include "core/fourier/parallel.h"
#include "core/ssl/resample_kernels.h"
#include "core/ssl/space_augmentation.h"

namespace tomoloupe {
namespace {

constexpr PlaneMap kIdentity{1, 0, 0, 0, 1, 0};

/// The same by this program's own loop, a volume a thread.
at::Tensor resampleOnCpu(const at::Tensor& given, const std::vector<PlaneView>& views, std::int64_t depth, std::int64_t side) {
    const at::Tensor volumes = given.contiguous();
    const std::int64_t height = volumes.size(3), width = volumes.size(4);
    at::Tensor result = at::empty({volumes.size(0), 1, depth, side, side}, volumes.options());
    const float* const from = volumes.data_ptr<float>();
    float* const to = result.data_ptr<float>();
    parallelFor(0, volumes.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const PlaneView& view = views[std::size_t(i)];
            const float* const slices = from + (i * volumes.size(2) + view.firstSlice) * height * width;
            float* const out = to + i * depth * side * side;
            if (view.map == kIdentity && height == side && width == side) {
                std::copy_n(slices, depth * side * side, out);
            } else {
                resamplePlanes({slices, depth, height, width}, view.map, side, out);
            }
        }
    });
    return result;
}

}  // namespace

at::Tensor resample(const at::Tensor& volumes, const std::vector<PlaneView>& views, std::int64_t depth, std::int64_t side) {
    if (volumes.is_cpu() && volumes.scalar_type() == at::kFloat) return resampleOnCpu(volumes, views, depth, side);
    const std::int64_t n = volumes.size(0);
    at::Tensor theta = at::empty({n, 2, 3}, at::kFloat);
    float* values = theta.data_ptr<float>();
    std::vector<at::Tensor> slices;
    for (std::int64_t i = 0; i < n; ++i) {
        const PlaneView& view = views[std::size_t(i)];
        for (const double value : view.map) *values++ = static_cast<float>(value);
        if (depth < volumes.size(2)) slices.push_back(volumes[i][0].narrow(0, view.firstSlice, depth));
    }
    const at::Tensor grid = at::affine_grid_generator(theta.to(volumes.options()), {n, depth, side, side}, false);
    // Slices along the beam are the channels of a 2D resampling: the grid is computed and looked up once for all of them.
    return at::grid_sampler_2d(slices.empty() ? volumes.squeeze(1) : at::stack(slices), grid, /*bilinear*/ 0, /*zeros*/ 0, false).unsqueeze(1);
}

at::Tensor augment(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed, std::int64_t first,
                   std::int64_t side) {
    const std::int64_t box = volumes.size(4);
    const std::int64_t viewSide = side == 0 ? box : side;
    const auto drawn = [&](auto draw) {
        std::vector<decltype(draw(options, box, viewSide, seed))> views;
        for (std::int64_t i = 0; i < volumes.size(0); ++i)
            views.push_back(draw(options, box, viewSide, deriveSeed(seed, "view", std::uint64_t(first + i))));
        return views;
    };
    if (options.kind == "extended") return makeViews(volumes, drawn(drawSpaceView), options, viewSide);
    return resample(volumes, drawn(drawPlaneView), viewSide, viewSide);
}

}  // namespace tomoloupe
