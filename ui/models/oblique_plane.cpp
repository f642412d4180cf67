#include "ui/models/oblique_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr double kFace = 0.5 + 1e-6;  // from the centre of an outer voxel to its face; samples on it count
constexpr std::int64_t kTile = 64;    // samples; a tile is read within a step
constexpr std::int64_t kBrick = 16;   // rows and sections of a box that is read at once

double dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

bool inside(Vec3 at, Index3 shape) {
    return at.x >= -kFace && at.y >= -kFace && at.z >= -kFace && at.x <= double(shape.x) - 1 + kFace &&
           at.y <= double(shape.y) - 1 + kFace && at.z <= double(shape.z) - 1 + kFace;
}

/// The two neighbours of a place along an axis and the weight of the second.
struct Between {
    std::int64_t low = 0, high = 0;
    double weight = 0;
};
Between between(double at, std::int64_t size) {
    const double clamped = std::clamp(at, 0.0, double(size - 1));
    const auto low = static_cast<std::int64_t>(clamped);
    return {low, std::min(low + 1, size - 1), clamped - double(low)};
}

/// `at` in voxels of a volume of `shape`, of which `block` holds the voxels from `start` on.
float interpolated(const float* block, Index3 size, Index3 start, Vec3 at, Index3 shape) {
    const Between x = between(at.x, shape.x), y = between(at.y, shape.y), z = between(at.z, shape.z);
    const auto row = [&](std::int64_t yy, std::int64_t zz) {
        const float* voxels = block + size.x * ((yy - start.y) + size.y * (zz - start.z));
        return (1 - x.weight) * double(voxels[x.low - start.x]) + x.weight * double(voxels[x.high - start.x]);
    };
    const double lower = (1 - y.weight) * row(y.low, z.low) + y.weight * row(y.high, z.low);
    const double upper = (1 - y.weight) * row(y.low, z.high) + y.weight * row(y.high, z.high);
    return static_cast<float>((1 - z.weight) * lower + z.weight * upper);
}

/// Depths of the planes of a slab: as many below as above, an even slab has one more above.
double lowestDepth(std::int64_t slab) {
    return -double((slab - 1) / 2);
}

/// A sample still to be read.
struct Wanted {
    std::int64_t brick = 0, index = 0;
    Vec3 at;
};

std::int64_t brickOf(Vec3 at, Index3 shape) {
    return between(at.y, shape.y).low / kBrick + (shape.y / kBrick + 1) * (between(at.z, shape.z).low / kBrick);
}

/// The voxels that trilinear samples between two places need.
Box boxAround(const Wanted* first, const Wanted* last, Index3 shape) {
    Index3 low = shape, high{0, 0, 0};
    for (const Wanted* sample = first; sample != last; ++sample) {
        const Between x = between(sample->at.x, shape.x), y = between(sample->at.y, shape.y),
                      z = between(sample->at.z, shape.z);
        low = {std::min(low.x, x.low), std::min(low.y, y.low), std::min(low.z, z.low)};
        high = {std::max(high.x, x.high), std::max(high.y, y.high), std::max(high.z, z.high)};
    }
    return {low, high - low + Index3{1, 1, 1}};
}

}  // namespace

double ObliquePlane::distance(Vec3 voxel) const {
    return dot(normal(), voxel - through);
}

Rotation rotationOf(const PlaneAngles& angles) {
    return rotationFromRelion({angles.direction, angles.tilt, angles.turn}).inverse();
}

PlaneAngles planeAngles(const Rotation& tomogramFromPlane) {
    const EulerAngles angles = relionAngles(tomogramFromPlane.inverse());
    return {angles.rot, angles.tilt, angles.psi};
}

Vec3 ObliqueGrid::voxelAt(PlanePoint sample) const {
    return first + sample.u * right + sample.v * up;
}

PlanePoint ObliqueGrid::projected(Vec3 voxel) const {
    return {dot(voxel - first, right), dot(voxel - first, up)};
}

double ObliqueGrid::distance(Vec3 voxel) const {
    return dot(voxel - first, normal);
}

ObliqueGrid gridOf(const ObliquePlane& plane, Index3 shape) {
    ObliqueGrid grid{
        .first = {}, .right = plane.right(), .up = plane.up(), .normal = plane.normal(), .shape = {1, 1, 1}};
    // A voxel in the middle, for planes along the axes to meet voxels, brought onto the plane.
    const Vec3 middle{double(shape.x / 2), double(shape.y / 2), double(shape.z / 2)};
    grid.first = middle + dot(plane.through - middle, grid.normal) * grid.normal;
    double left = 0, right = 0, bottom = 0, top = 0;
    bool any = false;
    for (const Vec3 corner : outlineOf(plane, shape)) {
        const PlanePoint at = grid.projected(corner);
        left = any ? std::min(left, at.u) : at.u;
        right = any ? std::max(right, at.u) : at.u;
        bottom = any ? std::min(bottom, at.v) : at.v;
        top = any ? std::max(top, at.v) : at.v;
        any = true;
    }
    constexpr double kRounding = 1e-6;
    left = std::ceil(left - kRounding);
    bottom = std::ceil(bottom - kRounding);
    grid.shape.x = std::max<std::int64_t>(1, std::int64_t(std::floor(right + kRounding) - left) + 1);
    grid.shape.y = std::max<std::int64_t>(1, std::int64_t(std::floor(top + kRounding) - bottom) + 1);
    grid.first = grid.voxelAt({left, bottom});
    return grid;
}

std::vector<Vec3> outlineOf(const ObliquePlane& plane, Index3 shape) {
    const Vec3 far{double(shape.x) - 0.5, double(shape.y) - 0.5, double(shape.z) - 0.5};
    const auto corner = [&](int i) { return Vec3{i & 1 ? far.x : -0.5, i & 2 ? far.y : -0.5, i & 4 ? far.z : -0.5}; };
    std::vector<Vec3> cuts;
    for (int i = 0; i < 8; ++i) {
        for (const int axis : {1, 2, 4}) {
            if (i & axis) continue;
            const Vec3 from = corner(i), to = corner(i | axis);
            const double before = plane.distance(from), after = plane.distance(to);
            if ((before > 0) == (after > 0)) continue;
            cuts.push_back(from + before / (before - after) * (to - from));
        }
    }
    if (cuts.size() < 3) return {};
    Vec3 middle;
    for (const Vec3 cut : cuts) middle = middle + 1.0 / double(cuts.size()) * cut;
    const Vec3 right = plane.right(), up = plane.up();
    const auto angle = [&](Vec3 cut) { return std::atan2(dot(cut - middle, up), dot(cut - middle, right)); };
    std::sort(cuts.begin(), cuts.end(), [&](Vec3 a, Vec3 b) { return angle(a) < angle(b); });
    return cuts;
}

std::vector<PlanePoint> traceIn(Plane slice, double depth, const ObliquePlane& plane, Index3 shape) {
    const Vec3 origin = lifted(slice, {0, 0}, withDepth(slice, {}, depth));
    const Vec3 normal = plane.normal();
    const double a = dot(normal, lifted(slice, {1, 0}, {})), b = dot(normal, lifted(slice, {0, 1}, {}));
    const double c = plane.distance(origin);  // a u + b v + c = 0
    const PlanePoint far = projected(slice, {double(shape.x) - 0.5, double(shape.y) - 0.5, double(shape.z) - 0.5});
    std::vector<PlanePoint> cuts;
    const auto add = [&](PlanePoint at) {
        if (at.u < -kFace || at.v < -kFace || at.u > far.u + 1e-6 || at.v > far.v + 1e-6) return;
        for (const PlanePoint& other : cuts)
            if (std::hypot(other.u - at.u, other.v - at.v) < 1e-6) return;
        cuts.push_back(at);
    };
    constexpr double kAlong = 1e-9;
    if (std::abs(b) > kAlong)
        for (const double u : {-0.5, far.u}) add({u, -(a * u + c) / b});
    if (std::abs(a) > kAlong)
        for (const double v : {-0.5, far.v}) add({-(b * v + c) / a, v});
    if (cuts.size() < 2) return {};
    return {cuts[0], cuts[1]};
}

Volume sampled(const Volume& volume, const ObliqueGrid& grid, std::int64_t slab) {
    const Index3 shape = volume.shape();
    std::vector<float> voxels;
    voxels.reserve(static_cast<std::size_t>(grid.shape.product()));
    for (std::int64_t v = 0; v < grid.shape.y; ++v) {
        for (std::int64_t u = 0; u < grid.shape.x; ++u) {
            const Vec3 on = grid.voxelAt({double(u), double(v)});
            double sum = 0;
            int count = 0;
            for (std::int64_t k = 0; k < slab; ++k) {
                const Vec3 at = on + (lowestDepth(slab) + double(k)) * grid.normal;
                if (!inside(at, shape)) continue;
                sum += double(interpolated(volume.voxels().data(), shape, {0, 0, 0}, at, shape));
                ++count;
            }
            voxels.push_back(count > 0 && inside(on, shape) ? static_cast<float>(sum / count) : kNothing);
        }
    }
    return Volume(grid.shape, std::move(voxels), volume.voxelSizeAngstrom());
}

ObliqueReading::ObliqueReading(std::shared_ptr<const VolumeFile> file, const ObliqueGrid& grid, std::int64_t slab)
    : file_(std::move(file)),
      grid_(grid),
      slab_(slab),
      voxels_(static_cast<std::size_t>(grid.shape.product()), kNothing) {}

std::int64_t ObliqueReading::tilesAcross() const {
    return (grid_.shape.x + kTile - 1) / kTile;
}

std::int64_t ObliqueReading::tiles() const {
    return tilesAcross() * ((grid_.shape.y + kTile - 1) / kTile);
}

void ObliqueReading::readCoarse() {
    constexpr std::int64_t kSamples = 3000;
    const Index3 shape = file_->info().shape;
    const auto stride = std::max<std::int64_t>(
        4, static_cast<std::int64_t>(std::ceil(std::sqrt(double(grid_.shape.product()) / double(kSamples)))));
    for (std::int64_t v = 0; v < grid_.shape.y; v += stride) {
        for (std::int64_t u = 0; u < grid_.shape.x; u += stride) {
            const std::int64_t endU = std::min(u + stride, grid_.shape.x), endV = std::min(v + stride, grid_.shape.y);
            const Wanted sample{.at = grid_.voxelAt({double((u + endU - 1) / 2), double((v + endV - 1) / 2)})};
            if (!inside(sample.at, shape)) continue;
            const Box box = boxAround(&sample, &sample + 1, shape);
            const Volume block = file_->read(box);
            const float value = interpolated(block.voxels().data(), box.size, box.start, sample.at, shape);
            for (std::int64_t y = v; y < endV; ++y)
                std::fill_n(voxels_.begin() + static_cast<std::ptrdiff_t>(u + grid_.shape.x * y), endU - u, value);
        }
    }
}

void ObliqueReading::readTile(std::int64_t tile) {
    const Index3 shape = file_->info().shape;
    const std::int64_t firstU = tile % tilesAcross() * kTile, firstV = tile / tilesAcross() * kTile;
    const std::int64_t endU = std::min(firstU + kTile, grid_.shape.x), endV = std::min(firstV + kTile, grid_.shape.y);
    std::vector<Wanted> samples;
    for (std::int64_t v = firstV; v < endV; ++v) {
        for (std::int64_t u = firstU; u < endU; ++u) {
            const Vec3 on = grid_.voxelAt({double(u), double(v)});
            float& voxel = voxels_[static_cast<std::size_t>(u + grid_.shape.x * v)];
            voxel = kNothing;
            if (!inside(on, shape)) continue;
            voxel = 0;
            for (std::int64_t k = 0; k < slab_; ++k) {
                const Vec3 at = on + (lowestDepth(slab_) + double(k)) * grid_.normal;
                if (inside(at, shape)) samples.push_back({brickOf(at, shape), u + grid_.shape.x * v, at});
            }
        }
    }
    std::sort(samples.begin(), samples.end(), [](const Wanted& a, const Wanted& b) { return a.brick < b.brick; });
    std::vector<int> counts(static_cast<std::size_t>(kTile * kTile), 0);
    const auto countOf = [&](std::int64_t index) -> int& {
        return counts[static_cast<std::size_t>(index % grid_.shape.x - firstU +
                                               kTile * (index / grid_.shape.x - firstV))];
    };
    for (const Wanted& sample : samples) ++countOf(sample.index);
    for (auto first = samples.begin(); first != samples.end();) {
        const auto last =
            std::find_if(first, samples.end(), [&](const Wanted& other) { return other.brick != first->brick; });
        const Box box = boxAround(&*first, &*first + (last - first), shape);
        const Volume block = file_->read(box);
        for (; first != last; ++first)
            voxels_[static_cast<std::size_t>(first->index)] +=
                interpolated(block.voxels().data(), box.size, box.start, first->at, shape) /
                static_cast<float>(countOf(first->index));
    }
}

double ObliqueReading::readOn(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    if (nextTile_ < 0) {
        readCoarse();
        nextTile_ = 0;
        return 0;
    }
    while (nextTile_ < tiles()) {
        readTile(nextTile_++);
        if (std::chrono::steady_clock::now() >= until) break;
    }
    return double(nextTile_) / double(tiles());
}

Volume ObliqueReading::picture() const {
    return Volume(grid_.shape, voxels_, file_->info().voxelSize());
}

}  // namespace tomoloupe
