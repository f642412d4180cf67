// The part of the Tomogram page that deals with particles, in slices and in three dimensions, and with the oblique
// slice.
#include <QCheckBox>
#include <QFileDialog>
#include <QPushButton>
#include <QSettings>
#include <cmath>

#include "ui/bridge/text.h"
#include "ui/panels/hand_picking.h"
#include "ui/panels/oblique_pane.h"
#include "ui/panels/oblique_panel.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/particle_panel.h"
#include "ui/panels/pick_strip.h"
#include "ui/panels/placed_maps.h"
#include "ui/panels/scene_panel.h"
#include "ui/panels/tomogram_page.h"
#include "ui/views/palette_roles.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr double kCentreShare = 0.3;  // of the diameter, for spheres that only mark a place

GlyphStyle styleOf(ScenePanel::Shape shape, const ParticleArrows& arrows) {
    return {.spheres = shape != ScenePanel::Nothing,
            .sphereScale = shape == ScenePanel::Centres ? kCentreShare : 1,
            .axis = arrows.axis,
            .secondAxis = arrows.secondAxis};
}

}  // namespace

void TomogramPage::connectScene() {
    connect(scenePanel_, &ScenePanel::shapeChanged, this, &TomogramPage::showMarks);
    connect(scenePanel_, &ScenePanel::mapSourceChosen, this, &TomogramPage::chooseMap);
    connect(scenePanel_, &ScenePanel::mapLevelChanged, this, [this] { maps_->setLevel(scenePanel_->mapSigmas()); });
    connect(scenePanel_, &ScenePanel::perspectiveChanged, this,
            [this] { views_->surface()->setParallel(!scenePanel_->perspective()); });
    connect(scenePanel_, &ScenePanel::largeChanged, this, [this] { views_->setSurfaceLarge(scenePanel_->large()); });
    connect(scenePanel_, &ScenePanel::wholeWanted, this, [this] { views_->surface()->lookAtTomogram(); });
    connect(scenePanel_, &ScenePanel::blockWanted, this, [this] { views_->surface()->lookAtVolume(); });
    connect(maps_, &PlacedMaps::changed, this, [this] {
        scenePanel_->setMapWords(maps_->words());
        views_->surface()->setMaps(maps_->maps());
        showMarks();
    });
    connect(views_->surface(), &SurfaceView::particleClicked, this, &TomogramPage::chooseSceneParticle);
    connect(particlePanel_, &ParticlePanel::columnWanted, this, &TomogramPage::readColumn);
    const auto readChoices = [this] {
        particlePanel_->readChoices();
        particlePanel_->updateCounts();
    };
    connect(&bench_.project, &ProjectModel::classesChanged, particlePanel_, readChoices);
    connect(&bench_.project, &ProjectModel::setChanged, particlePanel_, readChoices);
    recallScene();
    connect(scenePanel_, &ScenePanel::shapeChanged, this, &TomogramPage::rememberScene);
    connect(scenePanel_, &ScenePanel::perspectiveChanged, this, &TomogramPage::rememberScene);
    connect(particlePanel_, &ParticlePanel::changed, this, &TomogramPage::rememberScene);
}

// How particles look is a habit of the user; filters and maps belong to what is being looked at.
void TomogramPage::rememberScene() const {
    if (!bench_.remember) return;
    QSettings settings;
    settings.beginGroup(QStringLiteral("tomogram"));
    settings.setValue(QStringLiteral("shape"), static_cast<int>(scenePanel_->shape()));
    settings.setValue(QStringLiteral("perspective"), scenePanel_->perspective());
    settings.setValue(QStringLiteral("axis"), particlePanel_->arrows().axis);
    settings.setValue(QStringLiteral("secondAxis"), particlePanel_->arrows().secondAxis);
}

void TomogramPage::recallScene() {
    if (!bench_.remember) return;
    QSettings settings;
    settings.beginGroup(QStringLiteral("tomogram"));
    scenePanel_->setShape(static_cast<ScenePanel::Shape>(settings.value(QStringLiteral("shape"), 0).toInt()));
    scenePanel_->setPerspective(settings.value(QStringLiteral("perspective"), false).toBool());
    particlePanel_->setArrows({.axis = settings.value(QStringLiteral("axis"), false).toBool(),
                               .secondAxis = settings.value(QStringLiteral("secondAxis"), false).toBool()});
}

void TomogramPage::chooseMap(int source) {
    switch (source) {
        case ScenePanel::ClassAverages:
            return maps_->useClassAverages();
        case ScenePanel::FromFile: {
            const QString path = QFileDialog::getOpenFileName(
                this, tr("Map for every particle"), {},
                tr("Volumes (*.mrc *.map *.rec *.ccp4 *.h5 *.hdf *.tif *.tiff);;All files (*)"));
            if (!path.isEmpty()) return maps_->useFile(path.toStdString());
            return scenePanel_->setMapSource(static_cast<ScenePanel::MapSource>(maps_->source()));
        }
        default:
            return maps_->useNone();
    }
}

void TomogramPage::readColumn(const std::string& name) {
    bench_.io.post(
        this,
        [project = bench_.project.project(), particles = particlePanel_->particles(), name] {
            return overlayColumn(*project, particles, name);
        },
        [this, name, number = latestMarks_->load()](const std::vector<std::string>& texts) {
            if (latestMarks_->load() == number) particlePanel_->setColumn(name, texts);
        },
        [this](const QString& sentence) { tell(sentence); });
}

void TomogramPage::showMarks() {
    const bool shown = particles_->isChecked();
    std::vector<ParticleMark> marks;
    std::vector<PoseMark> scene;
    sceneParticles_.clear();
    const std::set<std::int64_t> picked = pickedHere();
    std::optional<PoseMark> current;
    const bool boxes = scenePanel_->shape() == ScenePanel::Boxes;
    for (const ParticlePanel::Shown& particle : shown ? particlePanel_->shown() : std::vector<ParticlePanel::Shown>()) {
        const PlacedParticle& placed = particle.placed;
        if (picked.contains(placed.id)) continue;
        marks.push_back({.position = placed.positionVoxels,
                         .radius = placed.radiusVoxels,
                         .colour = particle.colour,
                         .current = particle.current,
                         .tomogramFromParticle = placed.tomogramFromParticle});
        scene.push_back({.position = placed.positionVoxels,
                         .tomogramFromParticle = placed.tomogramFromParticle,
                         .radius = boxes ? placed.boxVoxels / 2 : placed.radiusVoxels,
                         .colour = toColour(particle.colour),
                         .map = maps_->mapOf(particle.classId)});
        sceneParticles_.push_back(placed);
        if (particle.current) current = scene.back();
    }
    views_->setMarks(std::move(marks), shown ? particlePanel_->arrows() : ParticleArrows());
    views_->setLegend(shown ? particlePanel_->legend() : SliceLegend());
    if (tomogram_.isOpen()) maps_->setUse(scene.size(), tomogram_.info().voxelSize());
    showScene(scene);
    views_->surface()->setCurrent(current);
}

/// Picks come after the particles: they have no pose and no class.
void TomogramPage::showScene(const std::vector<PoseMark>& shown) {
    std::vector<PoseMark> scene = shown;
    if (tomogram_.isOpen() && isCurrent())
        for (const HandPick& pick : bench_.project.picks())
            scene.push_back({.position = pick.positionVoxels,
                             .tomogramFromParticle = {},
                             .radius = strip_->diameterAngstrom() / 2 / tomogram_.info().voxelSize(),
                             .colour = toColour(accentColour(palette()))});
    const bool particles = particles_->isChecked();
    const GlyphStyle style = styleOf(scenePanel_->shape(), particles ? particlePanel_->arrows() : ParticleArrows());
    views_->surface()->setParticles(std::move(scene), style, particles ? particlePanel_->legend() : SliceLegend());
    scenePanel_->setTriangles(views_->surface()->particles().triangles());
}

void TomogramPage::chooseSceneParticle(std::size_t mark) {
    if (mark >= sceneParticles_.size())  // a pick
        return views_->setPosition(views_->surface()->particles().marks()[mark].position);
    const PlacedParticle& particle = sceneParticles_[mark];
    const SetContents* set = bench_.project.set();
    if (set && particle.setId == set->record.id) return bench_.project.setCurrentParticle(particle.index);
    for (const ParticleSetRecord& other : bench_.project.contents().sets)
        if (other.id == particle.setId) return bench_.project.setCurrentSet(toQString(other.name), particle.index);
}

void TomogramPage::connectOblique() {
    connect(oblique_, &ObliquePane::sliceWanted, &tomogram_, &TomogramModel::requestOblique);
    connect(&tomogram_, &TomogramModel::obliqueArrived, oblique_, &ObliquePane::setSlice);
    connect(&tomogram_, &TomogramModel::obliqueFailed, oblique_, &ObliquePane::setMessage);
    connect(oblique_, &ObliquePane::turned, this,
            [this] { obliquePanel_->setAngles(planeAngles(oblique_->rotation())); });
    connect(oblique_, &ObliquePane::clicked, this, [this](Vec3 voxel) {
        const SetContents* set = bench_.project.set();
        if (!set || !particles_->isChecked() || picking_->mode() != HandPicking::Navigate) return;
        for (const PlacedParticle& particle : sceneParticles_) {
            const Vec3 apart = particle.positionVoxels - voxel;
            if (particle.setId == set->record.id && std::hypot(apart.x, apart.y, apart.z) < particle.radiusVoxels)
                return bench_.project.setCurrentParticle(particle.index);
        }
    });
    connect(obliquePanel_, &ObliquePanel::onChanged, oblique_, &ObliquePane::setOn);
    connect(obliquePanel_, &ObliquePanel::anglesChanged, this,
            [this] { oblique_->setRotation(rotationOf(obliquePanel_->angles())); });
    connect(obliquePanel_, &ObliquePanel::alignWanted, this, &TomogramPage::alignOblique);
    obliquePanel_->setParticleThere(false);
}

const Particle* TomogramPage::currentParticle() const {
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    return set && particle >= 0 ? &set->particles()[static_cast<std::size_t>(particle)] : nullptr;
}

void TomogramPage::alignOblique() {
    const Particle* particle = currentParticle();
    if (!particle) return;
    if (isCurrent() && particle->tomogram == bench_.project.currentTomogram()->name)
        views_->setPosition(particle->positionVoxels);
    oblique_->setRotation(alignedPlane(particle->tomogramFromParticle, obliquePanel_->alignment()));
    obliquePanel_->setAngles(planeAngles(oblique_->rotation()));
}

}  // namespace tomoloupe
