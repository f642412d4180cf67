#pragma once

#include <array>
#include <cstdint>

namespace tomoloupe {

/// A voxel index or a shape, x fastest in memory.
struct Index3 {
    std::int64_t x = 0, y = 0, z = 0;
    friend bool operator==(const Index3&, const Index3&) = default;
    friend Index3 operator+(Index3 a, Index3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend Index3 operator-(Index3 a, Index3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    /// Voxels of a shape.
    [[nodiscard]] std::int64_t product() const { return x * y * z; }
};

struct Vec3 {
    double x = 0, y = 0, z = 0;
    friend bool operator==(const Vec3&, const Vec3&) = default;
    friend Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    friend Vec3 operator*(double s, Vec3 v) { return {s * v.x, s * v.y, s * v.z}; }
};

/// A block of voxels: `start` is its first voxel (may lie outside a volume), `size` its shape.
struct Box {
    Index3 start;
    Index3 size;
    friend bool operator==(const Box&, const Box&) = default;
    [[nodiscard]] Index3 end() const { return start + size; }
    /// True when the whole block lies within a volume of `shape`.
    [[nodiscard]] bool within(Index3 shape) const;
    /// The part common to both; size 0 along an axis where there is none.
    [[nodiscard]] Box intersection(const Box& other) const;
};

}  // namespace tomoloupe
