#include "ui/render/surface_scene.h"

#include <vtkActor.h>
#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkLightKit.h>
#include <vtkLookupTable.h>
#include <vtkMath.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProbeFilter.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <algorithm>
#include <cmath>

#include "core/volume/statistics.h"
#include "ui/render/volume_image.h"

namespace tomoloupe {
namespace {

constexpr int kColours = 256;
constexpr Colour kPlain{0.74, 0.80, 0.88};
constexpr double kCloudSigmas = 8;  // beyond the mean that the 255 steps of a cloud reach

void putAt(vtkImageData* image, const VolumePlace& place) {
    image->SetOrigin(place.first.x, place.first.y, place.first.z);
    image->SetSpacing(place.step, place.step, place.step);
}

}  // namespace

SurfaceScene::SurfaceScene()
    : renderer_(vtkSmartPointer<vtkRenderer>::New()),
      edges_(vtkSmartPointer<vtkFlyingEdges3D>::New()),
      probe_(vtkSmartPointer<vtkProbeFilter>::New()),
      mapper_(vtkSmartPointer<vtkPolyDataMapper>::New()),
      heats_(vtkSmartPointer<vtkLookupTable>::New()),
      actor_(vtkSmartPointer<vtkActor>::New()),
      cloud_(vtkSmartPointer<vtkVolume>::New()),
      rays_(vtkSmartPointer<vtkFixedPointVolumeRayCastMapper>::New()),
      opacity_(vtkSmartPointer<vtkPiecewiseFunction>::New()) {
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
    vtkNew<vtkColorTransferFunction> colours;
    colours->AddRGBPoint(0, 0.25, 0.32, 0.42);
    colours->AddRGBPoint(255, 0.96, 0.98, 1.0);
    cloud_->GetProperty()->SetColor(colours);
    cloud_->GetProperty()->SetScalarOpacity(opacity_);
    cloud_->GetProperty()->SetInterpolationTypeToLinear();
    cloud_->SetMapper(rays_);
    cloud_->VisibilityOff();
    renderer_->AddVolume(cloud_);
    renderer_->AutomaticLightCreationOff();
    vtkNew<vtkLightKit> lights;
    lights->SetKeyLightIntensity(0.85);
    lights->AddLightsToRenderer(renderer_);
    particles_ = std::make_unique<ParticleGlyphs>(renderer_);
    // What is there is known when a frame begins: surfaces are found no earlier.
    vtkNew<vtkCallbackCommand> fitDepth;
    fitDepth->SetCallback([](vtkObject* renderer, unsigned long, void*, void*) {
        static_cast<vtkRenderer*>(renderer)->ResetCameraClippingRange();
    });
    renderer_->AddObserver(vtkCommand::StartEvent, fitDepth);
}

SurfaceScene::~SurfaceScene() = default;

vtkRenderer* SurfaceScene::renderer() const {
    return renderer_;
}

void SurfaceScene::setVolume(const Volume& volume, const VolumePlace& place) {
    volume_ = volume;
    place_ = place;
    actor_->SetVisibility(!volume.empty() && !cloudOn_);
    cloud_->VisibilityOff();
    if (volume.empty()) return;
    shape_ = volume.shape();
    const vtkSmartPointer<vtkImageData> image = imageOf(volume);
    putAt(image, place);
    edges_->SetInputData(image);
    setHeat({});
    if (cloudOn_) fillCloud();
}

void SurfaceScene::setLevel(double level) {
    level_ = level;
    edges_->SetValue(0, level);
    if (cloudOn_) tuneCloud();
}

void SurfaceScene::setCloud(bool on, const DensityScale& scale) {
    cloudOn_ = on;
    scale_ = scale;
    actor_->SetVisibility(!volume_.empty() && !on);
    cloud_->VisibilityOff();
    if (on && !volume_.empty()) fillCloud();
}

/// Eight bits from the mean to kCloudSigmas on the denser side: fewer bits to walk through, and one opacity for every
/// volume.
void SurfaceScene::fillCloud() {
    vtkNew<vtkImageData> image;
    const Index3 shape = volume_.shape();
    image->SetDimensions(static_cast<int>(shape.x), static_cast<int>(shape.y), static_cast<int>(shape.z));
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
    auto* out = static_cast<unsigned char*>(image->GetScalarPointer());
    const double step = (scale_.darkOnLight ? -1 : 1) * scale_.standardDeviation * kCloudSigmas / 255;
    for (const float value : volume_.voxels())
        *out++ = static_cast<unsigned char>(std::isfinite(value) ? std::clamp((value - scale_.mean) / step, 0.0, 255.0)
                                                                 : 0.0);
    putAt(image, place_);
    rays_->SetSampleDistance(static_cast<float>(place_.step));
    rays_->SetInputData(image);
    cloud_->VisibilityOn();
    tuneCloud();
}

void SurfaceScene::tuneCloud() {
    const double sigmas =
        (level_ - scale_.mean) / (scale_.darkOnLight ? -scale_.standardDeviation : scale_.standardDeviation);
    const double start = std::clamp(sigmas / kCloudSigmas * 255, 0.0, 254.0);
    opacity_->RemoveAllPoints();
    opacity_->AddPoint(0, 0);
    opacity_->AddPoint(std::max(0.5, start - 8), 0);
    opacity_->AddPoint(start + 1, 0.08);
    opacity_->AddPoint(std::min(start + 80, 260.0), 0.5);
}

void SurfaceScene::setHeat(const Volume& heat) {
    if (heat.empty()) {
        mapper_->SetInputConnection(edges_->GetOutputPort());
        mapper_->ScalarVisibilityOff();
        return;
    }
    probe_->SetInputConnection(edges_->GetOutputPort());
    const vtkSmartPointer<vtkImageData> image = imageOf(heat);
    putAt(image, place_);
    probe_->SetSourceData(image);
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

void SurfaceScene::setOpacity(double opacity) {
    actor_->GetProperty()->SetOpacity(opacity);
}

void SurfaceScene::setBackground(const Colour& colour) {
    renderer_->SetBackground(colour[0], colour[1], colour[2]);
}

void SurfaceScene::resetCamera() {
    const Vec3 far{double(shape_.x - 1), double(shape_.y - 1), double(shape_.z - 1)};
    lookAt(place_.first, place_.first + place_.step * far);
}

void SurfaceScene::lookAt(Vec3 from, Vec3 to) {
    vtkCamera* camera = renderer_->GetActiveCamera();
    const Vec3 middle = 0.5 * (from + to);
    camera->SetFocalPoint(middle.x, middle.y, middle.z);
    camera->SetPosition(middle.x + 0.5, middle.y - 1.0, middle.z + 1.3);
    camera->SetViewUp(0, 1, 0.3);
    const double bounds[6] = {from.x, to.x, from.y, to.y, from.z, to.z};
    renderer_->ResetCamera(bounds);
    camera->Zoom(1.4);
    stepBack();
}

/// In parallel projection the distance changes nothing but what lies behind the eye.
void SurfaceScene::stepBack() {
    constexpr double kFar = 2e4;
    vtkCamera* camera = renderer_->GetActiveCamera();
    if (!camera->GetParallelProjection()) return;
    const double *direction = camera->GetDirectionOfProjection(), *focus = camera->GetFocalPoint();
    camera->SetPosition(focus[0] - kFar * direction[0], focus[1] - kFar * direction[1], focus[2] - kFar * direction[2]);
}

void SurfaceScene::moveCamera(Vec3 by) {
    vtkCamera* camera = renderer_->GetActiveCamera();
    double at[3] = {}, focus[3] = {};
    camera->GetPosition(at);
    camera->GetFocalPoint(focus);
    camera->SetPosition(at[0] + by.x, at[1] + by.y, at[2] + by.z);
    camera->SetFocalPoint(focus[0] + by.x, focus[1] + by.y, focus[2] + by.z);
}

void SurfaceScene::setParallel(bool parallel) {
    vtkCamera* camera = renderer_->GetActiveCamera();
    if (parallel == (camera->GetParallelProjection() != 0)) return;
    // What lies at the focal point keeps its size.
    const double half = std::tan(vtkMath::RadiansFromDegrees(camera->GetViewAngle() / 2));
    if (parallel) {
        camera->SetParallelScale(camera->GetDistance() * half);
    } else {
        const double* direction = camera->GetDirectionOfProjection();
        const double* focus = camera->GetFocalPoint();
        const double distance = camera->GetParallelScale() / half;
        camera->SetPosition(focus[0] - distance * direction[0], focus[1] - distance * direction[1],
                            focus[2] - distance * direction[2]);
    }
    camera->SetParallelProjection(parallel);
    stepBack();
}

SceneLook SurfaceScene::look() const {
    vtkCamera* camera = renderer_->GetActiveCamera();
    const auto vec = [](const double* v) { return Vec3{v[0], v[1], v[2]}; };
    return SceneLook(vec(camera->GetPosition()), vec(camera->GetFocalPoint()), vec(camera->GetViewUp()),
                     camera->GetParallelProjection() ? camera->GetParallelScale() : 0, camera->GetViewAngle());
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
