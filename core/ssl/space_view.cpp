#include "core/ssl/space_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/seed.h"
#include "core/volume/rotation.h"

namespace tomoloupe {
namespace {

constexpr double kSmallestTiltDegrees = 5;

/// Numbers for one part of a view, that part being wanted or not.
struct Part {
    Random random;
    bool wanted;
    Part(std::uint64_t seed, const char* name, double probability)
        : random(deriveSeed(seed, name)), wanted(random.uniform() < probability) {}
};

/// From view to volume: a rotation, or with a mirror a rotation and a reflection.
Matrix3 drawTurn(const AugmentationOptions& options, std::uint64_t seed) {
    Rotation rotation;
    if (Part turn(seed, "turn", options.turnProbability); turn.wanted) {
        const double u1 = turn.random.uniform(), u2 = turn.random.uniform(), u3 = turn.random.uniform();
        const double half = std::numbers::pi * u1;
        rotation = options.turn == "beam" ? Rotation{std::cos(half), 0, 0, std::sin(half)} : Rotation::uniform(u1, u2, u3);
    }
    if (Part flip(seed, "flip", options.flipProbability); flip.wanted) {
        const std::uint64_t axis = flip.random.below(3);
        rotation = rotation * Rotation{0, axis == 0 ? 1.0 : 0.0, axis == 1 ? 1.0 : 0.0, axis == 2 ? 1.0 : 0.0};
    }
    Matrix3 matrix = rotation.matrix();
    if (Part mirror(seed, "mirror", options.mirror ? 0.5 : 0); mirror.wanted)
        for (const std::size_t row : {0U, 3U, 6U}) matrix[row] = -matrix[row];
    return matrix;
}

SpaceMap drawMap(const AugmentationOptions& options, std::int64_t side, std::int64_t viewSide, std::uint64_t seed) {
    const Matrix3 turn = drawTurn(options, seed);
    double magnification = 1, shift[3] = {0, 0, 0};
    if (Part affine(seed, "affine", options.affineProbability); affine.wanted) {
        magnification = affine.random.uniform(options.scaleMinimum, options.scaleMaximum);
        for (double& along : shift) along = 2 * affine.random.uniform(-options.translation, options.translation);
    }
    Part crop(seed, "crop", options.cropProbability);
    std::int64_t part = viewSide;
    if (crop.wanted) {
        const double length = std::sqrt(crop.random.uniform(options.cropAreaMinimum, 1)) * double(viewSide);
        part = std::clamp<std::int64_t>(std::llround(length), 1, viewSide);
    }
    const double size = double(part) / double(side);
    SpaceMap map{};
    for (std::size_t row = 0; row < 3; ++row) {
        // Centre of the part at a whole-voxel place; about it the view is shifted, shrunk and turned.
        const double start = part < side ? double(crop.random.below(std::uint64_t(side - part + 1))) : 0;
        map[4 * row + 3] = (2 * start + double(part)) / double(side) - 1;
        for (std::size_t column = 0; column < 3; ++column) {
            const double entry = size * turn[3 * row + column] / magnification;
            map[4 * row + column] = entry;
            map[4 * row + 3] -= entry * shift[column];
        }
    }
    return map;
}

}  // namespace

SpaceView drawSpaceView(const AugmentationOptions& options, std::int64_t side, std::int64_t viewSide, std::uint64_t seed) {
    SpaceView view;
    view.map = drawMap(options, side, viewSide, seed);
    if (Part wedge(seed, "wedge", options.wedgeProbability); wedge.wanted) {
        const double jitter = wedge.random.uniform(-options.wedgeJitterDegrees, options.wedgeJitterDegrees);
        view.wedge = true;
        view.wedgeTiltDegrees = std::clamp(options.wedgeTiltDegrees + jitter, kSmallestTiltDegrees, 90.0);
        view.wedgeAxisDegrees = wedge.random.uniform(-options.wedgeAxisDegrees, options.wedgeAxisDegrees);
    }
    if (Part ctf(seed, "ctf", options.ctfProbability); ctf.wanted && options.voxelSizeAngstrom > 0) {
        view.ctf = true;
        view.defocusMicrometre = options.ctfDefocusMicrometre + ctf.random.uniform(-options.ctfJitterMicrometre, options.ctfJitterMicrometre);
    }
    if (Part blur(seed, "blur", options.blurProbability); blur.wanted) view.blur = blur.random.uniform(0, options.blurMaximum);
    if (Part noise(seed, "noise", options.noiseProbability); noise.wanted) {
        view.noise = noise.random.uniform(0, options.noiseMaximum);
        view.noiseSeed = noise.random.next();
    }
    if (Part contrast(seed, "contrast", options.contrastProbability); contrast.wanted) {
        view.contrast = 1 + contrast.random.uniform(-options.contrastRange, options.contrastRange);
        view.brightness = contrast.random.uniform(-options.brightnessRange, options.brightnessRange);
    }
    return view;
}

}  // namespace tomoloupe
