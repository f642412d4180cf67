#include "ui/render/slice_scene.h"

#include <vtkCamera.h>
#include <vtkImageInterpolator.h>
#include <vtkImageProperty.h>
#include <vtkImageResize.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkLookupTable.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cmath>

#include "ui/render/volume_image.h"

namespace tomoloupe {
namespace {

constexpr int kColours = 256;

/// A small slice stretched over a screen shows the facets of linear interpolation; it is refined by cubics beforehand.
vtkSmartPointer<vtkImageData> refined(const Volume& slice) {
    constexpr std::int64_t kFineEnough = 512;
    const vtkSmartPointer<vtkImageData> image = imageOf(slice);
    const std::int64_t side = std::max(slice.shape().x, slice.shape().y);
    const int factor = static_cast<int>(std::clamp<std::int64_t>(kFineEnough / side, 1, 8));
    if (factor == 1) return image;
    vtkNew<vtkImageInterpolator> cubic;
    cubic->SetInterpolationModeToCubic();
    vtkNew<vtkImageResize> resize;
    resize->SetInputData(image);
    resize->SetResizeMethodToOutputDimensions();
    resize->SetOutputDimensions(static_cast<int>(slice.shape().x) * factor, static_cast<int>(slice.shape().y) * factor,
                                1);
    resize->SetInterpolator(cubic);
    resize->BorderOn();
    resize->Update();
    return resize->GetOutput();
}

vtkSmartPointer<vtkImageSlice> makeLayer(int layer, vtkLookupTable* colours) {
    vtkNew<vtkImageSliceMapper> mapper;
    mapper->SetOrientationToZ();
    mapper->BorderOn();
    auto slice = vtkSmartPointer<vtkImageSlice>::New();
    slice->SetMapper(mapper);
    slice->GetProperty()->SetLookupTable(colours);
    slice->GetProperty()->UseLookupTableScalarRangeOn();
    slice->GetProperty()->SetInterpolationTypeToLinear();
    slice->GetProperty()->SetLayerNumber(layer);
    slice->VisibilityOff();
    return slice;
}

void show(vtkImageSlice* layer, const Volume& slice) {
    layer->SetVisibility(!slice.empty());
    if (!slice.empty()) static_cast<vtkImageSliceMapper*>(layer->GetMapper())->SetInputData(refined(slice));
}

}  // namespace

SliceScene::SliceScene()
    : renderer_(vtkSmartPointer<vtkRenderer>::New()),
      greys_(vtkSmartPointer<vtkLookupTable>::New()),
      heats_(vtkSmartPointer<vtkLookupTable>::New()) {
    greys_->SetNumberOfTableValues(kColours);
    greys_->SetNanColor(0, 0, 0, 0);  // beyond the volume, in an oblique slice
    heats_->SetNumberOfTableValues(kColours);
    heats_->SetRange(0, 1);
    density_ = makeLayer(0, greys_);
    heat_ = makeLayer(1, heats_);
    renderer_->AddViewProp(density_);
    renderer_->AddViewProp(heat_);
    renderer_->GetActiveCamera()->ParallelProjectionOn();
    setContrast(0, 1);
    setHeatStyle({});
}

SliceScene::~SliceScene() = default;

vtkRenderer* SliceScene::renderer() const {
    return renderer_;
}

void SliceScene::setSlice(const Volume& slice) {
    show(density_, slice);
}

void SliceScene::setHeat(const Volume& heat) {
    show(heat_, heat);
}

void SliceScene::setContrast(double low, double high) {
    const bool inverted = low > high;
    for (int i = 0; i < kColours; ++i) {
        const double t = static_cast<double>(i) / (kColours - 1);
        const double grey = inverted ? 1 - t : t;
        greys_->SetTableValue(i, grey, grey, grey, 1);
    }
    const double least = std::min(low, high), most = std::max(low, high);
    greys_->SetRange(least, most > least ? most : least + 1);
    greys_->Modified();
}

void SliceScene::setHeatStyle(const HeatStyle& style) {
    for (int i = 0; i < kColours; ++i) {
        const double t = static_cast<double>(i) / (kColours - 1);
        const Colour colour = heatColour(t);
        heats_->SetTableValue(i, colour[0], colour[1], colour[2], t < style.threshold ? 0 : 1);
    }
    heats_->Modified();
    heat_->GetProperty()->SetOpacity(style.opacity);
}

void SliceScene::setBackground(const Colour& colour) {
    renderer_->SetBackground(colour[0], colour[1], colour[2]);
}

void SliceScene::setViewport(const SliceViewport& viewport, int heightPixels) {
    vtkCamera* camera = renderer_->GetActiveCamera();
    camera->SetFocalPoint(viewport.centreU, viewport.centreV, 0);
    camera->SetPosition(viewport.centreU, viewport.centreV, 10);
    camera->SetViewUp(0, 1, 0);
    camera->SetClippingRange(1, 20);
    camera->SetParallelScale(std::max(heightPixels, 1) / (2 * viewport.pixelsPerVoxel));
}

}  // namespace tomoloupe
