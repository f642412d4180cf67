#pragma once

#include <vtkSmartPointer.h>

#include <array>
#include <cstdint>
#include <vector>

#include "core/volume/volume.h"

class vtkPolyData;

namespace tomoloupe {

/// A surface as plain triangles, in voxels of its map from the map's middle (voxel n/2, where a particle's position
/// is).
struct SurfaceMesh {
    std::vector<std::array<float, 3>> points, normals;
    std::vector<std::array<std::int32_t, 3>> triangles;
    std::int64_t trianglesBefore = 0;  ///< of the surface that these were made of
    [[nodiscard]] bool empty() const { return triangles.empty(); }
};

/// Where `map` has the density `level`, of no more than about `mostTriangles`: what has more is simplified (quadric
/// error, Garland and Heckbert 1997), a large map is binned before. Any thread.
[[nodiscard]] SurfaceMesh surfaceMesh(const Volume& map, double level, std::int64_t mostTriangles);

/// Larger by `scale`.
[[nodiscard]] vtkSmartPointer<vtkPolyData> polyDataOf(const SurfaceMesh& mesh, double scale);

}  // namespace tomoloupe
