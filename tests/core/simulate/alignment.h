#pragma once

#include <cmath>
#include <vector>

#include "core/base/seed.h"
#include "core/simulate/structure.h"

namespace tomoloupe::test {

/// Pearson's correlation over all voxels.
inline double correlation(std::span<const float> a, std::span<const float> b) {
    double sumA = 0, sumB = 0, aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sumA += a[i];
        sumB += b[i];
        aa += double(a[i]) * a[i];
        bb += double(b[i]) * b[i];
        ab += double(a[i]) * b[i];
    }
    const double n = double(a.size());
    return (ab - sumA * sumB / n) / std::sqrt((aa - sumA * sumA / n) * (bb - sumB * sumB / n));
}

/// Centre of mass in voxels.
inline Vec3 centreOfMass(const Volume& volume) {
    Vec3 sum;
    double total = 0;
    const Index3 n = volume.shape();
    for (std::int64_t z = 0; z < n.z; ++z) {
        for (std::int64_t y = 0; y < n.y; ++y) {
            for (std::int64_t x = 0; x < n.x; ++x) {
                const double value = volume.at(x, y, z);
                sum = sum + value * Vec3{double(x), double(y), double(z)};
                total += value;
            }
        }
    }
    return 1 / total * sum;
}

struct Alignment {
    double correlation = -1;
    Rotation rotation;
    Vec3 position;  ///< of the structure's middle, in voxels of the map
};

inline Alignment tried(const Structure& structure, const Volume& map, const Rotation& rotation, Vec3 position) {
    std::vector<float> scene(map.voxels().size());
    addStructure(structure, rotation, position, map.voxelSizeAngstrom(), map.shape(), scene);
    return {correlation(scene, map.voxels()), rotation, position};
}

/// Climbs from `best`: steps of a voxel and 10 degrees, halved when none is better.
inline Alignment refined(const Structure& structure, const Volume& map, Alignment best, int rounds = 7) {
    double step = 1, angle = 10;
    while (rounds > 0) {
        Alignment better = best;
        for (int axis = 0; axis < 3; ++axis) {
            for (const double sign : {-1.0, 1.0}) {
                const Vec3 unit{double(axis == 0), double(axis == 1), double(axis == 2)};
                const Alignment moved = tried(structure, map, best.rotation, best.position + sign * step * unit);
                const double half = sign * angle * 3.14159265358979 / 360;
                const Rotation turn{std::cos(half), std::sin(half) * unit.x, std::sin(half) * unit.y, std::sin(half) * unit.z};
                const Alignment turned = tried(structure, map, turn * best.rotation, best.position);
                if (moved.correlation > better.correlation) better = moved;
                if (turned.correlation > better.correlation) better = turned;
            }
        }
        if (better.correlation <= best.correlation + 1e-6) {
            step /= 2;
            angle /= 2;
            --rounds;
        }
        best = better;
    }
    return best;
}

/// The best placing of the structure in the map: as it stands, else `rotations` random ones, centres of mass brought together.
inline Alignment aligned(const Structure& structure, const Volume& map, int rotations) {
    const Vec3 target = centreOfMass(map);
    const double ratio = structure.density.voxelSizeAngstrom() / map.voxelSizeAngstrom();
    const double middle = double(structure.density.shape().x / 2);
    const Vec3 offset = centreOfMass(structure.density) - Vec3{middle, middle, middle};
    Random random(1);
    Alignment best = refined(structure, map, tried(structure, map, {}, target - ratio * offset));
    for (int i = 0; i < rotations && best.correlation < 0.95; ++i) {
        const double u1 = random.uniform(), u2 = random.uniform(), u3 = random.uniform();
        const Rotation rotation = Rotation::uniform(u1, u2, u3);
        Alignment start = tried(structure, map, rotation, target - ratio * (rotation * offset));
        if (start.correlation > best.correlation - 0.25) start = refined(structure, map, start, 1);
        if (start.correlation > best.correlation - 0.05) start = refined(structure, map, start, 6);
        if (start.correlation > best.correlation) best = start;
    }
    return best;
}

}  // namespace tomoloupe::test
