#include "ui/panels/pick_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "ui/bridge/text.h"
#include "ui/models/set_names.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"
#include "ui/panels/structure_list.h"
#include "ui/panels/value_slider.h"
#include "ui/views/number_text.h"

namespace tomoloupe {
namespace {

constexpr int kTitleWidth = 88;
constexpr double kFirstDiameter = 200;  // Å: most large complexes are about as wide

QHBoxLayout* namedRow(const QString& title, QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    QLabel* label = makeLabel(title, "field");
    label->setFixedWidth(kTitleWidth);
    label->setBuddy(widget);
    widget->setAccessibleName(title);
    row->addWidget(label);
    row->addWidget(widget, 1);
    return row;
}

QString diameterName(double angstrom) {
    return QStringLiteral("dog-%1A").arg(angstrom, 0, 'f', 0);
}

}  // namespace

PickForm::PickForm(const Workbench& workbench, QWidget* parent) : SidePanel(QStringLiteral("pickForm"), parent), bench_(workbench) {
    options_.diameterAngstrom = kFirstDiameter;
    form()->addWidget(makeLabel(tr("Pick particles"), "heading", this));
    form()->addWidget(buildCommon());
    dog_ = buildDog();
    template_ = buildTemplate();
    template_->hide();
    form()->addWidget(dog_, 1);
    form()->addWidget(template_, 1);
    buildFoot();
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &PickForm::refresh);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &PickForm::refresh);
    connect(&bench_.project, &ProjectModel::tomogramChanged, this, &PickForm::refresh);
    readStructures();
    refresh();
}

QWidget* PickForm::buildCommon() {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    method_ = new QComboBox(box);
    method_->setObjectName(QStringLiteral("pickMethod"));
    method_->addItem(tr("Blobs of one size (DoG)"), QStringLiteral("dog"));
    method_->addItem(tr("Templates"), QStringLiteral("template"));
    method_->setToolTip(tr("Difference of Gaussians finds blobs of the diameter given and needs no model;\ntemplates find one molecule by its shape, and take longer."));
    column->addLayout(namedRow(tr("Method"), method_));
    auto* contrast = new QComboBox(box);
    contrast->setObjectName(QStringLiteral("pickContrast"));
    contrast->addItem(tr("darker than around"), QStringLiteral("dark"));
    contrast->addItem(tr("lighter than around"), QStringLiteral("light"));
    contrast->setToolTip(tr("In most reconstructions protein is dark"));
    column->addLayout(namedRow(tr("Particles are"), contrast));
    connect(method_, &QComboBox::activated, this, [this] { setMethod(method_->currentData().toString()); });
    connect(contrast, &QComboBox::activated, this, [this, contrast] {
        options_.contrast = contrast->currentData().toString().toStdString();
        Q_EMIT optionsChanged();
    });
    return box;
}

QWidget* PickForm::buildDog() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    diameter_ = new ValueSlider(QStringLiteral("pickDiameter"), tr("Diameter"), tr("Of the particle"),
                                {.low = 40, .high = 800, .step = 5, .minimum = 1, .maximum = 5000, .unit = QStringLiteral("Å")}, page);
    diameter_->setValue(options_.diameterAngstrom);
    auto* threshold = new ValueSlider(
        QStringLiteral("pickThreshold"), tr("Threshold"),
        tr("Twentieths of the way from the worst peak to the best that a pick must reach:\n0 takes every peak, 20 the best alone"),
        {.low = 0, .high = 20, .step = 0.1, .minimum = 0, .maximum = 20}, page);
    threshold->setValue(options_.threshold);
    auto* distance = new ValueSlider(
        QStringLiteral("pickDistance"), tr("Min. distance"), tr("Between two picks; auto (0) takes it from the diameter"),
        {.low = 0, .high = 800, .step = 5, .minimum = 0, .maximum = 10000, .unit = QStringLiteral("Å"), .firstWords = tr("auto")}, page);
    distance->setValue(options_.minimumDistanceAngstrom);
    for (ValueSlider* slider : {diameter_, threshold, distance}) column->addWidget(slider);
    dogRest_ = makeRest({"maximum-count", "sigma", "sigma-ratio", "block-size", "device"}, QStringLiteral("pickDogOptions"));
    column->addWidget(dogRest_);
    column->addStretch(1);
    const auto bind = [this](ValueSlider* slider, double& target) {
        connect(slider, &ValueSlider::valueChanged, this, [this, &target](double value) {
            target = value;
            refresh();
            Q_EMIT optionsChanged();
        });
    };
    bind(diameter_, options_.diameterAngstrom);
    bind(threshold, options_.threshold);
    bind(distance, options_.minimumDistanceAngstrom);
    return page;
}

QWidget* PickForm::buildTemplate() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    templates_ = new StructureList(QStringLiteral("pickTemplates"), page);
    templates_->setMinimumHeight(212);
    column->addWidget(templates_, 1);
    QPushButton* add = makeButton(tr("Add file…"), "pickAddTemplate", page);
    add->setToolTip(tr("A template from a PDB, mmCIF or MRC file"));
    column->addWidget(add, 0, Qt::AlignRight);
    auto* step = new ValueSlider(QStringLiteral("pickStep"), tr("Angle step"), tr("Between the template's orientations; half the step takes eight times as long"),
                                 {.low = 5, .high = 60, .step = 1, .minimum = 2, .maximum = 90, .unit = QStringLiteral("°")}, page);
    step->setValue(options_.stepDegrees);
    column->addWidget(step);
    auto* symmetry = new QLineEdit(page);
    symmetry->setObjectName(QStringLiteral("pickSymmetry"));
    symmetry->setPlaceholderText(tr("the structure's own"));
    symmetry->setToolTip(tr("Of the template, such as C1, D7 or O: orientations that look alike are tried once"));
    column->addLayout(namedRow(tr("Symmetry"), symmetry));
    templateRest_ = makeRest({"tilt-maximum", "defocus", "search-voxel", "minimum-score", "minimum-distance", "maximum-count", "block-size", "device"},
                             QStringLiteral("pickTemplateOptions"));
    column->addWidget(templateRest_);
    connect(templates_, &StructureList::chosenChanged, this, [this] {
        options_.templates = templates_->chosen();
        refresh();
    });
    connect(add, &QPushButton::clicked, templates_, &StructureList::askForFile);
    connect(step, &ValueSlider::valueChanged, this, [this](double degrees) { options_.stepDegrees = degrees; });
    connect(symmetry, &QLineEdit::textChanged, this, [this](const QString& text) { options_.symmetry = text.trimmed().toStdString(); });
    return page;
}

OptionForm* PickForm::makeRest(const QStringList& names, const QString& name) {
    OptionFields fields;
    for (OptionField& field : options_.describe()) {
        if (!names.contains(toQString(field.name))) continue;
        field.advanced = true;
        fields.push_back(std::move(field));
    }
    auto* rest = new OptionForm(OptionModel(std::move(fields)), name, this);
    connect(rest, &OptionForm::validityChanged, this, [this] {
        refresh();
        if (valid()) Q_EMIT optionsChanged();
    });
    return rest;
}

void PickForm::buildFoot() {
    setName_ = new QLineEdit(this);
    setName_->setObjectName(QStringLiteral("pickSetName"));
    setName_->setToolTip(tr("What the new particle set is called"));
    foot()->addLayout(namedRow(tr("Set name"), setName_));
    note_ = makeLabel({}, "muted", this);
    note_->setObjectName(QStringLiteral("pickNote"));
    note_->setWordWrap(true);
    foot()->addWidget(note_);
    start_ = makePrimaryButton(tr("Pick the whole tomogram"), "pickStart", this);
    foot()->addWidget(start_);
    connect(setName_, &QLineEdit::textEdited, this, [this] {
        named_ = true;
        refresh();
    });
    connect(start_, &QPushButton::clicked, this, &PickForm::start);
}

void PickForm::readStructures() {
    bench_.previewQueue.post(
        this, bench_.previews.structures,
        [this](const std::vector<StructureChoice>& structures) { templates_->setStructures(structures); },
        [this](const QString& sentence) { note_->setText(sentence); });
}

void PickForm::setMethod(const QString& method) {
    options_.method = method.toStdString();
    const bool dog = method == QLatin1String("dog");
    dog_->setVisible(dog);
    template_->setVisible(!dog);
    (dog ? dogRest_ : templateRest_)->reload();
    refresh();
    Q_EMIT optionsChanged();
}

bool PickForm::valid() const {
    return options_.method == "dog" ? dogRest_->valid() : templateRest_->valid();
}

QString PickForm::setName() const {
    return setName_->text().trimmed();
}

QString PickForm::missing() const {
    if (!bench_.project.isOpen()) return tr("Open or make a project first: the picks are stored there.");
    if (!bench_.project.currentTomogram()) return tr("Add a tomogram to the project first.");
    if (!valid()) return tr("One of the values cannot be used.");
    if (options_.method == "template" && options_.templates.empty()) return tr("Tick at least one template.");
    return setNameProblem(bench_.project, setName_->text());
}

void PickForm::refresh() {
    const TomogramRecord* tomogram = bench_.project.currentTomogram();
    options_.tomogram = tomogram ? tomogram->name : std::string();
    if (!named_) {
        const bool one = options_.templates.size() == 1;
        const QString wanted = options_.method == "dog" ? diameterName(options_.diameterAngstrom)
                               : one                    ? toQString(std::filesystem::path(options_.templates.front()).stem().string())
                                                        : QStringLiteral("templates");
        setName_->setText(freeSetName(bench_.project, wanted));
        setName_->setCursorPosition(0);
    }
    const QString problem = missing();
    const QString dog = tr("The threshold of the preview is told from the peaks near the slice; the whole tomogram may keep fewer.");
    const QString ready = options_.method == "dog" ? dog : tr("Runs in the background; the picks become a particle set.");
    note_->setText(problem.isEmpty() ? ready : problem);
    start_->setEnabled(problem.isEmpty());
}

void PickForm::start() {
    RunConfig config;
    config.kind = "pick";
    config.particleSet = setName_->text().trimmed().toStdString();
    config.title = tr("%1 in %2").arg(toQString(config.particleSet), toQString(options_.tomogram)).toStdString();
    config.options = toJson(options_.describe());
    const QString id = bench_.launcher.start(config);
    if (id.isEmpty()) return;
    named_ = false;
    start_->setEnabled(false);  // the list of runs comes a moment later
    Q_EMIT started(id);
}

ExtractForm::ExtractForm(const Workbench& workbench, QWidget* parent)
    : SidePanel(QStringLiteral("extractForm"), parent),
      bench_(workbench),
      set_(new QComboBox(this)),
      note_(makeLabel({}, "muted", this)),
      start_(makePrimaryButton(tr("Extract"), "extractStart", this)) {
    form()->addWidget(makeLabel(tr("Cut out subtomograms"), "heading", this));
    set_->setObjectName(QStringLiteral("extractSet"));
    set_->setToolTip(tr("Sets whose particles are positions in a tomogram of this project"));
    set_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    form()->addLayout(namedRow(tr("Particles"), set_));
    form_ = new OptionForm(OptionModel(options_.describe()), QStringLiteral("extractOptions"), this);
    form()->addWidget(form_);
    form()->addStretch(1);
    note_->setObjectName(QStringLiteral("extractNote"));
    note_->setWordWrap(true);
    foot()->addWidget(note_);
    foot()->addWidget(start_);
    connect(set_, &QComboBox::currentIndexChanged, this, &ExtractForm::refresh);
    connect(form_, &OptionForm::validityChanged, this, &ExtractForm::refresh);
    connect(start_, &QPushButton::clicked, this, &ExtractForm::start);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &ExtractForm::reloadSets);
    connect(&bench_.project, &ProjectModel::setChanged, this, &ExtractForm::reloadSets);
    reloadSets();
}

void ExtractForm::reloadSets() {
    const QString chosen = set_->currentData().toString();
    const SetContents* current = bench_.project.set();
    const QSignalBlocker quiet(set_);
    set_->clear();
    for (const ParticleSetRecord& record : bench_.project.contents().sets) {
        if (!record.stackPath.empty()) continue;
        set_->addItem(tr("%1 · %2").arg(toQString(record.name), QLocale(QLocale::English).toString(qlonglong(record.count))),
                      toQString(record.name));
    }
    const int currentAt = current ? set_->findData(toQString(current->record.name)) : -1;
    set_->setCurrentIndex(std::max({0, currentAt, set_->findData(chosen)}));
    refresh();
}

QString ExtractForm::missing() const {
    if (set_->count() == 0) return tr("Every set of this project has its subtomograms. Pick particles first.");
    if (!form_->valid()) return tr("One of the values cannot be used.");
    return {};
}

void ExtractForm::refresh() {
    const QString problem = missing();
    const std::string name = set_->currentData().toString().toStdString();
    for (const ParticleSetRecord& record : bench_.project.contents().sets) {
        if (record.name != name) continue;
        const double bytes = double(record.count) * options_.boxSize * options_.boxSize * options_.boxSize * sizeof(float);
        note_->setText(tr("%1 subtomograms of %2 voxels, %3 on disk")
                           .arg(QLocale(QLocale::English).toString(qlonglong(record.count)))
                           .arg(cubeText(options_.boxSize))
                           .arg(QLocale(QLocale::English).formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat)));
    }
    if (!problem.isEmpty()) note_->setText(problem);
    start_->setEnabled(problem.isEmpty());
}

void ExtractForm::start() {
    RunConfig config;
    config.kind = "extract";
    config.particleSet = set_->currentData().toString().toStdString();
    config.title = config.particleSet;
    config.options = toJson(options_.describe());
    const QString id = bench_.launcher.start(config);
    if (!id.isEmpty()) Q_EMIT started(id);
}

}  // namespace tomoloupe
