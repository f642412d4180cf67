#pragma once

#include <vtkSmartPointer.h>

#include "core/volume/volume.h"
#include "ui/render/colour_map.h"

class vtkColorTransferFunction;
class vtkFixedPointVolumeRayCastMapper;
class vtkPiecewiseFunction;
class vtkRenderer;
class vtkVolume;

namespace tomoloupe {

/// A heat map 0..1 as a glowing cloud in a scene: nothing below the threshold, denser the hotter. On the processor (see
/// SurfaceScene). One thread.
class HeatCloud {
  public:
    /// Is added to the renderer, which must outlive it.
    explicit HeatCloud(vtkRenderer* renderer);
    ~HeatCloud();
    HeatCloud(const HeatCloud&) = delete;
    HeatCloud& operator=(const HeatCloud&) = delete;

    void setHeat(const Volume& heat);
    void setStyle(const HeatStyle& style);
    void setOn(bool on);
    [[nodiscard]] bool on() const { return on_; }

  private:
    void fill();

    vtkSmartPointer<vtkVolume> volume_;
    vtkSmartPointer<vtkFixedPointVolumeRayCastMapper> rays_;
    vtkSmartPointer<vtkPiecewiseFunction> opacity_;
    Volume heat_;
    bool on_ = false, filled_ = false;
};

}  // namespace tomoloupe
