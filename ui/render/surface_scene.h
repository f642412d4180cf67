#pragma once

#include <vtkSmartPointer.h>

#include <cstdint>
#include <memory>

#include "core/volume/volume.h"
#include "ui/render/colour_map.h"
#include "ui/render/particle_glyphs.h"
#include "ui/render/scene_look.h"

class vtkActor;
class vtkFlyingEdges3D;
class vtkLookupTable;
class vtkPolyDataMapper;
class vtkProbeFilter;
class vtkColorTransferFunction;
class vtkFixedPointVolumeRayCastMapper;
class vtkPiecewiseFunction;
class vtkRenderer;
class vtkVolume;

namespace tomoloupe {

/// Where the surface of a noisy volume is worth looking at first: `sigmas` standard deviations from the mean, to the
/// side of the longer tail (cryo-EM data come dark on light and light on dark).
struct DensityScale {
    double mean = 0, standardDeviation = 1;
    bool darkOnLight = false;
    [[nodiscard]] double level(double sigmas) const {
        return mean + (darkOnLight ? -sigmas : sigmas) * standardDeviation;
    }
};

/// Where a volume lies in the world of a scene, whose unit is a voxel of the tomogram.
struct VolumePlace {
    Vec3 first;       ///< the middle of its first voxel
    double step = 1;  ///< from voxel to voxel
    friend bool operator==(const VolumePlace&, const VolumePlace&) = default;
};

/// The surface where a volume has one density, coloured by heat where there is some, with particles beside it. One thread.
class SurfaceScene {
  public:
    SurfaceScene();
    ~SurfaceScene();
    SurfaceScene(const SurfaceScene&) = delete;
    SurfaceScene& operator=(const SurfaceScene&) = delete;

    [[nodiscard]] vtkRenderer* renderer() const;
    /// Keep it below about 200^3 voxels: the surface is found on the caller's thread. Empty: nothing is shown.
    void setVolume(const Volume& volume, const VolumePlace& place = {});
    void setLevel(double level);
    /// A cloud instead of a surface: opaque from the level on towards the denser side that `scale` tells. On the
    /// processor, which is faster than OpenGL in software and fast enough with a card.
    void setCloud(bool on, const DensityScale& scale);
    /// Heat 0..1 in the shape of the volume; empty: plain.
    void setHeat(const Volume& heat);
    void setHeatStyle(const HeatStyle& style);
    /// Of the surface: 1 hides what lies behind.
    void setOpacity(double opacity);
    void setBackground(const Colour& colour);
    /// Looks at the whole volume from above and aside.
    void resetCamera();
    /// The same at a block of the world.
    void lookAt(Vec3 from, Vec3 to);
    void moveCamera(Vec3 by);
    void setParallel(bool parallel);
    [[nodiscard]] std::int64_t triangles() const;
    [[nodiscard]] ParticleGlyphs& particles() { return *particles_; }
    [[nodiscard]] const ParticleGlyphs& particles() const { return *particles_; }
    [[nodiscard]] SceneLook look() const;

  private:
    vtkSmartPointer<vtkRenderer> renderer_;
    vtkSmartPointer<vtkFlyingEdges3D> edges_;
    vtkSmartPointer<vtkProbeFilter> probe_;
    vtkSmartPointer<vtkPolyDataMapper> mapper_;
    vtkSmartPointer<vtkLookupTable> heats_;
    void fillCloud();
    void tuneCloud();
    void stepBack();

    vtkSmartPointer<vtkActor> actor_;
    vtkSmartPointer<vtkVolume> cloud_;
    vtkSmartPointer<vtkFixedPointVolumeRayCastMapper> rays_;
    vtkSmartPointer<vtkPiecewiseFunction> opacity_;
    std::unique_ptr<ParticleGlyphs> particles_;
    Volume volume_;
    VolumePlace place_;
    DensityScale scale_;
    double level_ = 0;
    bool cloudOn_ = false;
    Index3 shape_;
};

/// Looks at every voxel; any thread.
[[nodiscard]] DensityScale densityScaleOf(const Volume& volume);

}  // namespace tomoloupe
