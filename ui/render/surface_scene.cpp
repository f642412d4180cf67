#include "ui/render/surface_scene.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkLightKit.h>
#include <vtkLookupTable.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProbeFilter.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cmath>

#include "core/volume/statistics.h"
#include "ui/render/volume_image.h"

namespace tomoloupe {
namespace {

constexpr int kColours = 256;
constexpr Colour kPlain{0.74, 0.80, 0.88};

}  // namespace

SurfaceScene::SurfaceScene()
    : renderer_(vtkSmartPointer<vtkRenderer>::New()),
      edges_(vtkSmartPointer<vtkFlyingEdges3D>::New()),
      probe_(vtkSmartPointer<vtkProbeFilter>::New()),
      mapper_(vtkSmartPointer<vtkPolyDataMapper>::New()),
      heats_(vtkSmartPointer<vtkLookupTable>::New()),
      actor_(vtkSmartPointer<vtkActor>::New()) {
    edges_->ComputeNormalsOn();
    edges_->ComputeScalarsOff();
    heats_->SetNumberOfTableValues(kColours);
    heats_->SetRange(0, 1);
    setHeatStyle({});
    mapper_->SetLookupTable(heats_);
    mapper_->UseLookupTableScalarRangeOn();
    mapper_->ScalarVisibilityOff();
    actor_->SetMapper(mapper_);
    actor_->GetProperty()->SetColor(kPlain[0], kPlain[1], kPlain[2]);
    actor_->GetProperty()->SetSpecular(0.15);
    actor_->GetProperty()->SetSpecularPower(20);
    actor_->VisibilityOff();
    renderer_->AddActor(actor_);
    renderer_->AutomaticLightCreationOff();
    vtkNew<vtkLightKit> lights;
    lights->SetKeyLightIntensity(0.85);
    lights->AddLightsToRenderer(renderer_);
}

SurfaceScene::~SurfaceScene() = default;

vtkRenderer* SurfaceScene::renderer() const {
    return renderer_;
}

void SurfaceScene::setVolume(const Volume& volume) {
    actor_->SetVisibility(!volume.empty());
    if (volume.empty()) return;
    shape_ = volume.shape();
    edges_->SetInputData(imageOf(volume));
    setHeat({});
}

void SurfaceScene::setLevel(double level) {
    edges_->SetValue(0, level);
}

void SurfaceScene::setHeat(const Volume& heat) {
    if (heat.empty()) {
        mapper_->SetInputConnection(edges_->GetOutputPort());
        mapper_->ScalarVisibilityOff();
        return;
    }
    probe_->SetInputConnection(edges_->GetOutputPort());
    probe_->SetSourceData(imageOf(heat));
    probe_->PassPointArraysOn();  // the normals
    mapper_->SetInputConnection(probe_->GetOutputPort());
    mapper_->SetScalarModeToUsePointFieldData();
    mapper_->SelectColorArray("density");
    mapper_->ScalarVisibilityOn();
}

void SurfaceScene::setHeatStyle(const HeatStyle& style) {
    for (int i = 0; i < kColours; ++i) {
        const double t = static_cast<double>(i) / (kColours - 1);
        const Colour hot = heatColour(t);
        const double weight = t < style.threshold ? 0 : style.opacity;
        heats_->SetTableValue(i, kPlain[0] + weight * (hot[0] - kPlain[0]), kPlain[1] + weight * (hot[1] - kPlain[1]),
                              kPlain[2] + weight * (hot[2] - kPlain[2]), 1);
    }
    heats_->Modified();
}

void SurfaceScene::setBackground(const Colour& colour) {
    renderer_->SetBackground(colour[0], colour[1], colour[2]);
}

void SurfaceScene::resetCamera() {
    vtkCamera* camera = renderer_->GetActiveCamera();
    const double x = static_cast<double>(shape_.x), y = static_cast<double>(shape_.y),
                 z = static_cast<double>(shape_.z);
    camera->SetFocalPoint(x / 2, y / 2, z / 2);
    camera->SetPosition(x / 2 + 0.5, y / 2 - 1.0, z / 2 + 1.3);
    camera->SetViewUp(0, 1, 0.3);
    const double bounds[6] = {0, x - 1, 0, y - 1, 0, z - 1};
    renderer_->ResetCamera(bounds);
    camera->Zoom(1.4);
}

std::int64_t SurfaceScene::triangles() const {
    edges_->Update();
    return edges_->GetOutput()->GetNumberOfPolys();
}

DensityScale densityScaleOf(const Volume& volume) {
    const Statistics statistics = statisticsOf(volume.voxels());
    const double deviation = statistics.standardDeviation > 0 ? statistics.standardDeviation : 1;
    double cubes = 0;
    for (const float value : volume.voxels()) {
        const double distance = (value - statistics.mean) / deviation;
        if (std::isfinite(distance)) cubes += distance * distance * distance;
    }
    return {.mean = statistics.mean, .standardDeviation = deviation, .darkOnLight = cubes < 0};
}

}  // namespace tomoloupe
