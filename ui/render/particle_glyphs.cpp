#include "ui/render/particle_glyphs.h"

#include <vtkActor.h>
#include <vtkArrowSource.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkGlyph3DMapper.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>
#include <vtkTransform.h>
#include <vtkTransformPolyDataFilter.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

constexpr double kArrowLength = 2;  // of the radius
constexpr double kSecondLength = 1.4;

double dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/// Rounder where there are few: software OpenGL draws some ten million triangles a second.
vtkSmartPointer<vtkPolyData> sphere(std::size_t count) {
    vtkNew<vtkSphereSource> source;
    source->SetRadius(1);
    const int around = count <= 300 ? 24 : count <= 1500 ? 14 : 9;
    source->SetThetaResolution(around);
    source->SetPhiResolution(around * 3 / 4);
    source->Update();
    return source->GetOutput();
}

/// From the middle along z, or along x.
vtkSmartPointer<vtkPolyData> arrow(bool alongX, std::size_t count) {
    vtkNew<vtkArrowSource> source;
    const int around = count <= 1500 ? 8 : 4;
    source->SetShaftResolution(around);
    source->SetTipResolution(around);
    source->SetShaftRadius(0.05);
    source->SetTipRadius(0.13);
    source->SetTipLength(0.3);
    vtkNew<vtkTransform> turn;
    turn->Scale(alongX ? kSecondLength : 1, alongX ? 1 : 1, alongX ? 1 : kArrowLength);
    if (!alongX) turn->RotateY(-90);
    vtkNew<vtkTransformPolyDataFilter> turned;
    turned->SetInputConnection(source->GetOutputPort());
    turned->SetTransform(turn);
    turned->Update();
    return turned->GetOutput();
}

}  // namespace

/// Copies of one shape.
struct ParticleGlyphs::Layer {
    explicit Layer(bool scaled) {
        mapper->SetInputData(places);
        mapper->SetScaleModeToScaleByMagnitude();
        mapper->SetScaling(scaled);
        if (scaled) mapper->SetScaleArray("radius");
        mapper->SetOrientationModeToQuaternion();
        mapper->SetOrientationArray("rotation");
        mapper->OrientOn();
        mapper->SetScalarModeToUsePointFieldData();
        mapper->SelectColorArray("colour");
        mapper->ScalarVisibilityOn();
        actor->SetMapper(mapper);
        actor->GetProperty()->SetSpecular(0.15);
        actor->GetProperty()->SetSpecularPower(20);
        actor->VisibilityOff();
    }
    vtkNew<vtkPolyData> places;
    vtkNew<vtkGlyph3DMapper> mapper;
    vtkNew<vtkActor> actor;
    std::int64_t triangles = 0;  // of the shape
};

ParticleGlyphs::ParticleGlyphs(vtkRenderer* renderer)
    : renderer_(renderer),
      spheres_(std::make_unique<Layer>(true)),
      axes_(std::make_unique<Layer>(true)),
      secondAxes_(std::make_unique<Layer>(true)) {
    for (const auto* layer : {&spheres_, &axes_, &secondAxes_}) renderer_->AddActor((*layer)->actor);
}

ParticleGlyphs::~ParticleGlyphs() = default;

void ParticleGlyphs::setMarks(std::vector<PoseMark> marks) {
    marks_ = std::move(marks);
    rebuild();
}

void ParticleGlyphs::setStyle(const GlyphStyle& style) {
    if (style == style_) return;
    style_ = style;
    rebuild();
}

void ParticleGlyphs::setMaps(const std::vector<MapGlyph>& maps) {
    for (const auto& layer : maps_) renderer_->RemoveActor(layer->actor);
    maps_.clear();
    for (const MapGlyph& map : maps) {
        auto layer = std::make_unique<Layer>(false);
        layer->mapper->SetSourceData(polyDataOf(map.mesh, map.scale));
        layer->triangles = static_cast<std::int64_t>(map.mesh.triangles.size());
        renderer_->AddActor(layer->actor);
        maps_.push_back(std::move(layer));
    }
    rebuild();
}

void ParticleGlyphs::fill(Layer& layer, const std::vector<const PoseMark*>& marks) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> radii, rotations;
    vtkNew<vtkUnsignedCharArray> colours;
    radii->SetName("radius");
    rotations->SetName("rotation");
    rotations->SetNumberOfComponents(4);
    colours->SetName("colour");
    colours->SetNumberOfComponents(3);
    for (const PoseMark* mark : marks) {
        points->InsertNextPoint(mark->position.x, mark->position.y, mark->position.z);
        radii->InsertNextValue(static_cast<float>(mark->radius));
        const Rotation& turn = mark->tomogramFromParticle;
        rotations->InsertNextTuple4(turn.w, turn.x, turn.y, turn.z);
        const auto level = [](double value) { return std::round(255 * std::clamp(value, 0.0, 1.0)); };
        colours->InsertNextTuple3(level(mark->colour[0]), level(mark->colour[1]), level(mark->colour[2]));
    }
    layer.places->Initialize();
    layer.places->SetPoints(points);
    for (vtkDataArray* array : {static_cast<vtkDataArray*>(radii.Get()), static_cast<vtkDataArray*>(rotations.Get()),
                                static_cast<vtkDataArray*>(colours.Get())})
        layer.places->GetPointData()->AddArray(array);
    layer.places->Modified();
    layer.actor->SetVisibility(!marks.empty() && layer.triangles > 0);
}

void ParticleGlyphs::rebuild() {
    std::vector<const PoseMark*> all, plain;
    std::vector<std::vector<const PoseMark*>> placed(maps_.size());
    for (const PoseMark& mark : marks_) {
        all.push_back(&mark);
        const bool hasMap = mark.map >= 0 && static_cast<std::size_t>(mark.map) < maps_.size();
        if (hasMap)
            placed[static_cast<std::size_t>(mark.map)].push_back(&mark);
        else if (style_.spheres)
            plain.push_back(&mark);
    }
    const auto shape = [](Layer& layer, const vtkSmartPointer<vtkPolyData>& source) {
        layer.mapper->SetSourceData(source);
        layer.triangles = source->GetNumberOfPolys();
    };
    shape(*spheres_, sphere(plain.size()));
    spheres_->mapper->SetScaleFactor(style_.sphereScale);
    shape(*axes_, arrow(false, all.size()));
    shape(*secondAxes_, arrow(true, all.size()));
    fill(*spheres_, plain);
    fill(*axes_, style_.axis ? all : std::vector<const PoseMark*>());
    fill(*secondAxes_, style_.axis && style_.secondAxis ? all : std::vector<const PoseMark*>());
    for (std::size_t i = 0; i < maps_.size(); ++i) fill(*maps_[i], placed[i]);
}

std::int64_t ParticleGlyphs::triangles() const {
    const auto of = [](const Layer& layer) {
        return layer.actor->GetVisibility() ? layer.triangles * layer.places->GetNumberOfPoints() : 0;
    };
    std::int64_t sum = of(*spheres_) + of(*axes_) + of(*secondAxes_);
    for (const auto& layer : maps_) sum += of(*layer);
    return sum;
}

std::optional<std::size_t> firstHit(const std::vector<PoseMark>& marks, const Ray& ray, double scale) {
    std::optional<std::size_t> hit;
    double nearest = 0;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const Vec3 towards = marks[i].position - ray.origin;
        const double along = dot(towards, ray.direction), radius = marks[i].radius * scale;
        const double beside = squaredLength(towards) - along * along;
        if (beside > radius * radius) continue;
        const double entered = along - std::sqrt(radius * radius - beside);
        if (along > 0 && (!hit || entered < nearest)) {
            hit = i;
            nearest = entered;
        }
    }
    return hit;
}

}  // namespace tomoloupe
