#include "ui/models/oblique_plane.h"

#include <cmath>

#include "core/io/mrc_writer.h"
#include "core/io/reader.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr Index3 kShape{40, 30, 20};

/// Trilinear interpolation has no error on it; ramp() is x + 100 y + 10000 z.
double rampAt(Vec3 at) {
    return at.x + 100 * at.y + 10000 * at.z;
}

bool wellInside(Vec3 at) {
    return at.x >= 0 && at.y >= 0 && at.z >= 0 && at.x <= 39 && at.y <= 29 && at.z <= 19;
}

/// Largest difference from the ramp among samples between voxels; how many there were.
std::pair<double, int> errorOf(const Volume& slice, const ObliqueGrid& grid) {
    double most = 0;
    int count = 0;
    for (std::int64_t v = 0; v < grid.shape.y; ++v) {
        for (std::int64_t u = 0; u < grid.shape.x; ++u) {
            const Vec3 at = grid.voxelAt({double(u), double(v)});
            if (!wellInside(at)) continue;
            most = std::max(most, std::abs(double(slice.at(u, v, 0)) - rampAt(at)));
            ++count;
        }
    }
    return {most, count};
}

const ObliquePlane kTilted{{17.3, 14.8, 9.1}, rotationOf({.direction = 30, .tilt = 50, .turn = 20})};

}  // namespace

TEST_CASE("oblique plane, not turned it is the XY slice, voxel by voxel") {
    const Volume volume = test::ramp(kShape);
    const ObliqueGrid grid = gridOf({{20, 15, 7}, {}}, kShape);
    CHECK(grid.shape == Index3{40, 30, 1});
    CHECK(grid.first == Vec3{0, 0, 7});
    const Volume slice = sampled(volume, grid, 1), xy = sliceOf(volume, Plane::XY, 7);
    for (std::int64_t v = 0; v < 30; ++v)
        for (std::int64_t u = 0; u < 40; ++u) REQUIRE(slice.at(u, v, 0) == xy.at(u, v, 0));
}

TEST_CASE("oblique plane, turned onto the other planes it has their voxels") {
    const Volume volume = test::ramp(kShape);
    // A quarter turn about x: x stays to the right, up is z, as the XZ slice has it.
    const ObliquePlane xz{{20, 11, 7}, {std::sqrt(0.5), std::sqrt(0.5), 0, 0}};
    CHECK(xz.right().x == Approx(1));
    CHECK(xz.up().z == Approx(1));
    const ObliqueGrid grid = gridOf(xz, kShape);
    CHECK(grid.shape == Index3{40, 20, 1});
    const Volume slice = sampled(volume, grid, 1);
    CHECK(slice.at(3, 4, 0) == Approx(rampAt(grid.voxelAt({3, 4}))));
    CHECK(slice.at(3, 4, 0) == Approx(rampAt({3, 11, 4})));
}

TEST_CASE("oblique plane, a linear volume is met exactly, in memory and from a file") {
    const Volume volume = test::ramp(kShape);
    const ObliqueGrid grid = gridOf(kTilted, kShape);
    const auto [error, count] = errorOf(sampled(volume, grid, 1), grid);
    CHECK(error < 0.02);  // of floats up to 200000
    CHECK(count > 600);
    const test::TemporaryFolder folder;
    writeMrc(folder / "ramp.mrc", volume);
    for (const std::int64_t slab : {1, 5}) {
        ObliqueReading reading(builtInReaders().open(folder / "ramp.mrc"), grid, slab);
        CHECK(reading.readOn(std::chrono::milliseconds(0)) == 0);
        const Volume coarse = reading.picture();
        double share = 0;
        while (share < 1) share = reading.readOn(std::chrono::milliseconds(0));
        const Volume fine = reading.picture(), whole = sampled(volume, grid, slab);
        double most = 0, apart = 0;
        for (std::size_t i = 0; i < fine.voxels().size(); ++i) {
            REQUIRE(std::isfinite(fine.voxels()[i]) == std::isfinite(whole.voxels()[i]));
            if (!std::isfinite(whole.voxels()[i])) continue;
            most = std::max(most, double(std::abs(fine.voxels()[i] - whole.voxels()[i])));
            apart = std::max(apart, double(std::abs(coarse.voxels()[i] - whole.voxels()[i])));
        }
        CHECK(most < 0.1);
        CHECK(apart > 1000);   // coarse is coarse
        CHECK(apart < 80000);  // and of the right place
    }
}

TEST_CASE("oblique plane, a slab is the mean of planes along the normal") {
    const ObliqueGrid grid = gridOf(kTilted, kShape);
    const Volume slab = sampled(test::ramp(kShape), grid, 4);  // one below, two above: 0.5 above on the mean
    const PlanePoint middle = grid.projected(kTilted.through);
    const auto u = std::llround(middle.u), v = std::llround(middle.v);
    CHECK(slab.at(u, v, 0) == Approx(rampAt(grid.voxelAt({double(u), double(v)}) + 0.5 * grid.normal)).epsilon(1e-5));
}

TEST_CASE("oblique plane, says nothing beyond the volume") {
    const ObliqueGrid grid = gridOf(kTilted, kShape);
    const Volume slice = sampled(test::ramp(kShape), grid, 1);
    int beyond = 0;
    for (std::int64_t v = 0; v < grid.shape.y; ++v) {
        for (std::int64_t u = 0; u < grid.shape.x; ++u) {
            const Vec3 at = grid.voxelAt({double(u), double(v)});
            const bool out =
                at.x < -0.51 || at.y < -0.51 || at.z < -0.51 || at.x > 39.51 || at.y > 29.51 || at.z > 19.51;
            if (!out) continue;
            REQUIRE(std::isnan(slice.at(u, v, 0)));
            ++beyond;
        }
    }
    CHECK(beyond > 50);
}

TEST_CASE("oblique plane, keeps its samples above each other when it moves along its normal") {
    const ObliqueGrid here = gridOf(kTilted, kShape);
    ObliquePlane moved = kTilted;
    moved.through = moved.through + 3.0 * moved.normal();
    const ObliqueGrid there = gridOf(moved, kShape);
    const PlanePoint shift = here.projected(there.first);
    CHECK(shift.u == Approx(std::round(shift.u)).margin(1e-6));
    CHECK(shift.v == Approx(std::round(shift.v)).margin(1e-6));
    CHECK(here.distance(there.first) == Approx(3));
}

TEST_CASE("oblique plane, angles come back as they were given") {
    for (const PlaneAngles& given : {PlaneAngles{30, 50, 20}, PlaneAngles{-120, 90, 175}, PlaneAngles{0, 10, -90}}) {
        const PlaneAngles back = planeAngles(rotationOf(given));
        CHECK(back.direction == Approx(given.direction).margin(1e-9));
        CHECK(back.tilt == Approx(given.tilt));
        CHECK(back.turn == Approx(given.turn));
    }
    // The normal leans from z towards the direction: at 90 degrees from x that is y.
    const Vec3 normal = ObliquePlane{{}, rotationOf({.direction = 90, .tilt = 30, .turn = 0})}.normal();
    CHECK(normal.x == Approx(0).margin(1e-12));
    CHECK(normal.y == Approx(0.5));
    CHECK(normal.z == Approx(std::sqrt(0.75)));
}

TEST_CASE("oblique plane, its outline lies on it and on the faces, and its traces in the slices") {
    const std::vector<Vec3> corners = outlineOf(kTilted, kShape);
    REQUIRE(corners.size() >= 3);
    for (const Vec3 corner : corners) {
        CHECK(kTilted.distance(corner) == Approx(0).margin(1e-9));
        const double face = std::min({std::abs(corner.x + 0.5), std::abs(corner.y + 0.5), std::abs(corner.z + 0.5),
                                      std::abs(corner.x - 39.5), std::abs(corner.y - 29.5), std::abs(corner.z - 19.5)});
        CHECK(face < 1e-9);
    }
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        const double depth = depthOf(plane, kTilted.through);
        const std::vector<PlanePoint> ends = traceIn(plane, depth, kTilted, kShape);
        REQUIRE(ends.size() == 2);
        for (const PlanePoint& end : ends)
            CHECK(kTilted.distance(lifted(plane, end, withDepth(plane, {}, depth))) == Approx(0).margin(1e-9));
    }
    CHECK(traceIn(Plane::XY, 3, {{20, 15, 7}, {}}, kShape).empty());  // parallel
    CHECK(outlineOf({{20, 15, 70}, {}}, kShape).empty());
}
