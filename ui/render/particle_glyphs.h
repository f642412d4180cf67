#pragma once

#include <vtkSmartPointer.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "core/volume/rotation.h"
#include "ui/render/colour_map.h"
#include "ui/render/surface_mesh.h"

class vtkRenderer;

namespace tomoloupe {

/// A particle in three dimensions, in voxels of its tomogram.
struct PoseMark {
    Vec3 position;
    Rotation tomogramFromParticle;
    double radius = 1;
    Colour colour{1, 1, 1};
    int map = -1;  ///< which of the maps stands there; -1: none
    friend bool operator==(const PoseMark& a, const PoseMark& b) {
        const auto all = [](const PoseMark& mark) {
            const Rotation& turn = mark.tomogramFromParticle;
            return std::tie(turn.w, turn.x, turn.y, turn.z, mark.radius, mark.colour, mark.map);
        };
        return a.position == b.position && all(a) == all(b);
    }
};

/// What stands at the particles' places.
struct GlyphStyle {
    bool spheres = true;      ///< where no map stands
    double sphereScale = 1;   ///< of the radius
    bool axis = false;        ///< an arrow along the particle's own z
    bool secondAxis = false;  ///< and a shorter one along its x
    friend bool operator==(const GlyphStyle&, const GlyphStyle&) = default;
};

/// A map's surface and how much larger its voxels are than those of the tomogram.
struct MapGlyph {
    SurfaceMesh mesh;
    double scale = 1;
};

/// Spheres, arrows and maps at particles, each drawn as many copies of one shape. One thread; borrows the renderer.
class ParticleGlyphs {
  public:
    explicit ParticleGlyphs(vtkRenderer* renderer);
    ~ParticleGlyphs();
    ParticleGlyphs(const ParticleGlyphs&) = delete;
    ParticleGlyphs& operator=(const ParticleGlyphs&) = delete;

    void setMarks(std::vector<PoseMark> marks);
    void setStyle(const GlyphStyle& style);
    void setMaps(const std::vector<MapGlyph>& maps);
    [[nodiscard]] const std::vector<PoseMark>& marks() const { return marks_; }
    /// Drawn in all.
    [[nodiscard]] std::int64_t triangles() const;

  private:
    struct Layer;
    void rebuild();
    void fill(Layer& layer, const std::vector<const PoseMark*>& marks);

    vtkSmartPointer<vtkRenderer> renderer_;
    std::vector<PoseMark> marks_;
    GlyphStyle style_;
    std::vector<std::unique_ptr<Layer>> maps_;
    std::unique_ptr<Layer> spheres_, axes_, secondAxes_;
};

/// A line of sight.
struct Ray {
    Vec3 origin, direction;  ///< of length 1
};
/// The mark whose sphere, larger by `scale`, a ray enters first.
[[nodiscard]] std::optional<std::size_t> firstHit(const std::vector<PoseMark>& marks, const Ray& ray, double scale);

}  // namespace tomoloupe
