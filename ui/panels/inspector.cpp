#include "ui/panels/inspector.h"

#include <QDateTime>
#include <QGridLayout>
#include <QLabel>
#include <QLayoutItem>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "core/data/class_average.h"
#include "ui/bridge/text.h"
#include "ui/models/plane.h"
#include "ui/models/runs_model.h"
#include "ui/models/shown_source.h"
#include "ui/panels/class_panel.h"
#include "ui/panels/label_chips.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"
#include "ui/views/slice_image.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr int kTitleWidth = 264;  // what the narrowest inspector has room for
constexpr double kSurfaceSigmas = 1.8;
constexpr std::size_t kAveraged = 100;  // particles of the mean: more take long and look no different
constexpr int kHistoryLines = 4;
constexpr std::size_t kBars = 6;
constexpr int kSurfaceDelayMs = 150;  // who labels by keys does not wait for surfaces

struct ParticlePictures {
    Volume volume;
    std::array<QImage, 3> slices;
};

}  // namespace

/// XY, XZ and YZ through the middle, side by side.
class Inspector::Slices : public QWidget {
  public:
    explicit Slices(QWidget* parent) : QWidget(parent) { setFixedHeight(88); }
    void setImages(const std::array<QImage, 3>& images) {
        images_ = images;
        update();
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        constexpr int kGap = 4;
        QPainter painter(this);
        painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        const int side = std::min(height(), (width() - 2 * kGap) / 3);
        QFont font = this->font();
        font.setPixelSize(10);
        painter.setFont(font);
        const std::array names{"XY", "XZ", "YZ"};
        for (std::size_t i = 0; i < images_.size(); ++i) {
            const QRect rect(static_cast<int>(i) * (side + kGap), 0, side, side);
            QPainterPath outline;
            outline.addRoundedRect(rect, 4, 4);
            painter.setClipPath(outline);
            painter.fillRect(rect, canvasColour(palette()));
            if (images_[i].isNull()) continue;
            painter.drawImage(QRectF(rect), images_[i]);
            painter.setPen(QColor(0, 0, 0, 160));
            painter.drawText(rect.adjusted(6, 5, 0, 0), QString::fromLatin1(names[i]));
            painter.setPen(QColor(240, 244, 248));
            painter.drawText(rect.adjusted(5, 4, 0, 0), QString::fromLatin1(names[i]));
        }
    }

  private:
    std::array<QImage, 3> images_;
};

/// Probabilities as bars in the colours of the classes.
class Inspector::Bars : public QWidget {
  public:
    struct Bar {
        QString name;
        QColor colour;
        double value;
    };
    explicit Bars(QWidget* parent) : QWidget(parent) {}
    void setBars(std::vector<Bar> bars) {
        bars_ = std::move(bars);
        setFixedHeight(static_cast<int>(bars_.size()) * kRow);
        update();
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QFont font = this->font();
        font.setPixelSize(12);
        painter.setFont(font);
        int name = 60;
        for (const Bar& bar : bars_) name = std::max(name, painter.fontMetrics().horizontalAdvance(bar.name));
        name = std::min(name, width() * 2 / 5);
        const double room = width() - name - 12 - 40;
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            const Bar& bar = bars_[i];
            const QRect row(0, static_cast<int>(i) * kRow, width(), kRow);
            painter.setPen(textColour(palette()));
            painter.drawText(QRect(row.left(), row.top(), name, kRow), Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(bar.name, Qt::ElideRight, name));
            painter.setPen(Qt::NoPen);
            painter.setBrush(bar.colour);
            const double length = std::max(2.0, room * bar.value);
            painter.drawRoundedRect(QRectF(name + 12, row.center().y() - 3, length, 7), 2, 2);
            painter.setPen(mutedColour(palette()));
            painter.drawText(QRectF(name + 12 + length + 8, row.top(), 40, kRow), Qt::AlignVCenter,
                             QString::number(bar.value, 'f', 2));
        }
    }

  private:
    static constexpr int kRow = 20;
    std::vector<Bar> bars_;
};

Inspector::Inspector(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("inspector"));
    setProperty("role", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(300);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    stack_ = new QStackedWidget(this);
    column->addWidget(stack_);
    const auto addScrolled = [this](QWidget* content) {
        auto* scroll = new QScrollArea(stack_);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(content);
        stack_->addWidget(scroll);
    };
    addScrolled(buildParticle());
    classes_ = new ClassPanel(bench_);
    classes_->setContentsMargins(12, 12, 12, 12);
    addScrolled(classes_);
    connect(classes_, &ClassPanel::done, this, [this] { stack_->setCurrentIndex(0); });
    connect(&bench_.project, &ProjectModel::setChanged, this, [this] {
        averagedClass_ = 0;
        source_ = shownSource(bench_);
    });
    connect(&bench_.project, &ProjectModel::particleChanged, this, &Inspector::showParticle);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &Inspector::showLabel);
    connect(&bench_.project, &ProjectModel::classesChanged, this, &Inspector::showLabel);
    source_ = shownSource(bench_);
    showParticle();
}

QWidget* Inspector::buildParticle() {
    auto* page = new QWidget(stack_);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 12, 12, 12);
    empty_ = makeLabel(tr("No particle chosen."), "muted", page);
    column->addWidget(empty_);
    body_ = new QWidget(page);
    column->addWidget(body_);
    column->addStretch(1);
    auto* inner = new QVBoxLayout(body_);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(8);
    title_ = makeLabel({}, "heading", body_);
    inner->addWidget(title_);
    addPictures(inner);
    addLabelling(inner);
    facts_ = new QWidget(body_);
    factRows_ = new QGridLayout(facts_);
    factRows_->setContentsMargins(0, 4, 0, 4);
    factRows_->setVerticalSpacing(4);
    factRows_->setColumnStretch(1, 1);
    predictionTitle_ = makeLabel({}, "heading", body_);
    bars_ = new Bars(body_);
    bars_->setObjectName(QStringLiteral("predictionBars"));
    explain_ = makeButton(tr("Explain this prediction"), "explainButton", body_);
    for (QWidget* widget : {static_cast<QWidget*>(predictionTitle_), static_cast<QWidget*>(bars_),
                            static_cast<QWidget*>(explain_), static_cast<QWidget*>(history_), facts_}) {
        inner->addWidget(widget);
    }
    connect(explain_, &QPushButton::clicked, this, &Inspector::explainWanted);
    return page;
}

void Inspector::addPictures(QVBoxLayout* column) {
    slices_ = new Slices(body_);
    slices_->setObjectName(QStringLiteral("inspectorSlices"));
    column->addWidget(slices_);
    problem_ = makeLabel({}, "error", body_);
    problem_->setObjectName(QStringLiteral("inspectorProblem"));
    problem_->setWordWrap(true);
    problem_->hide();
    column->addWidget(problem_);
    auto* surfaces = new QHBoxLayout;
    surfaces->setSpacing(4);
    surface_ = new SurfaceView(QStringLiteral("inspectorSurface"), body_);
    surface_->setCaption(tr("surface · level %1 σ").arg(kSurfaceSigmas));
    surfaceDelay_ = new QTimer(this);
    surfaceDelay_->setSingleShot(true);
    surfaceDelay_->setInterval(kSurfaceDelayMs);
    connect(surfaceDelay_, &QTimer::timeout, this, [this] {
        surface_->setVolume(volume_);
        surface_->setLevel(surface_->scale().level(kSurfaceSigmas));
    });
    average_ = new SurfaceView(QStringLiteral("inspectorAverage"), body_);
    average_->hide();
    for (SurfaceView* view : {surface_, average_}) {
        view->setFixedHeight(152);
        surfaces->addWidget(view, 1);
    }
    column->addLayout(surfaces);
}

void Inspector::addLabelling(QVBoxLayout* column) {
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Label"), "heading", body_), 1);
    undo_ = makeButton(tr("Undo"), "inspectorUndo", body_);
    undo_->setProperty("role", QStringLiteral("link"));
    undo_->setToolTip(tr("Take the last label back (Ctrl+Z)"));
    QPushButton* edit = makeButton(tr("Edit classes"), "editClasses", body_);
    edit->setProperty("role", QStringLiteral("link"));
    edit->setToolTip(tr("Make, name, colour and remove classes; choose and compare label sets"));
    for (QPushButton* button : {undo_, edit}) {
        button->setFocusPolicy(Qt::NoFocus);
        head->addWidget(button);
    }
    column->addLayout(head);
    column->addWidget(new LabelChips(bench_, body_));
    history_ = makeLabel({}, "muted", body_);
    history_->setObjectName(QStringLiteral("labelHistory"));
    history_->setWordWrap(true);
    connect(undo_, &QPushButton::clicked, this, [this] { bench_.project.undoLabels(); });
    connect(edit, &QPushButton::clicked, this, &Inspector::editClasses);
}

void Inspector::editClasses() {
    stack_->setCurrentIndex(1);
    classes_->startNewClass();
}

void Inspector::compareLabels(const QString& labelSet) {
    stack_->setCurrentIndex(1);
    classes_->compareWith(labelSet);
}

void Inspector::showParticle() {
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    const bool any = set && particle >= 0;
    body_->setVisible(any);
    empty_->setVisible(!any);
    if (!any) return;
    const Particle& row = set->particles()[static_cast<std::size_t>(particle)];
    const QString home = row.tomogram.empty() ? toQString(set->record.name) : toQString(row.tomogram);
    const QString title = tr("Particle %1 · %2").arg(particle).arg(home);
    title_->setText(title_->fontMetrics().elidedText(title, Qt::ElideMiddle, kTitleWidth));
    title_->setToolTip(title);
    showFacts();
    showLabel();
    showPrediction();
    readVolume();
}

bool Inspector::inKnownTomogram() const {
    const std::string& name = bench_.project.set()->particles()[static_cast<std::size_t>(bench_.project.currentParticle())].tomogram;
    const auto& known = bench_.project.contents().tomograms;
    return std::any_of(known.begin(), known.end(), [&](const TomogramRecord& record) { return record.name == name; });
}

void Inspector::readVolume() {
    const SetContents* set = bench_.project.set();
    const bool visible = source_ && (set->source || inKnownTomogram());
    slices_->setVisible(visible);
    surface_->setVisible(set->source != nullptr);  // what is cut out may be dark on light
    problem_->hide();
    if (!visible) return;
    bench_.io.post(
        this,
        [source = source_, particle = bench_.project.currentParticle()] {
            ParticlePictures pictures{.volume = source->read(particle), .slices = {}};
            for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
                const std::int64_t middle = extent(plane, pictures.volume.shape()) / 2;
                pictures.slices[static_cast<std::size_t>(plane)] = sliceImage(sliceOf(pictures.volume, plane, middle));
            }
            return pictures;
        },
        [this](const ParticlePictures& pictures) {
            slices_->setImages(pictures.slices);
            volume_ = pictures.volume;
            if (!surface_->isHidden()) surfaceDelay_->start();
        },
        [this](const QString& sentence) {
            slices_->setImages({});
            problem_->setText(sentence);
            problem_->show();
        },
        latestVolume_);
}

/// The mean of particles that have the current particle's label, beside it; made anew when the class is another.
void Inspector::averageClass() {
    const SetContents* set = bench_.project.set();
    const std::int64_t classId = bench_.project.labelOf(bench_.project.currentParticle());
    const ClassRecord* record = bench_.project.classOf(classId);
    const bool shown = set && set->source && record && record->role == ClassRole::Object;
    average_->setVisible(shown);
    if (!shown || classId == averagedClass_) return;
    averagedClass_ = classId;
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i < set->labels.size() && members.size() < kAveraged; ++i) {
        if (set->labels[i] == classId) members.push_back(static_cast<std::int64_t>(i));
    }
    const QString words = tr("%1 · mean of %2").arg(toQString(record->name)).arg(members.size());
    average_->setCaption(fontMetrics().elidedText(words, Qt::ElideRight, 124));
    average_->setToolTip(words);
    bench_.previewQueue.post(
        this,
        [source = set->source, table = set->table, members] {
            return classAverage(*source, table->particles, members);
        },
        [this](const Volume& volume) {
            average_->setVolume(volume);
            average_->setLevel(average_->scale().level(kSurfaceSigmas));
        },
        [this](const QString& sentence) { average_->setToolTip(sentence); }, latestAverage_);
}

void Inspector::showLabel() {
    if (bench_.project.currentParticle() < 0) return;
    showHistory();
    averageClass();
}

/// When and by whom the particle got its labels, newest first.
void Inspector::showHistory() {
    QStringList lines;
    for (const LabelAction& action : bench_.project.historyOf(bench_.project.currentParticle())) {
        if (lines.size() == kHistoryLines) break;
        const QString what = action.classId ? bench_.project.className(*action.classId) : tr("no label");
        const QDateTime when = QDateTime::fromString(toQString(action.time), Qt::ISODate).toLocalTime();
        const bool today = when.date() == QDate::currentDate();
        const QString time = today ? when.time().toString(QStringLiteral("HH:mm"))
                                   : QLocale().toString(when.date(), QLocale::ShortFormat);
        const QString step = action.kind == "undo" ? tr("undone to ") : action.kind == "redo" ? tr("redone: ") : QString();
        lines.append(tr("%1  %2%3 · %4").arg(time, step, what, toQString(action.author)));
    }
    if (lines.isEmpty() && !bench_.project.contents().classes.empty())
        lines.append(tr("In the gallery a key labels and goes on to the next particle; Space skips, Ctrl+Z takes back."));
    history_->setText(lines.join(QChar('\n')));
    history_->setVisible(!lines.isEmpty());
}

void Inspector::addFact(const QString& name, const QString& value, const QString& colour) {
    const int row = factRows_->rowCount();
    factRows_->addWidget(makeLabel(name, "muted", facts_), row, 0);
    QLabel* words = makeLabel(value, "fact", facts_);
    words->setAlignment(Qt::AlignRight);
    words->setToolTip(value);
    if (!colour.isEmpty()) {
        words->setTextFormat(Qt::RichText);
        words->setText(QStringLiteral("<span style=\"color:%1\">●</span> %2").arg(colour, value.toHtmlEscaped()));
    }
    factRows_->addWidget(words, row, 1);
}

void Inspector::showFacts() {
    while (QLayoutItem* item = factRows_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    if (!set || particle < 0) return;
    const Particle& row = set->particles()[static_cast<std::size_t>(particle)];
    if (!row.tomogram.empty()) {
        addFact(tr("Position"), tr("%1, %2, %3 vx")
                                    .arg(row.positionVoxels.x, 0, 'f', 1)
                                    .arg(row.positionVoxels.y, 0, 'f', 1)
                                    .arg(row.positionVoxels.z, 0, 'f', 1));
    }
    if (row.score != 0) addFact(tr("Score"), QString::number(row.score, 'g', 3));
    // What a simulated particle was made from is its class: who labels it is to find that out.
    if (!row.source.empty() && row.source != "None" && set->table->format != "simulated") {  // RELION's word for no file
        const QString source = QString::fromStdString(std::filesystem::path(row.source).filename().string());
        addFact(tr("Source"), fontMetrics().elidedText(source, Qt::ElideMiddle, 180));
    }
    if (set->record.boxSize > 0) {
        addFact(tr("Box"),
                tr("%1 vx · %2 Å a voxel").arg(set->record.boxSize).arg(set->record.voxelSizeAngstrom, 0, 'g', 4));
    }
}

void Inspector::showPrediction() {
    const std::optional<PredictionView> prediction = bench_.project.predictionOf(bench_.project.currentParticle());
    for (QWidget* widget :
         {static_cast<QWidget*>(predictionTitle_), static_cast<QWidget*>(bars_), static_cast<QWidget*>(explain_)}) {
        widget->setVisible(prediction.has_value());
    }
    if (!prediction) return;
    const PredictionTable& table = bench_.project.set()->predictions;
    predictionTitle_->setText(tr("Prediction · run %1").arg(toQString(table.runId)));
    std::vector<Bars::Bar> bars;
    for (std::size_t i = 0; i < prediction->probabilities.size() && i < table.classIds.size(); ++i) {
        bars.push_back({bench_.project.className(table.classIds[i]),
                        QColor(bench_.project.classColour(table.classIds[i])),
                        static_cast<double>(prediction->probabilities[i])});
    }
    // Of many classes, those that matter: all have to stand beside the labels at 800 pixels' height.
    const std::size_t all = bars.size();
    if (all > kBars) {
        std::stable_sort(bars.begin(), bars.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
        bars.resize(kBars);
    }
    bars_->setToolTip(all > kBars ? tr("The %1 most probable of %2 classes").arg(kBars).arg(all) : QString());
    bars_->setBars(std::move(bars));
}

}  // namespace tomoloupe
