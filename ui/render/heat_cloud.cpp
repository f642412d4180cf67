#include "ui/render/heat_cloud.h"

#include <vtkColorTransferFunction.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkRenderer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <algorithm>
#include <cmath>

namespace tomoloupe {
namespace {

constexpr double kSteps = 255;
constexpr double kThinnest = 0.01, kDensest = 0.35;  // opacity of a voxel at the threshold and of the hottest

}  // namespace

HeatCloud::HeatCloud(vtkRenderer* renderer)
    : volume_(vtkSmartPointer<vtkVolume>::New()),
      rays_(vtkSmartPointer<vtkFixedPointVolumeRayCastMapper>::New()),
      opacity_(vtkSmartPointer<vtkPiecewiseFunction>::New()) {
    vtkNew<vtkColorTransferFunction> colours;
    for (int i = 0; i <= 20; ++i) {
        const Colour colour = heatColour(i / 20.0);
        colours->AddRGBPoint(kSteps * i / 20, colour[0], colour[1], colour[2]);
    }
    volume_->GetProperty()->SetColor(colours);
    volume_->GetProperty()->SetScalarOpacity(opacity_);
    volume_->GetProperty()->SetInterpolationTypeToLinear();
    volume_->SetMapper(rays_);
    volume_->VisibilityOff();
    setStyle({});
    renderer->AddVolume(volume_);
}

HeatCloud::~HeatCloud() = default;

void HeatCloud::setHeat(const Volume& heat) {
    heat_ = heat;
    filled_ = false;
    volume_->VisibilityOff();
    if (on_) fill();
}

void HeatCloud::setOn(bool on) {
    on_ = on;
    volume_->VisibilityOff();
    if (on_) fill();
}

void HeatCloud::fill() {
    if (heat_.empty()) return;
    if (!filled_) {
        vtkNew<vtkImageData> image;
        const Index3 shape = heat_.shape();
        image->SetDimensions(static_cast<int>(shape.x), static_cast<int>(shape.y), static_cast<int>(shape.z));
        image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
        auto* out = static_cast<unsigned char*>(image->GetScalarPointer());
        for (const float value : heat_.voxels())
            *out++ = static_cast<unsigned char>(
                std::isfinite(value) ? std::lround(std::clamp(double(value), 0.0, 1.0) * kSteps) : 0);
        rays_->SetInputData(image);
        filled_ = true;
    }
    volume_->VisibilityOn();
}

void HeatCloud::setStyle(const HeatStyle& style) {
    const double start = std::clamp(style.threshold, 0.0, 0.98) * kSteps;
    opacity_->RemoveAllPoints();
    opacity_->AddPoint(0, 0);
    opacity_->AddPoint(std::max(0.25, start - 4), 0);
    opacity_->AddPoint(start + 1, kThinnest * style.opacity);
    opacity_->AddPoint(kSteps, kDensest * style.opacity);
}

}  // namespace tomoloupe
