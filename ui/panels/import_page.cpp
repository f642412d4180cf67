#include "ui/panels/import_page.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/panels/side_panel.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kMarksAtMost = 20000;  // drawn; all are counted
constexpr int kUnknownShown = 4;

QString number(std::int64_t value) {
    return QLocale().toString(qlonglong(value));
}

}  // namespace

ImportPage::ImportPage(const Workbench& workbench, const std::filesystem::path& file, QWidget* parent)
    : QWidget(parent), bench_(workbench), file_(file), tomogram_(workbench.readers, workbench.io) {
    setObjectName(QStringLiteral("importPage"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* canvas = new QWidget(this);
    canvas->setProperty("role", QStringLiteral("canvas"));
    canvas->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(canvas);
    column->setContentsMargins(0, 0, 0, 0);
    message_ = makeLabel(tr("Reading the list…"), "empty", canvas);
    message_->setObjectName(QStringLiteral("importMessage"));
    message_->setAlignment(Qt::AlignCenter);
    message_->setWordWrap(true);
    views_ = new OrthogonalViews(QStringLiteral("importViews"), canvas);
    views_->hide();
    column->addWidget(message_, 1);
    column->addWidget(views_, 1);
    row->addWidget(canvas, 1);
    auto* panel = new SidePanel(QStringLiteral("importForm"), this);
    buildForm(panel);
    row->addWidget(panel);
    connect(views_, &OrthogonalViews::sliceWanted, &tomogram_, &TomogramModel::requestSlice);
    connect(&tomogram_, &TomogramModel::sliceArrived, views_, &OrthogonalViews::setSlice);
    connect(&tomogram_, &TomogramModel::opened, this, &ImportPage::showTomogram);
    connect(&tomogram_, &TomogramModel::failed, this, &ImportPage::showProblem);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, [this] {  // a tomogram may have come
        for (const TomogramRecord& record : bench_.project.contents().tomograms) {
            const QString name = toQString(record.name);
            if (liesIn_->findData(name) < 0) liesIn_->addItem(name, name);
        }
        compute();
    });
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ImportPage::cancelled);
    read();
}

void ImportPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    name_->setFocus();  // so that Escape is this page's
}

void ImportPage::addRow(QVBoxLayout* form, const QString& name, QWidget* field, const QString& help) {
    auto* row = new QHBoxLayout;
    QLabel* label = makeLabel(name, "field");
    label->setBuddy(field);
    label->setFixedWidth(132);
    row->addWidget(label);
    row->addWidget(field, 1);
    form->addLayout(row);
    field->setToolTip(help);
    field->setAccessibleName(name);
}

void ImportPage::buildForm(SidePanel* panel) {
    QVBoxLayout* form = panel->form();
    QLabel* title = makeLabel(tr("Import %1").arg(toQString(file_.filename().string())), "heading", panel);
    title->setWordWrap(true);
    form->addWidget(title);
    name_ = new QLineEdit(toQString(freeSetName(bench_.project.contents().sets, file_.stem().string())), panel);
    name_->setObjectName(QStringLiteral("importName"));
    liesIn_ = new QComboBox(panel);
    liesIn_->setObjectName(QStringLiteral("importLiesIn"));
    liesIn_->addItem(tr("as each row names"), QString());
    const auto& tomograms = bench_.project.contents().tomograms;
    for (const TomogramRecord& record : tomograms) liesIn_->addItem(toQString(record.name), toQString(record.name));
    if (tomograms.size() == 1) liesIn_->setCurrentIndex(1);  // then a list can only mean this one
    pixelSize_ = new QDoubleSpinBox(panel);
    pixelSize_->setObjectName(QStringLiteral("importPixelSize"));
    pixelSize_->setRange(0, 1000);
    pixelSize_->setDecimals(4);
    pixelSize_->setSingleStep(0.1);
    pixelSize_->setSuffix(tr(" Å"));
    pixelSize_->setSpecialValueText(tr("not told"));
    binning_ = new QDoubleSpinBox(panel);
    binning_->setObjectName(QStringLiteral("importBinning"));
    for (QDoubleSpinBox* box : {pixelSize_, binning_}) box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    binning_->setRange(0.01, 64);
    binning_->setDecimals(2);
    binning_->setValue(1);
    origin_ = new QComboBox(panel);
    origin_->setObjectName(QStringLiteral("importOrigin"));
    origin_->addItems({tr("as the file tells"), tr("corner"), tr("centre of the tomogram")});
    shown_ = new QComboBox(panel);
    shown_->setObjectName(QStringLiteral("importShown"));
    means_ = makeLabel({}, "muted", panel);
    means_->setWordWrap(true);
    addRow(form, tr("Name of the set"), name_, tr("The particle set that the list becomes"));
    addRow(form, tr("Particles lie in"), liesIn_, tr("The tomogram of all rows, or the one that each row names"));
    form->addSpacing(8);
    form->addWidget(makeLabel(tr("What the numbers mean"), "strong", panel));
    form->addWidget(means_);
    addRow(form, tr("Pixel size"), pixelSize_, tr("Å per pixel that the coordinates count"));
    addRow(form, tr("Binning"), binning_, tr("The coordinates count voxels of this many pixels; 1: pixels themselves"));
    addRow(form, tr("Counted from"), origin_, tr("Where the coordinates are zero"));
    form->addSpacing(8);
    form->addWidget(makeLabel(tr("Where they would lie"), "strong", panel));
    addRow(form, tr("Shown"), shown_, tr("The tomogram in the picture"));
    counts_ = makeLabel({}, "field", panel);
    counts_->setObjectName(QStringLiteral("importCounts"));
    unknown_ = makeLabel({}, "warn", panel);
    unknown_->setObjectName(QStringLiteral("importUnknown"));
    warnings_ = makeLabel({}, "muted", panel);
    for (QLabel* label : {counts_, unknown_, warnings_}) {
        label->setWordWrap(true);
        form->addWidget(label);
    }
    form->addStretch(1);
    import_ = makePrimaryButton(tr("Import"), "importTake", panel);
    import_->setToolTip(tr("The list becomes a particle set of the project"));
    import_->setEnabled(false);
    QPushButton* cancel = makeButton(tr("Cancel"), "importCancel", panel);
    cancel->setToolTip(tr("Nothing is imported (Esc)"));
    panel->foot()->addWidget(import_);
    panel->foot()->addWidget(cancel);
    connect(import_, &QPushButton::clicked, this, &ImportPage::importWanted);
    connect(cancel, &QPushButton::clicked, this, &ImportPage::cancelled);
    connect(name_, &QLineEdit::textChanged, this, &ImportPage::showCounts);
    connect(pixelSize_, &QDoubleSpinBox::valueChanged, this, &ImportPage::compute);
    connect(binning_, &QDoubleSpinBox::valueChanged, this, &ImportPage::compute);
    connect(origin_, &QComboBox::currentIndexChanged, this, &ImportPage::compute);
    connect(liesIn_, &QComboBox::currentIndexChanged, this, &ImportPage::compute);
    connect(shown_, &QComboBox::currentIndexChanged, this, &ImportPage::showTomogram);
}

ListImportOptions ImportPage::options() const {
    ListImportOptions options;
    options.tomogram = liesIn_->currentData().toString().toStdString();
    // A number as the file tells it is left to the file: its groups may differ.
    if (std::abs(pixelSize_->value() - preview_.told.pixelSizeAngstrom) > 5e-5)
        options.convention.pixelSizeAngstrom = pixelSize_->value();
    options.convention.binning = binning_->value();
    options.convention.origin = static_cast<RelionConvention::Origin>(origin_->currentIndex());
    return options;
}

QString ImportPage::setName() const {
    return name_->text().trimmed();
}

void ImportPage::read() {
    bench_.io.post(
        this, [file = file_] { return std::make_shared<const StarFile>(readStar(file)); },
        [this](const std::shared_ptr<const StarFile>& star) {
            star_ = star;
            compute();
        },
        [this](const QString& sentence) { showProblem(sentence); });
}

void ImportPage::compute() {
    if (!star_) return;
    bench_.io.post(
        this,
        [star = star_, name = file_.filename().string(), known = bench_.project.contents().tomograms,
         options = options()] { return previewList(*star, name, known, options); },
        [this](const ListPreview& preview) { showPreview(preview); },
        [this](const QString& sentence) { showProblem(sentence); }, latest_);
}

void ImportPage::showTold(const ListPreview& preview) {
    told_ = true;
    const QSignalBlocker quiet(pixelSize_);
    pixelSize_->setValue(preview.told.pixelSizeAngstrom);
    means_->setText(
        preview.told.inAngstromFromCentre
            ? tr("The file gives positions in Å from the centre (RELION 5); pixel size and binning do not count.")
            : tr("The file gives positions in pixels of the tilt series from the corner."));
    pixelSize_->setEnabled(!preview.told.inAngstromFromCentre);
    binning_->setEnabled(!preview.told.inAngstromFromCentre);
}

void ImportPage::showPreview(const ListPreview& preview) {
    preview_ = preview;
    if (!told_) showTold(preview);
    fillTomograms();
    showCounts();
    showTomogram();
}

void ImportPage::fillTomograms() {
    const QSignalBlocker quiet(shown_);
    const QString before = shown_->currentData().toString();
    shown_->clear();
    for (const ListPreview::Tomogram& tomogram : preview_.tomograms) {
        if (tomogram.known)
            shown_->addItem(tr("%1 · %2").arg(toQString(tomogram.name), number(tomogram.count)),
                            toQString(tomogram.name));
    }
    shown_->setCurrentIndex(std::max(0, shown_->findData(before)));
    shown_->setEnabled(shown_->count() > 1);
}

void ImportPage::showCounts() {
    const std::int64_t outside = preview_.placed() - preview_.inside();
    setRole(counts_, outside > 0 ? "warn" : "field");
    counts_->setText(
        outside > 0
            ? tr("%1 positions, %2 inside and %3 outside of the volume")
                  .arg(number(preview_.count()), number(preview_.inside()), number(outside))
            : tr("%1 positions, %2 inside of the volume").arg(number(preview_.count()), number(preview_.inside())));
    QStringList names;
    std::int64_t particles = 0;
    for (const ListPreview::Tomogram& tomogram : preview_.tomograms) {
        if (tomogram.known) continue;
        particles += tomogram.count;
        names.append(tr("%1 (%2)").arg(tomogram.name.empty() ? tr("no name") : toQString(tomogram.name),
                                       number(tomogram.count)));
    }
    const qsizetype more = names.size() - kUnknownShown;
    if (more > 0) names = names.mid(0, kUnknownShown) << tr("and %1 more").arg(more);
    unknown_->setText(
        names.isEmpty() ? QString()
                        : tr("The project lacks %1. Add these tomograms first: imported now, the positions of these %2 "
                             "particles stay in pixels of the tilt series and lie wrongly.")
                              .arg(names.join(QStringLiteral(", ")), number(particles)));
    unknown_->setVisible(!names.isEmpty());
    QStringList warnings;
    for (const std::string& warning : preview_.warnings) warnings.append(toQString(warning));
    warnings_->setText(warnings.join(QChar('\n')));
    warnings_->setVisible(names.isEmpty() && !warnings.isEmpty());  // else it says the same at length
    const bool taken = std::any_of(bench_.project.contents().sets.begin(), bench_.project.contents().sets.end(),
                                   [this](const ParticleSetRecord& set) { return toQString(set.name) == setName(); });
    setRole(name_, taken || setName().isEmpty() ? "wrong" : "");
    name_->setToolTip(taken ? tr("The project has a set of this name already")
                            : tr("The particle set that the list becomes"));
    import_->setEnabled(preview_.count() > 0 && !taken && !setName().isEmpty());
}

void ImportPage::showTomogram() {
    const std::string name = shown_->currentData().toString().toStdString();
    const auto& tomograms = bench_.project.contents().tomograms;
    const auto record =
        std::find_if(tomograms.begin(), tomograms.end(), [&](const TomogramRecord& t) { return t.name == name; });
    if (record == tomograms.end())
        return showProblem(
            tr("The project has none of the tomograms that this list names, so its positions cannot be shown."));
    if (!tomogram_.isOpen() || tomogram_.path() != record->path) {
        if (tomogram_.path() != record->path) tomogram_.open(record->path);
        return;
    }
    if (views_->isHidden() || views_->property("path").toString() != toQString(record->path.string())) {
        views_->setProperty("path", toQString(record->path.string()));
        message_->hide();
        views_->show();
        views_->setVolumeShape(tomogram_.info().shape, tomogram_.info().voxelSize());
        views_->setContrast(tomogram_.contrast().low, tomogram_.contrast().high);
    }
    showMarks();
}

void ImportPage::showMarks() {
    const std::string name = shown_->currentData().toString().toStdString();
    std::vector<ParticleMark> marks;
    const Index3 shape = tomogram_.info().shape;
    const double radius = std::max(3.0, 0.012 * double(std::max({shape.x, shape.y, shape.z})));
    for (const ListPreview::Tomogram& tomogram : preview_.tomograms) {
        if (tomogram.name != name) continue;
        const std::size_t shown = std::min(tomogram.positions.size(), kMarksAtMost);
        for (std::size_t i = 0; i < shown; ++i)
            marks.push_back({tomogram.positions[i], radius, accentColour(palette())});
    }
    views_->setMarks(std::move(marks));
}

void ImportPage::showProblem(const QString& sentence) {
    message_->setText(sentence);
    message_->show();
    views_->hide();
}

}  // namespace tomoloupe
