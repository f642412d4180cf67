#include "ui/panels/simulate_page.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/recipe/built_in_recipes.h"
#include "core/volume/statistics.h"
#include "ui/bridge/text.h"
#include "ui/models/set_names.h"
#include "ui/panels/option_form.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/panels/side_panel.h"
#include "ui/panels/structure_list.h"
#include "ui/panels/value_slider.h"
#include "ui/views/number_text.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

enum Slider { Snr, Defocus, Tilt, Neighbours, Offset, BoxSize };
constexpr const char* kFirstRecipe = "paper-snr005";
constexpr double kSurfaceSigmas = 2.5;

/// What has a control of its own; the rest of the described options is folded below.
bool hasOwnControl(const std::string& name) {
    static const QStringList own{"structures", "per-class",  "box-size", "neighbours",   "offset",
                                 "snr",        "snr-scope", "defocus",  "tilt-maximum"};
    return own.contains(toQString(name));
}

QString bytesText(double bytes) {
    return QLocale(QLocale::English).formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

}  // namespace

SimulatePage::SimulatePage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), preview_(workbench.previews.simulation, workbench.previewQueue) {
    setObjectName(QStringLiteral("simulatePage"));
    buildForm();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildPreview(), 1);
    row->addWidget(side_);
    connectModels();
    readStructures();
    recipe_->setCurrentIndex(std::max(0, recipe_->findData(QString::fromLatin1(kFirstRecipe))));
    applyRecipe(recipe_->currentData().toString());
}

QWidget* SimulatePage::buildPreview() {
    auto* preview = new QWidget(this);
    auto* column = new QVBoxLayout(preview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QWidget* strip = nullptr;
    QHBoxLayout* bar = makeToolBar(preview, &strip);
    previous_ = makeButton(tr("‹ Previous"), "previousExample");
    previous_->setToolTip(tr("The example before (Page Up)"));
    previous_->setShortcut(Qt::Key_PageUp);
    QPushButton* next = makeButton(tr("Another one ›"), "nextExample");
    next->setToolTip(tr("The next example, of the next class (Page Down)"));
    next->setShortcut(Qt::Key_PageDown);
    title_ = makeLabel({}, "strong");
    title_->setObjectName(QStringLiteral("exampleTitle"));
    figures_ = makeLabel({}, "muted");
    figures_->setObjectName(QStringLiteral("exampleFigures"));
    bar->addWidget(previous_);
    bar->addWidget(next);
    bar->addSpacing(8);
    bar->addWidget(title_);
    bar->addStretch(1);
    bar->addWidget(figures_);
    bar->addSpacing(8);
    compare_ = makeToggle(tr("Compare"), "simulateCompare");
    compare_->setToolTip(tr("The same without noise beside it (C)"));
    compare_->setShortcut(Qt::Key_C);
    compare_->setChecked(true);
    bar->addWidget(compare_);
    column->addWidget(strip);
    problem_ = makeLabel({}, "error", preview);
    problem_->setObjectName(QStringLiteral("simulateProblem"));
    problem_->setWordWrap(true);
    problem_->setContentsMargins(12, 8, 12, 8);
    problem_->hide();
    column->addWidget(problem_);
    auto* pair = new QHBoxLayout;
    pair->setSpacing(2);
    pair->addWidget(buildViews(0, tr("As imaged")), 1);
    QWidget* clean = buildViews(1, tr("Without noise"));
    pair->addWidget(clean, 1);
    column->addLayout(pair, 1);
    connect(compare_, &QPushButton::toggled, clean, &QWidget::setVisible);
    connect(previous_, &QPushButton::clicked, this, [this] { goTo(example_ - 1); });
    connect(next, &QPushButton::clicked, this, [this] { goTo(example_ + 1); });
    return preview;
}

QWidget* SimulatePage::buildViews(int side, const QString& title) {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* strip = new QWidget(box);
    strip->setProperty("role", QStringLiteral("toolbar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    strip->setFixedHeight(28);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(12, 0, 12, 0);
    row->addWidget(makeLabel(title, "muted", strip));
    column->addWidget(strip);
    auto* views = new OrthogonalViews(side == 0 ? QStringLiteral("imagedViews") : QStringLiteral("cleanViews"), box);
    views_[static_cast<std::size_t>(side)] = views;
    views->setFitsWhole(true);
    column->addWidget(views, 1);
    connect(views, &OrthogonalViews::sliceWanted, this,
            [this, side](Plane plane, std::int64_t index) { showSlice(side, plane, index); });
    connect(views, &OrthogonalViews::positionChanged, this,
            [this, side] { views_[static_cast<std::size_t>(1 - side)]->setPosition(views_[static_cast<std::size_t>(side)]->position()); });
    return box;
}

void SimulatePage::buildForm() {
    side_ = new SidePanel(QStringLiteral("simulateForm"), this);
    QVBoxLayout* form = side_->form();
    form->addWidget(makeLabel(tr("Simulate subtomograms"), "heading", side_));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    QLabel* label = makeLabel(tr("Recipe"), "field", side_);
    label->setFixedWidth(88);
    recipe_ = new QComboBox(side_);
    recipe_->setObjectName(QStringLiteral("simulateRecipe"));
    recipe_->setAccessibleName(tr("Recipe"));
    recipe_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const std::string& name : builtInRecipeNames()) {
        const nlohmann::json recipe = builtInRecipe(name);
        if (!recipe.contains("simulate")) continue;
        recipe_->addItem(toQString(name), toQString(name));
        recipe_->setItemData(recipe_->count() - 1, toQString(recipe.value("about", std::string())), Qt::ToolTipRole);
    }
    row->addWidget(label);
    row->addWidget(recipe_, 1);
    form->addLayout(row);
    buildClasses(form);
    buildSliders(form);
    OptionFields rest;
    for (OptionField& field : options_.describe()) {
        if (hasOwnControl(field.name)) continue;
        field.advanced = true;
        rest.push_back(std::move(field));
    }
    more_ = new OptionForm(OptionModel(std::move(rest)), QStringLiteral("simulateOptions"), side_);
    form->addWidget(more_);
    form->addStretch(1);
    buildFoot(side_->foot());
    connect(recipe_, &QComboBox::activated, this, [this] { applyRecipe(recipe_->currentData().toString()); });
    connect(more_, &OptionForm::validityChanged, this, &SimulatePage::optionsChanged);
}

void SimulatePage::buildClasses(QVBoxLayout* form) {
    structures_ = new StructureList(QStringLiteral("simulateStructures"), side_);
    structures_->setMinimumHeight(212);
    form->addWidget(structures_, 1);
    structuresNote_ = makeLabel({}, "muted", side_);
    structuresNote_->setWordWrap(true);
    QPushButton* add = makeButton(tr("Add file…"), "simulateAddFile", side_);
    add->setToolTip(tr("A class from a PDB, mmCIF or MRC file"));
    auto* row = new QHBoxLayout;
    row->addWidget(structuresNote_, 1);
    row->addWidget(add);
    form->addLayout(row);
    connect(structures_, &StructureList::chosenChanged, this, [this] {
        options_.structures = structures_->chosen();
        optionsChanged();
    });
    connect(add, &QPushButton::clicked, structures_, &StructureList::askForFile);
}

void SimulatePage::buildSliders(QVBoxLayout* form) {
    const auto add = [&](Slider which, const char* name, const QString& title, const QString& help, SliderScale scale) {
        auto* slider = new ValueSlider(QString::fromLatin1(name), title, help, std::move(scale), side_);
        sliders_[which] = slider;
        form->addWidget(slider);
        return slider;
    };
    ValueSlider* snr = add(Snr, "simulateSnr", tr("SNR"), tr("Variance of the signal over that of the noise"),
                           {.low = 0.001, .high = 10, .logarithmic = true, .minimum = 1e-6, .maximum = SimulateOptions::kNoNoise,
                            .lastWords = tr("no noise"), .lastValue = SimulateOptions::kNoNoise});
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    QLabel* label = makeLabel(tr("SNR over"), "field", side_);
    label->setFixedWidth(88);
    scope_ = new QComboBox(side_);
    scope_->setObjectName(QStringLiteral("simulateScope"));
    scope_->setAccessibleName(tr("SNR over"));
    scope_->addItem(tr("the whole scene"), QStringLiteral("scene"));
    scope_->addItem(tr("the crop itself (harder)"), QStringLiteral("crop"));
    scope_->setToolTip(tr("Published sets state the ratio over a scene that is mostly empty;\nover the crop itself the same figure means far more noise."));
    row->addWidget(label);
    row->addWidget(scope_, 1);
    form->addLayout(row);
    ValueSlider* defocus = add(Defocus, "simulateDefocus", tr("Defocus"), tr("Negative is underfocus"),
                               {.low = -12, .high = 0, .step = 0.1, .minimum = -20, .maximum = 20, .unit = QStringLiteral("µm")});
    ValueSlider* tilt = add(Tilt, "simulateTilt", tr("Tilt range ±"), tr("Beyond it lies the missing wedge; 90° leaves nothing out"),
                            {.low = 20, .high = 90, .step = 1, .minimum = 1, .maximum = 90, .unit = QStringLiteral("°")});
    ValueSlider* neighbours = add(Neighbours, "simulateNeighbours", tr("Neighbours"), tr("Other particles packed about each target"),
                                  {.low = 0, .high = 12, .step = 1, .minimum = 0, .maximum = 50});
    ValueSlider* offset = add(Offset, "simulateOffset", tr("Offset"), tr("Largest distance of the target from the centre along each axis,\nas a fraction of the box"),
                              {.low = 0, .high = 0.25, .step = 0.01, .minimum = 0, .maximum = 0.25});
    ValueSlider* box = add(BoxSize, "simulateBox", tr("Box size"), tr("Side of a subtomogram in voxels"),
                           {.low = 16, .high = 64, .step = 2, .minimum = 16, .maximum = 128, .unit = tr("voxels")});
    const auto bind = [this](ValueSlider* slider, auto& target) {
        connect(slider, &ValueSlider::valueChanged, this, [this, &target](double value) {
            target = static_cast<std::decay_t<decltype(target)>>(value);
            optionsChanged();
        });
    };
    bind(snr, options_.snr);
    bind(defocus, options_.imaging.defocusMicrometre);
    bind(tilt, options_.imaging.tiltMaximumDegrees);
    bind(neighbours, options_.neighbours);
    bind(offset, options_.offset);
    bind(box, options_.boxSize);
    connect(scope_, &QComboBox::activated, this, [this] {
        options_.snrScope = scope_->currentData().toString().toStdString();
        optionsChanged();
    });
}

void SimulatePage::buildFoot(QVBoxLayout* foot) {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    setName_ = new QLineEdit(QStringLiteral("simulated"), side_);
    setName_->setObjectName(QStringLiteral("simulateSetName"));
    setName_->setToolTip(tr("What the new particle set is called"));
    perClass_ = new QSpinBox(side_);
    perClass_->setObjectName(QStringLiteral("simulatePerClass"));
    perClass_->setRange(1, 1000000);
    perClass_->setToolTip(tr("Subtomograms of each class"));
    seed_ = new QSpinBox(side_);
    seed_->setObjectName(QStringLiteral("simulateSeed"));
    seed_->setRange(1, 1 << 30);
    seed_->setToolTip(tr("The same seed gives the same subtomograms again"));
    for (QSpinBox* box : {perClass_, seed_}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setFixedWidth(88);
    }
    const auto label = [&](const QString& text, QWidget* buddy) {
        QLabel* made = makeLabel(text, "field", side_);
        made->setBuddy(buddy);
        made->setFixedWidth(text.size() > 4 ? 88 : 40);
        buddy->setAccessibleName(text);
        return made;
    };
    grid->addWidget(label(tr("Set name"), setName_), 0, 0);
    grid->addWidget(setName_, 0, 1, 1, 3);
    grid->addWidget(label(tr("Per class"), perClass_), 1, 0);
    grid->addWidget(perClass_, 1, 1, Qt::AlignLeft);
    grid->addWidget(label(tr("Seed"), seed_), 1, 2);
    grid->addWidget(seed_, 1, 3);
    foot->addLayout(grid);
    note_ = makeLabel({}, "muted", side_);
    note_->setObjectName(QStringLiteral("simulateNote"));
    note_->setWordWrap(true);
    foot->addWidget(note_);
    start_ = makePrimaryButton(tr("Make subtomograms"), "simulateStart", side_);
    foot->addWidget(start_);
    connect(setName_, &QLineEdit::textChanged, this, &SimulatePage::updateFoot);
    connect(perClass_, &QSpinBox::valueChanged, this, [this](int count) {
        options_.perClass = count;
        updateFoot();
    });
    connect(seed_, &QSpinBox::valueChanged, this, &SimulatePage::ask);
    connect(start_, &QPushButton::clicked, this, &SimulatePage::start);
}

void SimulatePage::connectModels() {
    connect(&preview_, &SimulationPreviewModel::arrived, this, &SimulatePage::showPreview);
    connect(&preview_, &SimulationPreviewModel::failed, this, [this](const QString& sentence) { showState(sentence); });
    connect(&preview_, &SimulationPreviewModel::busyChanged, this,
            [this] { figures_->setText(preview_.busy() && figuresText_.isEmpty() ? tr("computing…") : figuresText_); });
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &SimulatePage::updateFoot);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &SimulatePage::updateFoot);
}

void SimulatePage::readStructures() {
    structuresNote_->setText(tr("Reading the list…"));
    bench_.previewQueue.post(
        this, bench_.previews.structures,
        [this](const std::vector<StructureChoice>& structures) {
            structures_->setStructures(structures);
            updateFoot();
        },
        [this](const QString& sentence) {
            updateFoot();
            showState(sentence);
        });
}

void SimulatePage::applyRecipe(const QString& name) {
    SimulateOptions fresh;
    fromJson(fresh.describe(), builtInRecipe(name.toStdString()).at("simulate"));
    options_ = fresh;  // in place: the form points into it
    recipe_->setToolTip(recipe_->currentData(Qt::ToolTipRole).toString());
    setName_->setText(freeSetName(bench_.project, name));
    showOptions();
    optionsChanged();
}

void SimulatePage::showOptions() {
    structures_->setChosen(options_.structures);
    const QSignalBlocker quiet(perClass_);
    perClass_->setValue(options_.perClass);
    scope_->setCurrentIndex(scope_->findData(toQString(options_.snrScope)));
    sliders_[Snr]->setValue(options_.snr);
    sliders_[Defocus]->setValue(options_.imaging.defocusMicrometre);
    sliders_[Tilt]->setValue(options_.imaging.tiltMaximumDegrees);
    sliders_[Neighbours]->setValue(options_.neighbours);
    sliders_[Offset]->setValue(options_.offset);
    sliders_[BoxSize]->setValue(options_.boxSize);
    const QSignalBlocker quietForm(more_);
    more_->reload();
}

void SimulatePage::optionsChanged() {
    updateFoot();
    ask();
}

void SimulatePage::ask() {
    previous_->setEnabled(example_ > 0);
    if (options_.structures.empty()) return showState(tr("Tick at least one structure: each becomes a class."));
    if (!more_->valid()) return;
    showState();
    SimulateOptions wish = options_;
    wish.perClass = 1;  // means nothing to one example
    preview_.ask(toJson(wish.describe()).dump(), static_cast<std::uint64_t>(seed_->value()), example_);
}

void SimulatePage::goTo(std::int64_t example) {
    example_ = std::max<std::int64_t>(0, example);
    ask();
}

void SimulatePage::showPreview(const SimulationPreview& preview, std::int64_t index) {
    volumes_ = {preview.volume, preview.clean};
    for (std::size_t side = 0; side < volumes_.size(); ++side) {
        const ContrastRange range = contrastRange(volumes_[side].voxels());
        views_[side]->setContrast(range.low, range.high);
        views_[side]->setVolumeShape(volumes_[side].shape(), volumes_[side].voxelSizeAngstrom());
    }
    SurfaceView* target = imagedViews()->surface();
    target->setVolume(preview.mask);
    target->setLevel(0.5);
    target->setCaption(tr("The target alone"));
    SurfaceView* scene = cleanViews()->surface();
    scene->setVolume(preview.clean, preview.mask);
    scene->setHeatStyle({.threshold = 0.5, .opacity = 0.6});
    scene->setLevel(scene->scale().mean + kSurfaceSigmas * scene->scale().standardDeviation);
    scene->setCaption(tr("Target in colour · drag to turn"));
    title_->setText(tr("%1 · example %2").arg(structures_->titleOf(preview.className)).arg(index + 1));
    figuresText_ = preview.localSnr > 0 ? tr("SNR within this crop %1").arg(figureText(preview.localSnr)) : tr("no noise");
    figures_->setText(figuresText_);
    showState();
}

void SimulatePage::showSlice(int side, Plane plane, std::int64_t index) {
    const Volume& volume = volumes_[static_cast<std::size_t>(side)];
    if (volume.empty()) return;
    views_[static_cast<std::size_t>(side)]->setSlice(plane, index, sliceOf(volume, plane, index));
}

void SimulatePage::showState(const QString& problem) {
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
}

QString SimulatePage::missing() const {
    if (!bench_.project.isOpen()) return tr("Open or make a project first: the set is stored there.");
    if (options_.structures.empty()) return tr("Tick at least one structure.");
    if (!more_->valid()) return tr("One of the values cannot be used.");
    return setNameProblem(bench_.project, setName_->text());
}

void SimulatePage::updateFoot() {
    const double side = options_.boxSize;
    const auto classes = static_cast<double>(options_.structures.size());
    const double count = classes * options_.perClass;
    const QLocale english(QLocale::English);
    structuresNote_->setText(classes == 1 ? tr("1 class chosen") : tr("%1 classes chosen").arg(classes));
    const QString problem = missing();
    note_->setText(problem.isEmpty() ? tr("%1 × %2 subtomograms of %3 voxels, %4 on disk")
                                           .arg(classes)
                                           .arg(english.toString(options_.perClass))
                                           .arg(cubeText(options_.boxSize))
                                           .arg(bytesText(count * side * side * side * sizeof(float)))
                                     : problem);
    start_->setText(tr("Make %1 subtomograms").arg(english.toString(static_cast<qint64>(count))));
    start_->setEnabled(problem.isEmpty());
}

void SimulatePage::start() {
    RunConfig config;
    config.kind = "simulate";
    config.title = setName_->text().trimmed().toStdString();
    config.particleSet = config.title;
    config.options = toJson(options_.describe());
    config.seed = static_cast<std::uint64_t>(seed_->value());
    if (bench_.launcher.start(config).isEmpty()) return;
    start_->setEnabled(false);  // the list of runs comes a moment later
    note_->setText(tr("Runs in the background; the set appears in the gallery when it is done."));
}

}  // namespace tomoloupe
