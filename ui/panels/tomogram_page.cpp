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
#include <cmath>

#include "core/volume/dust.h"
#include "ui/bridge/text.h"
#include "ui/panels/contrast_panel.h"
#include "ui/panels/drop_button.h"
#include "ui/panels/display_filter_panel.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/particle_panel.h"
#include "ui/panels/parts.h"
#include "ui/panels/surface_panel.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
TomogramPage::TomogramPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), tomogram_(workbench.readers, workbench.io), surfaceDelay_(new QTimer(this)) {
    setObjectName(QStringLiteral("tomogramPage"));
    auto* full = new QWidget(this);
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    views_ = new OrthogonalViews(QStringLiteral("tomogramViews"), full);
    buildToolBar();
    buildActions();
    column->addWidget(toolBar_);
    column->addWidget(views_, 1);
    stack_ = new QStackedLayout(this);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    surfaceDelay_->setSingleShot(true);
    surfaceDelay_->setInterval(300);
    connectModels();
    showTomogram();
}

void TomogramPage::buildToolBar() {
    QHBoxLayout* bar = makeToolBar(this, &toolBar_);
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
    contrast_ = new ContrastPanel;
    contrast->content()->addWidget(contrast_);
    bar->addWidget(contrast);
    QPushButton* automatic = makeButton(tr("Auto"), "contrastAuto");
    automatic->setToolTip(tr("Black and white at the darkest and lightest half percent"));
    bar->addWidget(automatic);
    invert_ = makeToggle(tr("Invert"), "contrastInvert");
    bar->addWidget(invert_);
    QPushButton* fit = makeButton(tr("Fit"), "fitButton");
    fit->setToolTip(tr("The whole slice in sight"));
    bar->addWidget(fit);
    bar->addStretch(1);
    particles_ = makeToggle(tr("Particles"), "showParticles");
    particles_->setChecked(true);
    bar->addWidget(particles_);
    particleButton_ = new DropButton(tr("Colours"), QStringLiteral("particleButton"));
    particleButton_->setToolTip(tr("Which particles are circled, and what their colours tell"));
    particlePanel_ = new ParticlePanel(bench_.project);
    particleButton_->content()->addWidget(particlePanel_);
    bar->addWidget(particleButton_);
    connect(particlePanel_, &ParticlePanel::changed, this, &TomogramPage::showMarks);
    auto* surface = new DropButton(tr("Surface"), QStringLiteral("surfaceButton"));
    surfacePanel_ = new SurfacePanel;
    surface->content()->addWidget(surfacePanel_);
    bar->addWidget(surface);
    auto* picture = new DropButton(tr("Picture"), QStringLiteral("pictureButton"));
    picture_ = new PicturePanel;
    picture->content()->addWidget(picture_);
    bar->addWidget(picture);
    connect(picture_, &PicturePanel::saveWanted, this, &TomogramPage::askWhereToSave);
    connect(slab_, &QSpinBox::valueChanged, this, &TomogramPage::applyStyle);
    connect(filter_, &DisplayFilterPanel::changed, this, &TomogramPage::applyStyle);
    connect(contrast_, &ContrastPanel::changed, this, &TomogramPage::applyContrast);
    connect(automatic, &QPushButton::clicked, contrast_, &ContrastPanel::makeAutomatic);
    connect(invert_, &QPushButton::toggled, this, &TomogramPage::applyContrast);
    connect(fit, &QPushButton::clicked, this, [this] { views_->fit(); });
    connect(particles_, &QPushButton::toggled, this, &TomogramPage::showMarks);
    connect(surfacePanel_, &SurfacePanel::levelChanged, this, &TomogramPage::applyLevel);
    connect(surfacePanel_, &SurfacePanel::dustChanged, this, &TomogramPage::makeSurface);
    connect(surfacePanel_, &SurfacePanel::cloudChanged, this, [this] { views_->surface()->setCloud(surfacePanel_->cloud()); });
}

void TomogramPage::addPageAction(const QString& text, const char* name, const QKeySequence& key,
                                 const std::function<void()>& does) {
    auto* action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcut(key);
    addAction(action);
    connect(action, &QAction::triggered, this, does);
}

void TomogramPage::buildActions() {
    const auto step = [this](Plane plane, int steps) {
        views_->setPosition(withDepth(plane, views_->position(), depthOf(plane, views_->position()) + steps));
    };
    addPageAction(tr("Next slice"), "actionNextSlice", Qt::Key_PageUp, [step] { step(Plane::XY, 1); });
    addPageAction(tr("Previous slice"), "actionPreviousSlice", Qt::Key_PageDown, [step] { step(Plane::XY, -1); });
    addPageAction(tr("Thicker slab"), "actionThickerSlab", Qt::Key_BracketRight, [this] { setSlab(slab_->value() + 1); });
    addPageAction(tr("Thinner slab"), "actionThinnerSlab", Qt::Key_BracketLeft, [this] { setSlab(slab_->value() - 1); });
    addPageAction(tr("Automatic contrast"), "actionAutoContrast", Qt::CTRL | Qt::SHIFT | Qt::Key_A,
                  [this] { contrast_->makeAutomatic(); });
    addPageAction(tr("Invert the greys"), "actionInvertContrast", Qt::CTRL | Qt::SHIFT | Qt::Key_I,
                  [this] { invert_->toggle(); });
    addPageAction(tr("Whole slice in sight"), "actionFitSlices", Qt::CTRL | Qt::Key_0, [this] { views_->fit(); });
    addPageAction(tr("Save the picture of a view…"), "actionSavePicture", Qt::CTRL | Qt::SHIFT | Qt::Key_S,
                  [this] { askWhereToSave(); });
    addPageAction(tr("Show or hide the particles"), "actionShowParticles", Qt::CTRL | Qt::SHIFT | Qt::Key_P,
                  [this] { particles_->toggle(); });
}

QWidget* TomogramPage::buildEmptyPage() {
    auto* page = new QWidget(this);
    page->setProperty("role", QStringLiteral("canvas"));
    page->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(12);
    emptyText_ = makeLabel({}, "empty", page);
    emptyText_->setWordWrap(true);
    emptyText_->setAlignment(Qt::AlignCenter);
    addButton_ = makePrimaryButton(tr("Add a tomogram…"), "addTomogramButton", page);
    column->addStretch(1);
    column->addWidget(emptyText_, 0);
    column->addWidget(addButton_, 0, Qt::AlignHCenter);
    column->addStretch(1);
    connect(addButton_, &QPushButton::clicked, this, &TomogramPage::addTomogramWanted);
    return page;
}

void TomogramPage::connectModels() {
    connect(&bench_.project, &ProjectModel::tomogramChanged, this, &TomogramPage::showTomogram);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, [this] {
        showTomogram();
        readMarks();
    });
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &TomogramPage::showMarks);
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
    connect(&tomogram_, &TomogramModel::surfaceArrived, this, [this](const Volume& volume, int binning) {
        surfaceVolume_ = volume;
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

void TomogramPage::openFile(const std::filesystem::path& path) {
    // Seen where the disk is slow.
    if (!tomogram_.isOpen()) emptyText_->setText(tr("Opening %1…").arg(toQString(path.filename().string())));
    tomogram_.open(path);
}

void TomogramPage::showTomogram() {
    const TomogramRecord* record = bench_.project.currentTomogram();
    if (record && record->path != tomogram_.path()) {
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
}

void TomogramPage::showOpened() {
    stack_->setCurrentIndex(1);
    const VolumeInfo& info = tomogram_.info();
    contrast_->setGreys(tomogram_.greys(), true);
    views_->setVolumeShape(info.shape, info.voxelSize());
    tomogram_.requestSurface(views_->position());
    readMarks();
    goToParticle();
}

void TomogramPage::readMarks() {
    const TomogramRecord* record = bench_.project.currentTomogram();
    particles_->setVisible(record != nullptr);
    particleButton_->setVisible(record != nullptr);
    if (!record) return particlePanel_->setParticles({});
    bench_.io.post(
        this, [project = bench_.project.project(), tomogram = *record] { return overlayIn(*project, tomogram); },
        [this](const std::vector<OverlayParticle>& particles) { particlePanel_->setParticles(particles); },
        [this](const QString& sentence) { tell(sentence); }, latestMarks_);
}

void TomogramPage::showMarks() {
    const bool shown = particles_->isChecked();
    views_->setMarks(shown ? particlePanel_->marks() : std::vector<ParticleMark>());
    views_->setLegend(shown ? particlePanel_->legend() : SliceLegend());
}

void TomogramPage::goToParticle() {
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    const TomogramRecord* record = bench_.project.currentTomogram();
    showMarks();
    if (!set || particle < 0 || !record || !tomogram_.isOpen()) return;
    const Particle& row = set->particles()[static_cast<std::size_t>(particle)];
    if (row.tomogram == record->name) views_->setPosition(row.positionVoxels);
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
    filterButton_->setWords(DisplayFilterPanel::words(filter));
    // Another filter gives other numbers: a contrast chosen by hand means nothing there.
    if (filter.kind != before.filter.kind) contrast_->makeAutomatic();
    tomogram_.setStyle({slab_->value(), filter});
    views_->setSlab(slab_->value());
    views_->requestSlices();
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
    const bool surface = view == PicturePanel::Surface;
    const QImage drawn = surface ? views_->surface()->picture(width) : QImage();
    const SlicePicture slice = surface ? SlicePicture() : views_->view(static_cast<Plane>(view))->picture(width, parts);
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
    views_->setContrast(invert_->isChecked() ? white : range.low, invert_->isChecked() ? range.low : white);
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
        [this, sigmas](const Made& made) {
            surfacePanel_->setHistogram(made.histogram);
            views_->surface()->setVolume(made.volume, made.scale);
            views_->surface()->setLevel(made.scale.level(sigmas));
        },
        [this](const QString& sentence) { tell(sentence); }, latestSurface_);
}

void TomogramPage::chooseParticleAt(Plane plane, QPointF voxel) {
    const SetContents* set = bench_.project.set();
    for (const PlacedParticle& particle : particlePanel_->shown()) {
        if (!set || particle.setId != set->record.id || !particles_->isChecked()) continue;
        const PlanePoint at = projected(plane, particle.positionVoxels);
        const double across = depthOf(plane, particle.positionVoxels) - depthOf(plane, views_->position());
        const double distance = std::hypot(at.u - voxel.x(), at.v - voxel.y(), across);
        if (distance < particle.radiusVoxels) return bench_.project.setCurrentParticle(particle.index);
    }
}

}  // namespace tomoloupe
