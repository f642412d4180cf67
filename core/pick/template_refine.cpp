#include "core/pick/template_refine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace tomoloupe {
namespace {

constexpr std::int64_t kShift = 1;  // voxels that a template may move along each axis

/// A turn by `degrees` about x, y or z.
Rotation turnAbout(int axis, double degrees) {
    const double half = degrees * std::numbers::pi / 360;
    Rotation turn{std::cos(half), 0, 0, 0};
    (axis == 0 ? turn.x : axis == 1 ? turn.y : turn.z) = std::sin(half);
    return turn;
}

}  // namespace

/// The tomogram under the mask, for each of 27 shifts.
struct PoseRefiner::Surroundings {
    std::vector<float> box;  // filtered, side() + 2 kShift a side
    std::array<double, 27> inverseDeviation{};
};

struct PoseRefiner::Fit {
    std::array<double, 27> scores{};
    int best = 13;
    [[nodiscard]] double score() const { return scores[std::size_t(best)]; }
};

PoseRefiner::PoseRefiner(const SearchTemplate& model, std::span<const float> kernel)
    : model_(model), boxSide_(quickSize(model.side() + 2 * (kShift + kernelReach(kernel)))), kernel_(kernelSpectrum(kernel, boxSide_)) {}

std::vector<float> PoseRefiner::filtered(std::span<const float> box) const {
    const Index3 shape{boxSide_, boxSide_, boxSide_};
    Spectrum spectrum = fourierTransform(box, shape);
    for (std::size_t i = 0; i < spectrum.size(); ++i) spectrum[i] *= kernel_[i];
    return inverseFourierTransform(spectrum, shape);
}

PoseRefiner::Surroundings PoseRefiner::look(std::span<const float> box, Index3 middle) const {
    const std::vector<float> whole = filtered(box);
    const std::int64_t side = model_.side(), wide = side + 2 * kShift, reach = side / 2 + kShift;
    Surroundings around;
    around.box.resize(std::size_t(wide * wide * wide));
    for (std::int64_t z = 0, i = 0; z < wide; ++z)
        for (std::int64_t y = 0; y < wide; ++y)
            for (std::int64_t x = 0; x < wide; ++x, ++i)
                around.box[std::size_t(i)] = whole[std::size_t(middle.x - reach + x + boxSide_ * (middle.y - reach + y + boxSide_ * (middle.z - reach + z)))];
    for (std::size_t s = 0; s < 27; ++s) {
        const auto shift = std::int64_t(s);
        double sum = 0, squares = 0;
        for (std::int64_t z = 0, i = 0; z < side; ++z)
            for (std::int64_t y = 0; y < side; ++y)
                for (std::int64_t x = 0; x < side; ++x, ++i) {
                    if (model_.mask()[std::size_t(i)] == 0) continue;
                    const double value = double(around.box[std::size_t(x + shift % 3 + wide * (y + shift / 3 % 3 + wide * (z + shift / 9)))]);
                    sum += value;
                    squares += value * value;
                }
        const double n = model_.maskVoxels(), variance = squares / n - (sum / n) * (sum / n);
        around.inverseDeviation[s] = variance > 1e-12 ? 1 / std::sqrt(variance) : 0;
    }
    return around;
}

PoseRefiner::Fit PoseRefiner::fit(const Surroundings& around, const Rotation& rotation, std::vector<float>& turned) const {
    model_.turned(rotation, turned);
    const std::int64_t side = model_.side(), wide = side + 2 * kShift;
    Fit result;
    for (std::size_t s = 0; s < 27; ++s) {
        const auto shift = std::int64_t(s);
        double sum = 0;
        for (std::int64_t z = 0; z < side; ++z)
            for (std::int64_t y = 0; y < side; ++y) {
                const float* row = around.box.data() + shift % 3 + wide * (y + shift / 3 % 3 + wide * (z + shift / 9));
                const float* model = turned.data() + side * (y + side * z);
                float part = 0;
                for (std::int64_t x = 0; x < side; ++x) part += row[x] * model[x];
                sum += double(part);
            }
        result.scores[s] = sum / model_.maskVoxels() * around.inverseDeviation[s];
        if (result.scores[s] > result.score()) result.best = int(s);
    }
    return result;
}

void PoseRefiner::refine(std::span<const float> box, Index3 start, double stepDegrees, Peak& peak) const {
    const auto whole = [](double value) { return static_cast<std::int64_t>(std::lround(value)); };
    const Index3 at{whole(peak.positionVoxels.x), whole(peak.positionVoxels.y), whole(peak.positionVoxels.z)};
    const Surroundings around = look(box, at - start);
    std::vector<float> turned(model_.mask().size());
    Fit best = fit(around, peak.rotation, turned);
    for (const double part : {0.5, 0.25, 0.25, 0.125}) {  // fractions of the search's step
        for (int axis = 0; axis < 3; ++axis) {
            for (const double sign : {1.0, -1.0}) {
                const Rotation tried = turnAbout(axis, sign * part * stepDegrees) * peak.rotation;
                const Fit found = fit(around, tried, turned);
                if (found.score() <= best.score() + 1e-6) continue;
                best = found;
                peak.rotation = tried;
                break;
            }
        }
    }
    peak.score = best.score();
    const int x = best.best % 3, y = best.best / 3 % 3, z = best.best / 9;
    const auto along = [&](int place, int stride) {  // a parabola where both neighbours are known
        const auto b = std::size_t(best.best);
        if (place != 1) return double(place - 1);
        return parabolaVertex(best.scores[b - std::size_t(stride)], best.scores[b], best.scores[b + std::size_t(stride)]);
    };
    peak.positionVoxels = {double(at.x) + along(x, 1), double(at.y) + along(y, 3), double(at.z) + along(z, 9)};
}

}  // namespace tomoloupe
