#include "ui/panels/tomogram_page.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/volume/dust.h"
#include "ui/bridge/text.h"
#include "ui/panels/contrast_panel.h"
#include "ui/panels/drop_button.h"
#include "ui/panels/display_filter_panel.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/hand_picking.h"
#include "ui/panels/oblique_pane.h"
#include "ui/panels/oblique_panel.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/particle_panel.h"
#include "ui/panels/parts.h"
#include "ui/panels/pick_strip.h"
#include "ui/panels/placed_maps.h"
#include "ui/panels/scene_panel.h"
#include "ui/panels/surface_panel.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr double kUsualRadius = 8;  // voxels, of picks where no particle says better

}  // namespace

TomogramPage::TomogramPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), tomogram_(workbench.readers, workbench.io), surfaceDelay_(new QTimer(this)) {
    setObjectName(QStringLiteral("tomogramPage"));
    auto* full = new QWidget(this);
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    views_ = new OrthogonalViews(QStringLiteral("tomogramViews"), full);
    views_->linkSurface();
    views_->surface()->setParallel(true);
    oblique_ = new ObliquePane(views_);
    buildToolBar();
    buildActions();
    strip_ = new PickStrip(bench_.project, full);
    column->addWidget(toolBar_);
    column->addWidget(strip_);
    column->addWidget(views_, 1);
    stack_ = new QStackedLayout(this);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    surfaceDelay_->setSingleShot(true);
    surfaceDelay_->setInterval(300);
    connectModels();
    connectPicking();
    connectOblique();
    connectScene();
    showTomogram();
}

void TomogramPage::buildToolBar() {
    QHBoxLayout* bar = makeToolBar(this, &toolBar_);
    bar->setSpacing(5);  // all of it has room in a window 1280 pixels wide
    addModes(bar);
    addPictureControls(bar);
    bar->addStretch(1);
    addParticleControls(bar);
    for (QPushButton* button : toolBar_->findChildren<QPushButton*>(Qt::FindDirectChildrenOnly))
        button->setProperty("density", QStringLiteral("compact"));
    connect(picture_, &PicturePanel::saveWanted, this, &TomogramPage::askWhereToSave);
    connect(slab_, &QSpinBox::valueChanged, this, &TomogramPage::applyStyle);
    connect(filter_, &DisplayFilterPanel::changed, this, &TomogramPage::applyStyle);
    connect(contrast_, &ContrastPanel::changed, this, &TomogramPage::applyContrast);
    connect(invert_, &QPushButton::toggled, this, &TomogramPage::applyContrast);
    connect(particles_, &QPushButton::toggled, this, &TomogramPage::showMarks);
    connect(particlePanel_, &ParticlePanel::changed, this, &TomogramPage::showMarks);
    connect(surfacePanel_, &SurfacePanel::levelChanged, this, &TomogramPage::applyLevel);
    connect(surfacePanel_, &SurfacePanel::dustChanged, this, &TomogramPage::makeSurface);
    connect(surfacePanel_, &SurfacePanel::cloudChanged, this, [this] { views_->surface()->setCloud(surfacePanel_->cloud()); });
}

void TomogramPage::addModes(QHBoxLayout* bar) {
    picking_ = new HandPicking(bench_.project, views_, this);
    constexpr std::array kNames{"modeNavigate", "modePick", "modeMove", "modeErase"};
    auto* modes = new QHBoxLayout;
    modes->setSpacing(4);
    for (int mode = HandPicking::Navigate; mode < HandPicking::ModeCount; ++mode) {
        QAction* action = picking_->action(static_cast<HandPicking::Mode>(mode));
        QPushButton* button = makeToggle(action->text(), kNames[static_cast<std::size_t>(mode)]);
        button->setToolTip(tr("%1 (%2)").arg(action->whatsThis(), action->shortcut().toString(QKeySequence::NativeText)));
        button->setChecked(action->isChecked());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::toggled, button, &QPushButton::setChecked);
        connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
        modes->addWidget(button);
    }
    bar->addLayout(modes);
    bar->addSpacing(4);
}

void TomogramPage::addPictureControls(QHBoxLayout* bar) {
    bar->addWidget(makeLabel(tr("Slab"), "muted"));
    slab_ = new QSpinBox;
    slab_->setObjectName(QStringLiteral("slabSpin"));
    slab_->setAccessibleName(tr("Slices in a slab"));
    slab_->setToolTip(tr("Mean of so many slices (Shift and wheel over a picture)"));
    slab_->setRange(1, static_cast<int>(TomogramModel::kMostSlab));
    slab_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    slab_->setAlignment(Qt::AlignCenter);
    slab_->setFixedWidth(44);
    bar->addWidget(slab_);
    filterButton_ = new DropButton(tr("Filter"), QStringLiteral("filterButton"));
    filterButton_->setToolTip(tr("Smooth what is shown; the file stays as it is"));
    filter_ = new DisplayFilterPanel;
    filterButton_->content()->addWidget(filter_);
    bar->addWidget(filterButton_);
    auto* contrast = new DropButton(tr("Contrast"), QStringLiteral("contrastButton"));
    contrast->setToolTip(tr("What is black and what is white, over the histogram of the greys"));
    contrast_ = new ContrastPanel;
    contrast->content()->addWidget(contrast_);
    bar->addWidget(contrast);
    auto* ways = new QHBoxLayout;
    ways->setSpacing(8);
    QPushButton* automatic = makeButton(tr("Auto"), "contrastAuto");
    automatic->setToolTip(tr("Black and white at the darkest and lightest half percent"));
    ways->addWidget(automatic, 1);
    connect(automatic, &QPushButton::clicked, contrast_, &ContrastPanel::makeAutomatic);
    invert_ = makeToggle(tr("Invert"), "contrastInvert");
    ways->addWidget(invert_, 1);
    contrast->content()->addLayout(ways);
    auto* oblique = new DropButton(tr("Oblique"), QStringLiteral("obliqueButton"));
    oblique->setToolTip(tr("A slice at any angle, in the place of YZ"));
    obliquePanel_ = new ObliquePanel;
    oblique->content()->addWidget(obliquePanel_);
    bar->addWidget(oblique);
    QPushButton* fit = makeButton(tr("Fit"), "fitButton");
    fit->setToolTip(tr("The whole slice in sight"));
    bar->addWidget(fit);
    connect(fit, &QPushButton::clicked, this, [this] { views_->fit(); });
}

void TomogramPage::addParticleControls(QHBoxLayout* bar) {
    particles_ = makeToggle(tr("Show particles"), "showParticles");
    particles_->setChecked(true);
    particleButton_ = new DropButton(tr("Particles"), QStringLiteral("particleButton"));
    particleButton_->setToolTip(tr("Which particles are circled, and what their colours tell"));
    particlePanel_ = new ParticlePanel(bench_.project);
    particleButton_->content()->addWidget(particles_);
    particleButton_->content()->addWidget(particlePanel_);
    bar->addWidget(particleButton_);
    auto* surface = new DropButton(tr("3D"), QStringLiteral("surfaceButton"));
    surface->setToolTip(tr("Level and dust of the surface, spheres and maps at the particles"));
    surfacePanel_ = new SurfacePanel;
    scenePanel_ = new ScenePanel;
    maps_ = new PlacedMaps(bench_, this);
    surface->content()->addWidget(surfacePanel_);
    surface->content()->addWidget(scenePanel_);
    bar->addWidget(surface);
    auto* picture = new DropButton(tr("Picture"), QStringLiteral("pictureButton"));
    picture->setToolTip(tr("Save a view as a picture, at any size"));
    picture_ = new PicturePanel;
    picture->content()->addWidget(picture_);
    bar->addWidget(picture);
}

void TomogramPage::addPageAction(const ActionSpec& spec, const std::function<void()>& does) {
    auto* action = new QAction(spec.text, this);
    action->setObjectName(QString::fromLatin1(spec.name));
    action->setShortcut(spec.key);
    action->setWhatsThis(spec.help);
    addAction(action);
    connect(action, &QAction::triggered, this, does);
}

void TomogramPage::buildActions() {
    const auto step = [this](Plane plane, int steps) {
        views_->setPosition(withDepth(plane, views_->position(), depthOf(plane, views_->position()) + steps));
    };
    addPageAction({tr("Next slice"), tr("Goes one XY slice up"), "actionNextSlice", Qt::Key_PageUp},
                  [step] { step(Plane::XY, 1); });
    addPageAction({tr("Previous slice"), tr("Goes one XY slice down"), "actionPreviousSlice", Qt::Key_PageDown},
                  [step] { step(Plane::XY, -1); });
    addPageAction({tr("Thicker slab"), tr("Shows the mean of one slice more"), "actionThickerSlab", Qt::Key_BracketRight},
                  [this] { setSlab(slab_->value() + 1); });
    addPageAction({tr("Thinner slab"), tr("Shows the mean of one slice less"), "actionThinnerSlab", Qt::Key_BracketLeft},
                  [this] { setSlab(slab_->value() - 1); });
    addPageAction({tr("Automatic contrast"), tr("Puts black and white at the darkest and lightest half percent"),
                   "actionAutoContrast", Qt::CTRL | Qt::SHIFT | Qt::Key_A},
                  [this] { contrast_->makeAutomatic(); });
    addPageAction({tr("Invert the greys"), tr("Shows dark density light, and light density dark"), "actionInvertContrast",
                   Qt::CTRL | Qt::SHIFT | Qt::Key_G},
                  [this] { invert_->toggle(); });
    addPageAction({tr("Whole slice in sight"), tr("Zooms and moves the slices so that all of them is seen"),
                   "actionFitSlices", Qt::CTRL | Qt::Key_0},
                  [this] { views_->fit(); });
    addPageAction({tr("Save the picture of a view…"), tr("Writes a slice or the surface as PNG, as Picture says"),
                   "actionSavePicture", Qt::CTRL | Qt::SHIFT | Qt::Key_S},
                  [this] { askWhereToSave(); });
    addPageAction({tr("Oblique slice"), tr("Shows a slice at any angle in the place of YZ, or YZ again"),
                   "actionObliqueSlice", Qt::CTRL | Qt::SHIFT | Qt::Key_O},
                  [this] { obliquePanel_->setOn(!obliquePanel_->isOn()); });
    addPageAction({tr("Large 3D view"), tr("The 3D view and the XY slice change places"), "actionLargeScene",
                   Qt::CTRL | Qt::SHIFT | Qt::Key_D},
                  [this] { scenePanel_->setLarge(!scenePanel_->large()); });
    addPageAction({tr("Show or hide the particles"), tr("What stands at the particles of the sets chosen under Particles"),
                   "actionShowParticles", Qt::CTRL | Qt::SHIFT | Qt::Key_P},
                  [this] { particles_->toggle(); });
}

QWidget* TomogramPage::buildEmptyPage() {
    addButton_ = makePrimaryButton(tr("Add a tomogram…"), "addTomogramButton");
    const EmptyState empty = makeEmptyState(this, "tomogramEmpty", {addButton_});
    emptyText_ = empty.text;
    connect(addButton_, &QPushButton::clicked, this, &TomogramPage::addTomogramWanted);
    return empty.page;
}

void TomogramPage::connectModels() {
    connect(&bench_.project, &ProjectModel::tomogramChanged, this, &TomogramPage::showTomogram);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, [this] {
        showTomogram();
        readMarks();
    });
    connect(&bench_.project, &ProjectModel::labelsChanged, this, [this] {
        if (isVisible()) showMarks();
    });
    connect(&bench_.project, &ProjectModel::particleChanged, this, &TomogramPage::goToParticle);
    connect(&tomogram_, &TomogramModel::opened, this, &TomogramPage::showOpened);
    connect(&tomogram_, &TomogramModel::failed, this, [this](const QString& sentence) {
        message_ = sentence;
        emptyText_->setText(sentence);
        if (!tomogram_.isOpen()) stack_->setCurrentIndex(0);
    });
    connect(&tomogram_, &TomogramModel::sliceArrived, views_, &OrthogonalViews::setSlice);
    connect(&tomogram_, &TomogramModel::sliceFailed, views_, &OrthogonalViews::setMessage);
    connect(&tomogram_, &TomogramModel::waiting, views_, &OrthogonalViews::setReading);
    connect(&tomogram_, &TomogramModel::greysChanged, this,
            [this] { contrast_->setGreys(tomogram_.greys(), contrast_->automatic()); });
    connect(views_, &OrthogonalViews::slabWanted, this, [this](int steps) {
        setSlab(slab_->value() + steps * std::max(1, slab_->value() / 8));
    });
    connect(&tomogram_, &TomogramModel::surfaceArrived, this, [this](const Volume& volume, int binning, Vec3 first) {
        surfaceVolume_ = volume;
        surfaceFirst_ = first;
        surfaceBinning_ = binning;
        views_->surface()->setCaption(tomogram_.surfaceIsLocal() ? tr("Surface around the crosshair · drag to turn")
                                      : binning > 1 ? tr("Surface · binned %1 × · drag to turn").arg(binning)
                                                    : tr("Surface · drag to turn"));
        makeSurface();
    });
    connect(views_, &OrthogonalViews::sliceWanted, &tomogram_, &TomogramModel::requestSlice);
    connect(views_, &OrthogonalViews::clicked, this, &TomogramPage::chooseParticleAt);
    connect(views_, &OrthogonalViews::positionChanged, this, [this] {
        if (tomogram_.surfaceIsLocal()) surfaceDelay_->start();
    });
    connect(surfaceDelay_, &QTimer::timeout, this, [this] { tomogram_.requestSurface(views_->position()); });
}

void TomogramPage::connectPicking() {
    connect(&bench_.project, &ProjectModel::picksChanged, this, [this] {
        if (isVisible()) showMarks();
    });
    connect(picking_, &HandPicking::modeChanged, this, [this] {
        strip_->setMode(picking_->mode());
        showStrip();
    });
    connect(picking_, &HandPicking::missed, this, &TomogramPage::tellOfParticleAt);
    connect(picking_, &HandPicking::outside, this,
            [this] { strip_->tell(tr("That is outside of the tomogram; click where the slice is.")); });
    connect(strip_, &PickStrip::sizeChanged, this, &TomogramPage::applyPickSize);
    connect(strip_, &PickStrip::wantedChanged, this, &TomogramPage::showStrip);
}

void TomogramPage::showStrip() {
    const bool possible = bench_.project.currentTomogram() != nullptr;
    strip_->setVisible(possible && (picking_->mode() != HandPicking::Navigate || strip_->wanted()));
}

void TomogramPage::applyPickSize() {
    if (!tomogram_.isOpen()) return;
    picking_->setSize({strip_->diameterAngstrom() / 2 / tomogram_.info().voxelSize(), strip_->boxVoxels()});
}

bool TomogramPage::isCurrent() const {
    const TomogramRecord* record = bench_.project.currentTomogram();
    return record && tomogram_.isOpen() && record->path == opened_ && tomogram_.path() == opened_;
}

void TomogramPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showTomogram();
    if (!isCurrent()) return;  // the rest follows when it is open
    if (marksWait_) readMarks();
    if (particleWaits_) goToParticle();
    showMarks();
}

void TomogramPage::openFile(const std::filesystem::path& path) {
    // Seen where the disk is slow.
    if (!tomogram_.isOpen()) emptyText_->setText(tr("Opening %1…").arg(toQString(path.filename().string())));
    tomogram_.open(path);
}

void TomogramPage::showTomogram() {
    const TomogramRecord* record = bench_.project.currentTomogram();
    if (record && record->path != tomogram_.path() && isVisible()) {
        message_.clear();
        openFile(record->path);
    }
    if (!record && bench_.project.isOpen()) tomogram_.close();
    if (!tomogram_.isOpen() && !record) {
        emptyText_->setText(
            tr("This project has no tomogram yet.\nAdd one to look at its slices; the file stays where it is."));
        stack_->setCurrentIndex(0);
    }
    addButton_->setVisible(!record);
    picking_->setPossible(record != nullptr);
    picking_->setReady(isCurrent());
    showStrip();
}

void TomogramPage::showOpened() {
    stack_->setCurrentIndex(1);
    opened_ = tomogram_.path();
    const VolumeInfo& info = tomogram_.info();
    contrast_->setGreys(tomogram_.greys(), true);
    views_->setOrigin(info.originAngstrom);
    views_->setVolumeShape(info.shape, info.voxelSize());
    oblique_->setVolumeShape(info.shape, info.voxelSize());
    tomogram_.requestSurface(views_->position());
    strip_->proposeDiameter(2 * kUsualRadius * info.voxelSize());
    applyPickSize();
    picking_->setReady(isCurrent());
    readMarks();
    goToParticle();
}

void TomogramPage::readMarks() {
    marksWait_ = !isVisible();
    if (marksWait_) return;
    const TomogramRecord* record = bench_.project.currentTomogram();
    particleButton_->setVisible(record != nullptr);
    if (!record) return particlePanel_->setParticles({});
    bench_.io.post(
        this, [project = bench_.project.project(), tomogram = *record] { return overlayIn(*project, tomogram); },
        [this](const std::vector<OverlayParticle>& particles) {
            particlePanel_->setParticles(particles);
            if (tomogram_.isOpen() && !particles.empty())
                strip_->proposeDiameter(2 * particles.front().placed.radiusVoxels * tomogram_.info().voxelSize());
        },
        [this](const QString& sentence) { tell(sentence); }, latestMarks_);
}

void TomogramPage::goToParticle() {
    particleWaits_ = !isVisible();
    if (particleWaits_) return;
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    showMarks();
    obliquePanel_->setParticleThere(set && particle >= 0);
    if (!set || particle < 0 || !isCurrent()) return;
    const Particle& row = set->particles()[static_cast<std::size_t>(particle)];
    if (row.tomogram != bench_.project.currentTomogram()->name) return;
    views_->setPosition(row.positionVoxels);
    if (oblique_->isOn() && obliquePanel_->follows()) alignOblique();
}

void TomogramPage::setSlab(std::int64_t slices) {
    slab_->setValue(static_cast<int>(std::clamp<std::int64_t>(slices, 1, TomogramModel::kMostSlab)));
}

void TomogramPage::setFilter(const DisplayFilter& filter) {
    filter_->setFilter(filter);
    applyStyle();
}

void TomogramPage::applyStyle() {
    const SliceStyle before = tomogram_.style();
    const DisplayFilter filter = filter_->filter();
    filterButton_->setWords(filter.kind == DisplayFilter::Kind::None ? tr("Filter") : tr("Filter •"));  // the bar is full
    filterButton_->setToolTip(tr("Smooth what is shown; the file stays as it is. Now: %1").arg(DisplayFilterPanel::words(filter)));
    // Another filter gives other numbers: a contrast chosen by hand means nothing there.
    if (filter.kind != before.filter.kind) contrast_->makeAutomatic();
    tomogram_.setStyle({slab_->value(), filter});
    views_->setSlab(slab_->value());
    oblique_->setSlab(slab_->value());
    views_->requestSlices();
    oblique_->requestSlice();
}

void TomogramPage::askWhereToSave() {
    if (!tomogram_.isOpen()) return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the picture"), tr("tomogram.png"), tr("Pictures (*.png)"));
    if (!path.isEmpty()) savePicture(picture_->view(), picture_->pictureWidth(), picture_->parts(), path);
}

/// For a while below the caption of the first view.
void TomogramPage::tell(const QString& sentence) {
    constexpr int kMilliseconds = 8000;
    views_->view(Plane::XY)->setStatus(sentence);
    QTimer::singleShot(kMilliseconds, this, [this, sentence] {
        if (views_->view(Plane::XY)->status() == sentence) views_->view(Plane::XY)->setStatus({});
    });
}

void TomogramPage::savePicture(PicturePanel::View view, int width, const PictureParts& parts, const QString& path) {
    const QString file = path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive) ? path : path + QStringLiteral(".png");
    if (view == PicturePanel::Oblique && !oblique_->isOn()) {
        const QString problem = tr("There is no oblique slice; switch it on under Oblique.");
        tell(problem);
        Q_EMIT pictureSaved(file, problem);
        return;
    }
    const bool surface = view == PicturePanel::Surface;
    const SurfaceParts over{parts.scaleBar, parts.words, parts.particles, parts.crosshair};
    const QImage drawn = surface ? views_->surface()->picture(width, over) : QImage();
    const SliceView* pictured = view == PicturePanel::Oblique ? oblique_->view() : views_->view(static_cast<Plane>(surface ? 0 : view));
    const SlicePicture slice = surface ? SlicePicture() : pictured->picture(width, parts);
    bench_.io.post(
        this,
        [surface, drawn, slice, file] { return (surface ? drawn : pictureOf(slice)).save(file, "PNG"); },
        [this, file](bool saved) {
            const QString problem =
                saved ? QString() : tr("Cannot write %1; is the folder there, may you write to it, and is there room?").arg(file);
            tell(saved ? tr("saved as %1").arg(file) : problem);
            Q_EMIT pictureSaved(file, problem);
        });
}

void TomogramPage::applyContrast() {
    const ContrastRange range = contrast_->contrast();
    const double white = std::max<double>(range.high, range.low + std::max(1e-6, std::abs(range.low) * 1e-6));
    const double black = invert_->isChecked() ? white : range.low;
    views_->setContrast(black, invert_->isChecked() ? range.low : white);
    oblique_->setContrast(black, invert_->isChecked() ? range.low : white);
}

void TomogramPage::applyLevel() {
    if (surfacePanel_->dustCubicNanometres() > 0) return makeSurface();  // other pieces hang together at another level
    views_->surface()->setLevel(views_->surface()->scale().level(surfacePanel_->levelSigmas()));
}

void TomogramPage::makeSurface() {
    if (surfaceVolume_.empty()) return;
    struct Made {
        Volume volume;
        DensityScale scale;
        std::vector<std::int64_t> histogram;
    };
    const double sigmas = surfacePanel_->levelSigmas(), nanometres = surfaceVolume_.voxelSizeAngstrom() / 10;
    const auto leastVoxels = static_cast<std::int64_t>(std::ceil(surfacePanel_->dustCubicNanometres() / std::pow(nanometres, 3)));
    bench_.io.post(
        this,
        [volume = surfaceVolume_, sigmas, leastVoxels] {
            Made made{.volume = volume, .scale = densityScaleOf(volume), .histogram = {}};
            const double ends[2] = {made.scale.level(-SurfacePanel::kMostSigmas), made.scale.level(SurfacePanel::kMostSigmas)};
            const ContrastRange range{static_cast<float>(std::min(ends[0], ends[1])), static_cast<float>(std::max(ends[0], ends[1]))};
            made.histogram = histogramOf(volume.voxels(), range, 128);
            if (made.scale.darkOnLight) std::reverse(made.histogram.begin(), made.histogram.end());
            made.volume = withoutDust(volume, static_cast<float>(made.scale.level(sigmas)), made.scale.darkOnLight, leastVoxels);
            return made;
        },
        [this, sigmas, place = VolumePlace{surfaceFirst_, double(surfaceBinning_)}](const Made& made) {
            surfacePanel_->setHistogram(made.histogram);
            views_->surface()->setVolume(made.volume, made.scale, place);
            views_->surface()->setLevel(made.scale.level(sigmas));
        },
        [this](const QString& sentence) { tell(sentence); }, latestSurface_);
}

std::set<std::int64_t> TomogramPage::pickedHere() const {
    std::set<std::int64_t> picked;
    for (const HandPick& pick : bench_.project.picks()) picked.insert(pick.fromParticle);
    return picked;
}

std::vector<PlacedParticle> TomogramPage::particlesAt(Plane plane, QPointF voxel) const {
    std::vector<PlacedParticle> found;
    if (!particles_->isChecked()) return found;
    const std::set<std::int64_t> picked = pickedHere();
    for (const ParticlePanel::Shown& shown : particlePanel_->shown()) {
        const PlacedParticle& particle = shown.placed;
        const PlanePoint at = projected(plane, particle.positionVoxels);
        const double across = depthOf(plane, particle.positionVoxels) - depthOf(plane, views_->position());
        const double distance = std::hypot(at.u - voxel.x(), at.v - voxel.y(), across);
        if (distance < particle.radiusVoxels && !picked.contains(particle.id)) found.push_back(particle);
    }
    return found;
}

void TomogramPage::chooseParticleAt(Plane plane, QPointF voxel) {
    const SetContents* set = bench_.project.set();
    for (const PlacedParticle& particle : particlesAt(plane, voxel))
        if (set && particle.setId == set->record.id) return bench_.project.setCurrentParticle(particle.index);
}

void TomogramPage::tellOfParticleAt(Plane plane, QPointF voxel) {
    const std::vector<PlacedParticle> found = particlesAt(plane, voxel);
    if (found.empty()) return strip_->tell({});
    const SetContents* set = bench_.project.set();
    const auto ofCurrent = [set](const PlacedParticle& particle) { return set && particle.setId == set->record.id; };
    if (std::any_of(found.begin(), found.end(), ofCurrent))
        return strip_->tell(tr("This is a particle of the set \"%1\": \"Edit this set's particles\" makes picks of them, "
                               "which can be moved and erased.")
                                .arg(toQString(set->record.name)));
    for (const ParticleSetRecord& other : bench_.project.contents().sets)
        if (other.id == found.front().setId)
            strip_->tell(tr("This is a particle of the set \"%1\": choose that set first, then \"Edit this set's "
                            "particles\" makes picks of them.")
                             .arg(toQString(other.name)));
}

}  // namespace tomoloupe
