#include "ui/panels/explain_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "core/volume/statistics.h"
#include "ui/bridge/text.h"
#include "ui/models/plane.h"
#include "ui/models/runs_model.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kLimitBytes = 512 << 20;

using VolumePair = std::pair<Volume, Volume>;

/// How much of the heat lies on a simulated particle; nothing for others.
QString overlapWords(const nlohmann::json& result) {
    const auto overlap = result.find("overlap");
    if (overlap == result.end() || !overlap->is_object()) return {};
    return ExplainPage::tr(" · on target: %1 (chance %2)")
        .arg(overlap->value("weighted_ioa", 0.0), 0, 'f', 2)
        .arg(overlap->value("weighted_ioa_by_chance", 0.0), 0, 'f', 2);
}

QComboBox* makeMethodBox() {
    auto* box = new QComboBox;
    box->setObjectName(QStringLiteral("explainMethod"));
    ExplainOptions options;
    for (const OptionField& field : options.describe()) {
        if (field.name != "method") continue;
        for (const std::string& choice : field.choices) box->addItem(toQString(choice));
        box->setToolTip(toQString(field.help));
    }
    return box;
}

QSlider* makeSlider(const char* name, int low, int high, int value) {
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setObjectName(QString::fromLatin1(name));
    slider->setRange(low, high);
    slider->setValue(value);
    slider->setFixedWidth(72);
    return slider;
}

}  // namespace

/// The heat colours from 0 to 1 with the threshold.
class ExplainPage::ColourBar : public QWidget {
  public:
    explicit ColourBar(QWidget* parent) : QWidget(parent) { setFixedWidth(52); }
    HeatStyle style;

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), canvasColour(palette()));
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF bar(12, 24, 12, height() - 48);
        QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
        for (int i = 0; i <= 20; ++i) gradient.setColorAt(i / 20.0, toQColor(heatColour(i / 20.0)));
        painter.setPen(Qt::NoPen);
        painter.setBrush(gradient);
        painter.drawRoundedRect(bar, 3, 3);
        const double y = bar.bottom() - style.threshold * bar.height();
        painter.setBrush(
            QColor(panelColour(palette()).red(), panelColour(palette()).green(), panelColour(palette()).blue(), 205));
        painter.drawRect(QRectF(bar.left() - 1, y, bar.width() + 2, bar.bottom() - y + 1));
        painter.setPen(QPen(accentColour(palette()), 1.5));
        painter.drawLine(QPointF(bar.left() - 3, y), QPointF(bar.right() + 3, y));
        QFont font = this->font();
        font.setPixelSize(11);
        painter.setFont(font);
        painter.setPen(mutedColour(palette()));
        painter.drawText(QRectF(bar.right() + 6, bar.top() - 8, 24, 16), Qt::AlignVCenter, QStringLiteral("1"));
        painter.drawText(QRectF(bar.right() + 6, bar.bottom() - 8, 24, 16), Qt::AlignVCenter, QStringLiteral("0"));
        painter.drawText(QRectF(bar.right() + 6, y - 8, 24, 16), Qt::AlignVCenter,
                         QString::number(style.threshold, 'f', 2).mid(1));
    }
};

ExplainPage::ExplainPage(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("explainPage"));
    auto* full = new QWidget(this);
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildToolBar();
    column->addWidget(toolBar_);
    auto* words = new QWidget(full);
    words->setProperty("role", QStringLiteral("toolbar"));
    words->setAttribute(Qt::WA_StyledBackground);
    words->setFixedHeight(40);
    auto* wordRow = new QHBoxLayout(words);
    wordRow->setContentsMargins(12, 0, 12, 0);
    title_ = makeLabel({}, "strong", words);
    title_->setObjectName(QStringLiteral("explainTitle"));
    figures_ = makeLabel({}, "muted", words);
    figures_->setObjectName(QStringLiteral("explainFigures"));
    wordRow->addWidget(makeLabel(tr("Method"), "muted", words));
    wordRow->addWidget(method_);
    wordRow->addWidget(title_);
    wordRow->addStretch(1);
    wordRow->addWidget(figures_);
    column->addWidget(words);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    views_ = new OrthogonalViews(QStringLiteral("explainViews"), full);
    bar_ = new ColourBar(full);
    row->addWidget(views_, 1);
    row->addWidget(bar_);
    column->addLayout(row, 1);
    stack_ = new QStackedLayout(this);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &ExplainPage::reloadChoices);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &ExplainPage::reloadChoices);
    connect(&bench_.project, &ProjectModel::particleChanged, this, &ExplainPage::showParticle);
    connect(views_, &OrthogonalViews::sliceWanted, this, [this](Plane plane, std::int64_t index) {
        if (volume_.empty()) return;
        views_->setSlice(plane, index, sliceOf(volume_, plane, index));
        views_->setHeat(plane, sliceOf(heat_, plane, index));
    });
    applyStyle();
    reloadChoices();
}

void ExplainPage::buildToolBar() {
    QHBoxLayout* bar = makeToolBar(this, &toolBar_);
    model_ = new QComboBox;
    model_->setObjectName(QStringLiteral("explainModel"));
    model_->setMinimumWidth(128);
    model_->setMaximumWidth(220);
    class_ = new QComboBox;
    class_->setObjectName(QStringLiteral("explainClass"));
    class_->setMaximumWidth(136);
    method_ = makeMethodBox();
    explain_ = makePrimaryButton(tr("Explain"), "explainStart");
    opacity_ = makeSlider("explainOpacity", 20, 100, 75);
    threshold_ = makeSlider("explainThreshold", 0, 95, 40);
    level_ = makeSlider("explainLevel", 0, 100, 36);
    bar->addWidget(makeLabel(tr("Model"), "muted"));
    bar->addWidget(model_);
    bar->addWidget(makeLabel(tr("Class"), "muted"));
    bar->addWidget(class_);
    bar->addWidget(explain_);
    bar->addStretch(1);
    const std::array<std::pair<QString, QSlider*>, 3> sliders{
        {{tr("Opacity"), opacity_}, {tr("Threshold"), threshold_}, {tr("Surface"), level_}}};
    for (const auto& [name, slider] : sliders) {
        bar->addWidget(makeLabel(name, "muted"));
        bar->addWidget(slider);
        connect(slider, &QSlider::valueChanged, this, &ExplainPage::applyStyle);
    }
    connect(explain_, &QPushButton::clicked, this, &ExplainPage::explain);
    connect(model_, &QComboBox::currentIndexChanged, this, &ExplainPage::showParticle);
    connect(class_, &QComboBox::currentIndexChanged, this, &ExplainPage::showParticle);
    connect(method_, &QComboBox::currentIndexChanged, this, &ExplainPage::showParticle);
}

QWidget* ExplainPage::buildEmptyPage() {
    auto* page = new QWidget(this);
    page->setProperty("role", QStringLiteral("canvas"));
    page->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(12);
    QLabel* text =
        makeLabel(tr("A heat map shows which voxels a model looks at.\nFine-tune a model on labelled particles first."),
                  "empty", page);
    text->setAlignment(Qt::AlignCenter);
    QPushButton* train = makePrimaryButton(tr("Go to training"), "explainGoToTraining", page);
    column->addStretch(1);
    column->addWidget(text);
    column->addWidget(train, 0, Qt::AlignHCenter);
    column->addStretch(1);
    connect(train, &QPushButton::clicked, this, &ExplainPage::trainWanted);
    return page;
}

void ExplainPage::reloadChoices() {
    const QString model = model_->currentData().toString(), target = class_->currentData().toString();
    {
        const QSignalBlocker quietModel(model_), quietClass(class_);
        model_->clear();
        for (const RunRow& row : bench_.project.contents().runs) {
            if (row.run.config().kind != "finetune" ||
                (row.state != RunState::Done && row.state != RunState::FinishedEarly))
                continue;
            model_->addItem(toQString(row.run.id()) + QStringLiteral(" · ") + toQString(row.run.config().title),
                            toQString(row.run.id()));
        }
        class_->clear();
        class_->addItem(tr("most probable"), QString());
        for (const ClassRecord& record : bench_.project.contents().classes)
            class_->addItem(toQString(record.name), toQString(record.name));
        model_->setCurrentIndex(std::max(0, model_->findData(model.isEmpty() ? lastExplainedModel() : model)));
        class_->setCurrentIndex(std::max(0, class_->findData(target)));
    }
    stack_->setCurrentIndex(model_->count() > 0 ? 1 : 0);
    showParticle();
}

QString ExplainPage::lastExplainedModel() const {
    for (const RunRow& row : bench_.project.contents().runs)  // newest first
        if (row.run.config().kind == "explain" && row.state == RunState::Done && !row.run.config().inputs.empty())
            return toQString(row.run.config().inputs.front());
    return {};
}

const RunRow* ExplainPage::finishedRun() const {
    const SetContents* set = bench_.project.set();
    if (!set) return nullptr;
    const std::string model = model_->currentData().toString().toStdString(),
                      target = class_->currentData().toString().toStdString(), method = method_->currentText().toStdString();
    for (const RunRow& row : bench_.project.contents().runs) {
        const RunConfig& config = row.run.config();
        if (config.kind != "explain" || row.state != RunState::Done || config.particleSet != set->record.name) continue;
        if (config.inputs.empty() || config.inputs.front() != model || !config.options.is_object()) continue;
        if (config.options.value("particle", std::int64_t(-1)) != bench_.project.currentParticle()) continue;
        if (config.options.value("method", std::string("gradcam")) != method) continue;
        const bool sameClass =
            config.options.value("target-class", std::string()) == target ||
            (row.result.is_object() && !target.empty() && row.result.value("class", std::string()) == target);
        if (sameClass) return &row;
    }
    return nullptr;
}

bool ExplainPage::pending() const {
    for (const int job : bench_.jobs.active()) {
        if (!wanted_.isEmpty() && bench_.jobs.title(job).startsWith(wanted_)) return true;
    }
    return false;
}

void ExplainPage::showParticle() {
    const SetContents* set = bench_.project.set();
    if (!set || bench_.project.currentParticle() < 0 || model_->count() == 0) return;
    const RunRow* row = finishedRun();
    showWords(row);
    if (row) {
        readMap(*row);
    } else {
        readPlain();
    }
}

void ExplainPage::showWords(const RunRow* row) {
    explain_->setEnabled(!row && !pending());
    const QString particle = tr("Particle %1").arg(bench_.project.currentParticle());
    if (!row) {
        title_->setText(particle);
        figures_->setText(pending() ? tr("computing…") : tr("not explained yet"));
        return;
    }
    const nlohmann::json& result = row->result;
    title_->setText(tr("%1 · %2 %3")
                        .arg(particle, toQString(result.value("class", std::string())))
                        .arg(result.value("probability", 0.0), 0, 'f', 2));
    figures_->setText(tr("%1 · entropy %2 · above ½: %3")
                          .arg(toQString(result.value("layer", method_->currentText().toStdString())))
                          .arg(result.value("entropy", 0.0), 0, 'f', 2)
                          .arg(result.value("above_half", 0.0), 0, 'f', 2) +
                      overlapWords(result));
    figures_->setToolTip(figures_->text());
}

void ExplainPage::readMap(const RunRow& row) {
    bench_.io.post(
        this,
        [readers = bench_.readers, folder = row.run.folder()] {
            return VolumePair(readWhole(*readers->open(folder / "volume.mrc"), 0, kLimitBytes),
                              readWhole(*readers->open(folder / "heat.mrc"), 0, kLimitBytes));
        },
        [this](const VolumePair& read) { showVolumes(read.first, read.second); },
        [this](const QString& sentence) { figures_->setText(sentence); }, latestMap_);
}

void ExplainPage::readPlain() {
    const SetContents* set = bench_.project.set();
    if (!set->source) return;
    bench_.io.post(
        this, [source = set->source, particle = bench_.project.currentParticle()] { return source->read(particle); },
        [this](const Volume& volume) { showVolumes(volume, {}); }, {}, latestMap_);
}

void ExplainPage::showVolumes(const Volume& volume, const Volume& heat) {
    volume_ = volume;
    heat_ = heat.shape() == volume.shape() ? heat : Volume();
    const ContrastRange range = contrastRange(volume.voxels());
    views_->setContrast(range.low, range.high);
    const SetContents* set = bench_.project.set();
    const bool sized = set && set->record.voxelSizeAngstrom > 0;
    views_->setVolumeShape(volume.shape(), sized ? set->record.voxelSizeAngstrom : volume.voxelSizeAngstrom());
    views_->surface()->setVolume(volume, heat_);
    views_->surface()->setCaption(heat_.empty() ? tr("Surface · drag to turn") : tr("Surface + heat · drag to turn"));
    bar_->setVisible(!heat_.empty());
    applyStyle();
}

void ExplainPage::applyStyle() {
    const HeatStyle style{.threshold = threshold_->value() / 100.0, .opacity = opacity_->value() / 100.0};
    views_->setHeatStyle(style);
    views_->surface()->setLevel(views_->surface()->scale().level(level_->value() / 20.0));
    opacity_->setToolTip(tr("Opacity of the heat map: %1 %").arg(opacity_->value()));
    threshold_->setToolTip(tr("Nothing is drawn below %1").arg(style.threshold, 0, 'f', 2));
    level_->setToolTip(tr("Level of the surface: %1 σ").arg(level_->value() / 20.0, 0, 'f', 1));
    bar_->style = style;
    bar_->update();
}

void ExplainPage::explain() {
    const SetContents* set = bench_.project.set();
    if (!set || bench_.project.currentParticle() < 0 || model_->count() == 0 || finishedRun()) return;
    ExplainOptions options;
    options.particle = bench_.project.currentParticle();
    options.targetClass = class_->currentData().toString().toStdString();
    options.method = method_->currentText().toStdString();
    RunConfig config;
    config.kind = "explain";
    config.options = toJson(options.describe());
    config.particleSet = set->record.name;
    config.inputs = {model_->currentData().toString().toStdString()};
    config.title = tr("particle %1 by %2").arg(options.particle).arg(model_->currentData().toString()).toStdString();
    wanted_ = bench_.launcher.start(config);
    showWords(nullptr);
}

}  // namespace tomoloupe
