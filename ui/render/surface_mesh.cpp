#include "ui/render/surface_mesh.h"

#include <vtkCellArray.h>
#include <vtkCleanPolyData.h>
#include <vtkFloatArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataNormals.h>
#include <vtkQuadricDecimation.h>

#include <algorithm>

#include "core/volume/operations.h"
#include "ui/render/volume_image.h"

namespace tomoloupe {
namespace {

SurfaceMesh plainMesh(vtkPolyData* surface) {
    SurfaceMesh mesh;
    vtkDataArray* normals = surface->GetPointData()->GetNormals();
    for (vtkIdType i = 0; i < surface->GetNumberOfPoints(); ++i) {
        const double* at = surface->GetPoint(i);
        mesh.points.push_back({float(at[0]), float(at[1]), float(at[2])});
        const double* normal = normals ? normals->GetTuple(i) : at;
        mesh.normals.push_back({float(normal[0]), float(normal[1]), float(normal[2])});
    }
    vtkCellArray* polygons = surface->GetPolys();
    vtkIdType corners = 0;
    const vtkIdType* ids = nullptr;
    for (polygons->InitTraversal(); polygons->GetNextCell(corners, ids);) {
        if (corners != 3) continue;
        mesh.triangles.push_back({std::int32_t(ids[0]), std::int32_t(ids[1]), std::int32_t(ids[2])});
    }
    return mesh;
}

}  // namespace

SurfaceMesh surfaceMesh(const Volume& map, double level, std::int64_t mostTriangles) {
    constexpr std::int64_t kSide = 96;  // a finer surface would lose its details to the simplification
    const Index3 shape = map.shape();
    const auto bins = static_cast<int>((std::max({shape.x, shape.y, shape.z}) + kSide - 1) / kSide);
    const Volume coarse = bins > 1 ? binned(map, bins) : map;
    const vtkSmartPointer<vtkImageData> image = imageOf(coarse);
    const double shift = (bins - 1) / 2.0;  // of the first voxel's middle
    image->SetOrigin(shift - double(shape.x / 2), shift - double(shape.y / 2), shift - double(shape.z / 2));
    image->SetSpacing(bins, bins, bins);
    vtkNew<vtkFlyingEdges3D> edges;
    edges->SetInputData(image);
    edges->SetValue(0, level);
    edges->ComputeNormalsOff();
    edges->ComputeScalarsOff();
    edges->Update();
    vtkSmartPointer<vtkPolyData> surface = edges->GetOutput();
    const std::int64_t before = surface->GetNumberOfPolys();
    if (before == 0) return {};
    vtkNew<vtkCleanPolyData> clean;  // triangles without an area, where voxels have the level itself, stop what follows
    vtkNew<vtkQuadricDecimation> fewer;
    if (before > mostTriangles) {
        clean->SetInputData(surface);
        clean->ConvertPolysToLinesOff();
        clean->ConvertLinesToPointsOff();
        fewer->SetInputConnection(clean->GetOutputPort());
        fewer->SetTargetReduction(1 - double(std::max<std::int64_t>(mostTriangles, 20)) / double(before));
        fewer->Update();
        surface = fewer->GetOutput();
    }
    vtkNew<vtkPolyDataNormals> normals;
    normals->SetInputData(surface);
    normals->SplittingOff();
    normals->ConsistencyOn();
    normals->Update();
    SurfaceMesh mesh = plainMesh(normals->GetOutput());
    mesh.trianglesBefore = before;
    return mesh;
}

vtkSmartPointer<vtkPolyData> polyDataOf(const SurfaceMesh& mesh, double scale) {
    auto surface = vtkSmartPointer<vtkPolyData>::New();
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> normals;
    normals->SetNumberOfComponents(3);
    for (std::size_t i = 0; i < mesh.points.size(); ++i) {
        points->InsertNextPoint(scale * double(mesh.points[i][0]), scale * double(mesh.points[i][1]),
                                scale * double(mesh.points[i][2]));
        normals->InsertNextTuple(mesh.normals[i].data());
    }
    vtkNew<vtkCellArray> polygons;
    for (const auto& triangle : mesh.triangles) {
        polygons->InsertNextCell(3);
        for (const std::int32_t corner : triangle) polygons->InsertCellPoint(corner);
    }
    surface->SetPoints(points);
    surface->SetPolys(polygons);
    surface->GetPointData()->SetNormals(normals);
    return surface;
}

}  // namespace tomoloupe
