#pragma once

#include <vtkSmartPointer.h>

#include "core/volume/volume.h"
#include "ui/render/colour_map.h"

class vtkImageData;
class vtkImageSlice;
class vtkLookupTable;
class vtkRenderer;

namespace tomoloupe {

/// The part of a slice that a view shows: voxel (u, v) in its middle, v upwards.
struct SliceViewport {
    double centreU = 0, centreV = 0;
    double pixelsPerVoxel = 1;
};

/// One slice in greys with an optional heat map over it, seen straight on. One thread; needs no window to be made.
/// World units are voxels of the slice: u to the right, v upwards.
class SliceScene {
  public:
    SliceScene();
    ~SliceScene();
    SliceScene(const SliceScene&) = delete;
    SliceScene& operator=(const SliceScene&) = delete;

    [[nodiscard]] vtkRenderer* renderer() const;
    /// A volume of shape (width, height, 1); empty: nothing is shown.
    void setSlice(const Volume& slice);
    /// `low` is black, `high` white; the other way round when `low` > `high`.
    void setContrast(double low, double high);
    /// Heat 0..1 in the shape of the slice; empty: none.
    void setHeat(const Volume& heat);
    void setHeatStyle(const HeatStyle& style);
    void setBackground(const Colour& colour);
    /// `heightPixels`: of the view.
    void setViewport(const SliceViewport& viewport, int heightPixels);

  private:
    vtkSmartPointer<vtkRenderer> renderer_;
    vtkSmartPointer<vtkImageSlice> density_, heat_;
    vtkSmartPointer<vtkLookupTable> greys_, heats_;
};

}  // namespace tomoloupe
