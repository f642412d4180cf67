#include "core/simulate/shapes.h"

#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

/// `count` blobs evenly on a circle about z.
void addRing(std::vector<Blob>& blobs, int count, double radius, double height, Blob blob, double turnDegrees = 0) {
    for (int i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * i / count + turnDegrees * std::numbers::pi / 180;
        blob.centreAngstrom = {radius * std::cos(angle), radius * std::sin(angle), height};
        blobs.push_back(blob);
    }
}

/// A hollow stack of four rings of seven, like the 20S proteasome; the two outer rings are narrower.
Shape cylinder() {
    Shape shape{.name = "cylinder", .blobs = {}};
    const Blob blob{.centreAngstrom = {}, .sigmaAngstrom = 13, .weight = 1};
    for (const double height : {-21.0, 21.0}) addRing(shape.blobs, 7, 42, height, blob);
    for (const double height : {-60.0, 60.0}) addRing(shape.blobs, 7, 34, height, blob);
    return shape;
}

/// One wide flat ring of six pairs, one partner larger and lower than the other, like a hexameric helicase.
Shape ring() {
    Shape shape{.name = "ring", .blobs = {}};
    addRing(shape.blobs, 6, 58, -14, {.centreAngstrom = {}, .sigmaAngstrom = 17, .weight = 1});
    addRing(shape.blobs, 6, 64, 18, {.centreAngstrom = {}, .sigmaAngstrom = 12, .weight = 1}, 20);
    return shape;
}

/// A hollow cage with blobs on the twelve edges and eight corners of a cube, like ferritin.
Shape shell() {
    constexpr double kRadius = 58;
    Shape shape{.name = "shell", .blobs = {}};
    const auto addOnSphere = [&shape](Vec3 direction, Blob blob) {
        const double length = std::hypot(direction.x, direction.y, direction.z);
        blob.centreAngstrom = (kRadius / length) * direction;
        shape.blobs.push_back(blob);
    };
    for (int x = -1; x <= 1; ++x) {
        for (int y = -1; y <= 1; ++y) {
            for (int z = -1; z <= 1; ++z) {
                const int nonZero = std::abs(x) + std::abs(y) + std::abs(z);
                const Vec3 direction{double(x), double(y), double(z)};
                if (nonZero == 2) addOnSphere(direction, {.centreAngstrom = {}, .sigmaAngstrom = 13, .weight = 1});
                if (nonZero == 3) addOnSphere(direction, {.centreAngstrom = {}, .sigmaAngstrom = 10, .weight = 0.8});
            }
        }
    }
    return shape;
}

/// Three arms from a stalk, like a Y that stands on its foot.
Shape trimer() {
    Shape shape{.name = "trimer", .blobs = {}};
    for (const double height : {-70.0, -46.0, -22.0}) {
        shape.blobs.push_back({.centreAngstrom = {0, 0, height}, .sigmaAngstrom = 14, .weight = 1});
    }
    shape.blobs.push_back({.centreAngstrom = {0, 0, 4}, .sigmaAngstrom = 18, .weight = 1});
    for (const double step : {1.0, 2.0, 3.0}) {
        addRing(shape.blobs, 3, 25 * step, 6 + 12 * step, {.centreAngstrom = {}, .sigmaAngstrom = 12 + step, .weight = 1});
    }
    return shape;
}

/// Blobs of falling size along a bent axis with a lobe on one side: no symmetry at all.
Shape pear() {
    return {.name = "pear",
            .blobs = {{.centreAngstrom = {0, 0, -40}, .sigmaAngstrom = 30, .weight = 1},
                      {.centreAngstrom = {-6, 4, 4}, .sigmaAngstrom = 22, .weight = 1},
                      {.centreAngstrom = {-4, 14, 36}, .sigmaAngstrom = 17, .weight = 1},
                      {.centreAngstrom = {8, 24, 60}, .sigmaAngstrom = 13, .weight = 1},
                      {.centreAngstrom = {38, -22, -20}, .sigmaAngstrom = 15, .weight = 1},
                      {.centreAngstrom = {-38, -14, -60}, .sigmaAngstrom = 12, .weight = 1}}};
}

/// Two rings of eight back to back with a waist between them, like a chaperonin.
Shape barrel() {
    Shape shape{.name = "barrel", .blobs = {}};
    for (const double side : {-1.0, 1.0}) {
        addRing(shape.blobs, 8, 46, side * 20, {.centreAngstrom = {}, .sigmaAngstrom = 11, .weight = 1}, side * 6);
        addRing(shape.blobs, 8, 56, side * 56, {.centreAngstrom = {}, .sigmaAngstrom = 15, .weight = 1}, side * 10);
    }
    return shape;
}

}  // namespace

Shape makeShape(int classIndex) {
    switch (classIndex) {
        case 0: return cylinder();
        case 1: return ring();
        case 2: return shell();
        case 3: return trimer();
        case 4: return pear();
        case 5: return barrel();
        default: throw Error("There is no built-in shape " + std::to_string(classIndex) + "; ask for at most " +
                             std::to_string(kShapeCount) + " classes.");
    }
}

std::vector<std::string> shapeNames(int classes) {
    std::vector<std::string> names;
    for (int i = 0; i < classes; ++i) names.push_back(makeShape(i).name);
    return names;
}

}  // namespace tomoloupe
