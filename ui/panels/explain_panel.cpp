#include "ui/panels/explain_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "core/recipe/learning.h"
#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kWidth = 280;
constexpr int kMeanOf = 20;
enum What { OneParticle, ClassMean };

void fillMethods(QComboBox* box) {
    ExplainOptions options;
    for (const OptionField& field : options.describe()) {
        if (field.name != "method") continue;
        for (const std::string& choice : field.choices) box->addItem(toQString(choice));
    }
}

}  // namespace

ExplainPanel::ExplainPanel(const Workbench& workbench, QWidget* parent)
    : SidePanel(QStringLiteral("explainPanel"), parent), bench_(workbench) {
    setFixedWidth(kWidth);
    addWhat();
    addHow();
    addLook();
    form()->addStretch(1);
    addFoot();
    showKind();
}

QComboBox* ExplainPanel::addBox(const QString& title, const char* name, const QString& help) {
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    QLabel* label = makeLabel(title, "field", row);
    label->setFixedWidth(72);
    auto* box = new QComboBox(row);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    box->setToolTip(help);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    box->setMaxVisibleItems(24);
    label->setBuddy(box);
    line->addWidget(label);
    line->addWidget(box, 1);
    form()->addWidget(row);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
        if (!filling_) Q_EMIT wishChanged();
    });
    return box;
}

QSlider* ExplainPanel::addSlider(const QString& title, const char* name, const QString& help, int low, int high,
                                 int value) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    QLabel* label = makeLabel(title, "field", this);
    label->setFixedWidth(72);
    auto* slider = new QSlider(Qt::Horizontal, this);
    slider->setObjectName(QString::fromLatin1(name));
    slider->setAccessibleName(title);
    slider->setToolTip(help);
    slider->setRange(low, high);
    slider->setValue(value);
    label->setBuddy(slider);
    row->addWidget(label);
    row->addWidget(slider, 1);
    form()->addLayout(row);
    connect(slider, &QSlider::valueChanged, this, &ExplainPanel::lookChanged);
    return slider;
}

void ExplainPanel::addWhat() {
    form()->addWidget(makeLabel(tr("What"), "heading", this));
    what_ = addBox(tr("Explain"), "explainWhat",
                   tr("One particle, or the mean map of the particles that are labelled as one class"));
    what_->addItems({tr("one particle"), tr("mean of a class")});
    const auto addNumber = [this](const QString& title, const char* name, const QString& help, QWidget*& row) {
        row = new QWidget(this);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        QLabel* label = makeLabel(title, "field", row);
        label->setFixedWidth(72);
        auto* box = new QSpinBox(row);
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(title);
        box->setToolTip(help);
        box->setButtonSymbols(QSpinBox::NoButtons);  // wheel and arrow keys do
        line->addWidget(label);
        line->addWidget(box, 1);
        form()->addWidget(row);
        return box;
    };
    particle_ =
        addNumber(tr("Particle"), "explainParticle", tr("Number of the particle in the set, from 0"), particleRow_);
    count_ = addNumber(tr("Particles"), "explainCount",
                       tr("So many of the class, those that the model was not taught with first"), countRow_);
    count_->setRange(2, 10000);
    count_->setValue(kMeanOf);
    particleWords_ = makeLabel({}, "muted", this);
    particleWords_->setObjectName(QStringLiteral("explainParticleWords"));
    particleWords_->setWordWrap(true);
    form()->addWidget(particleWords_);
    class_ = addBox(tr("Class"), "explainClass", tr("The class whose evidence is shown"));
    connect(what_, &QComboBox::currentIndexChanged, this, [this] {
        fillClasses();
        showKind();
        Q_EMIT wishChanged();
    });
    connect(particle_, &QSpinBox::valueChanged, this, [this](int particle) {
        if (!filling_) bench_.project.setCurrentParticle(particle);
    });
    connect(count_, &QSpinBox::valueChanged, this, &ExplainPanel::wishChanged);
}

void ExplainPanel::addHow() {
    form()->addSpacing(8);
    form()->addWidget(makeLabel(tr("By which model"), "heading", this));
    model_ = addBox(tr("Model"), "explainModel", tr("The fine-tuned run whose network is looked into"));
    compare_ = new QCheckBox(tr("Beside another model"), this);
    compare_->setObjectName(QStringLiteral("explainCompare"));
    compare_->setToolTip(
        tr("Two models side by side, with one crosshair and one camera; for example pre-trained beside random start"));
    form()->addWidget(compare_);
    second_ = addBox(tr("Other"), "explainSecondModel", tr("The model to compare with"));
    secondRow_ = second_->parentWidget();
    method_ =
        addBox(tr("Method"), "explainMethod", tr("How the map is made; the user guide says what each is good for"));
    filling_ = true;
    fillMethods(method_);
    filling_ = false;
    layer_ = addBox(tr("Layer"), "explainLayer",
                    tr("The layer that is looked at: earlier ones are finer and closer to edges and noise"));
    sanity_ = new QCheckBox(tr("Check with random weights"), this);
    sanity_->setObjectName(QStringLiteral("explainSanity"));
    sanity_->setToolTip(
        tr("Makes the map again with random weights: one that stays the same says nothing about what was learnt"));
    form()->addWidget(sanity_);
    check_ = makeLabel({}, "muted", this);
    check_->setObjectName(QStringLiteral("explainCheck"));
    check_->setWordWrap(true);
    check_->hide();
    form()->addWidget(check_);
    connect(model_, &QComboBox::currentIndexChanged, this, [this] {
        if (filling_) return;
        fillClasses();
        fillLayers();
        Q_EMIT wishChanged();
    });
    connect(compare_, &QCheckBox::toggled, this, [this] {
        showKind();
        Q_EMIT wishChanged();
    });
    connect(sanity_, &QCheckBox::toggled, this, &ExplainPanel::wishChanged);
}

void ExplainPanel::addLook() {
    form()->addSpacing(8);
    form()->addWidget(makeLabel(tr("Look"), "heading", this));
    opacity_ = addSlider(tr("Opacity"), "explainOpacity", tr("How much of the slice the heat covers"), 20, 100, 75);
    threshold_ = addSlider(tr("Threshold"), "explainThreshold", tr("Heat below this is not shown"), 0, 95, 40);
    level_ = addSlider(tr("Surface"), "explainLevel", tr("Density at which the surface lies"), 0, 100, 36);
    cloud_ = new QCheckBox(tr("Heat in the volume"), this);
    cloud_->setObjectName(QStringLiteral("explainCloud"));
    cloud_->setToolTip(tr("Volume rendering of the heat within a thin surface, instead of colours on the surface"));
    form()->addWidget(cloud_);
    connect(cloud_, &QCheckBox::toggled, this, &ExplainPanel::lookChanged);
}

void ExplainPanel::addFoot() {
    explain_ = makePrimaryButton(tr("Explain"), "explainStart", this);
    explain_->setToolTip(tr("Makes the map in the background, also while a training runs"));
    foot()->addWidget(explain_);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    saveMap_ = makeButton(tr("Save map…"), "explainSaveMap", this);
    saveMap_->setToolTip(tr("The heat map as an MRC volume"));
    savePicture_ = makeButton(tr("Save picture…"), "explainSavePicture", this);
    savePicture_->setToolTip(tr("What is in sight as a PNG picture"));
    for (QPushButton* button : {saveMap_, savePicture_}) {
        button->setProperty("density", QStringLiteral("compact"));
        row->addWidget(button, 1);
    }
    foot()->addLayout(row);
    connect(explain_, &QPushButton::clicked, this, &ExplainPanel::explainWanted);
    connect(saveMap_, &QPushButton::clicked, this, &ExplainPanel::saveMapWanted);
    connect(savePicture_, &QPushButton::clicked, this, &ExplainPanel::savePictureWanted);
}

void ExplainPanel::showKind() {
    const bool mean = what_->currentIndex() == ClassMean;
    particleRow_->setVisible(!mean);
    particleWords_->setVisible(!mean);
    countRow_->setVisible(mean);
    secondRow_->setVisible(compare_->isChecked());
}

void ExplainPanel::reload() {
    fillModels();
    fillClasses();
    fillLayers();
    showParticle();
}

void ExplainPanel::fillModels() {
    filling_ = true;
    const auto runs = explainableRuns(bench_.project.contents());
    const QString before = model_->currentData().toString(), other = second_->currentData().toString();
    for (QComboBox* box : {model_, second_}) {
        box->clear();
        for (const RunRow* row : runs) {
            const QString figure = RunsModel::figureText(*row), id = toQString(row->run.id());
            const QString start = row->run.config().inputs.empty()
                                      ? tr("random start")
                                      : tr("from %1").arg(toQString(row->run.config().inputs.front()));
            box->addItem(
                id + QStringLiteral(" · ") + start + (figure.isEmpty() ? QString() : QStringLiteral(" · ") + figure),
                id);
        }
    }
    QString first = before;
    for (const RunRow& row : bench_.project.contents().runs) {  // what was explained last, where nothing was chosen
        if (first.isEmpty() && row.run.config().kind == "explain" && row.state == RunState::Done &&
            !row.run.config().inputs.empty())
            first = toQString(row.run.config().inputs.front());
    }
    model_->setCurrentIndex(std::max(model_->count() > 0 ? 0 : -1, model_->findData(first)));
    // Beside a model that was pre-trained stands one that was not, and the other way round.
    int at = second_->findData(other);
    const auto isRandom = [&](const QString& id) {
        for (const RunRow* row : runs) {
            if (toQString(row->run.id()) == id) return row->run.config().inputs.empty();
        }
        return false;
    };
    const bool random = isRandom(model_->currentData().toString());
    for (const RunRow& row : bench_.project.contents().runs) {  // the one explained last, if any
        if (!other.isEmpty() || at >= 0 || row.run.config().kind != "explain" || row.run.config().inputs.empty())
            continue;
        const QString id = toQString(row.run.config().inputs.front());
        if (isRandom(id) != random) at = second_->findData(id);
    }
    for (int i = 0; other.isEmpty() && at < 0 && i < second_->count(); ++i) {
        if (isRandom(second_->itemData(i).toString()) != random) at = i;
    }
    if (at < 0) at = second_->count() > 1 && model_->currentIndex() == 0 ? 1 : second_->count() - 1;
    second_->setCurrentIndex(std::max(second_->count() > 0 ? 0 : -1, at));
    compare_->setEnabled(second_->count() > 1);
    filling_ = false;
}

void ExplainPanel::fillClasses() {
    filling_ = true;
    const bool mean = what_->currentIndex() == ClassMean;
    const QString before = class_->currentData().toString();
    std::vector<std::string> names = classesOf(bench_.project.contents(), modelId(model_));
    if (names.empty()) {
        for (const ClassRecord& record : bench_.project.contents().classes) names.push_back(record.name);
    }
    class_->clear();
    if (!mean) class_->addItem(tr("most probable"), QString());
    for (const std::string& name : names) class_->addItem(toQString(name), toQString(name));
    QString wanted = before;
    if (mean && wanted.isEmpty())
        wanted = bench_.project.className(bench_.project.labelOf(bench_.project.currentParticle()));
    class_->setCurrentIndex(std::max(class_->count() > 0 ? 0 : -1, class_->findData(wanted)));
    filling_ = false;
}

void ExplainPanel::fillLayers() {
    filling_ = true;
    const QString before = layer_->currentData().toString();
    layer_->clear();
    layer_->addItem(tr("last block"), QStringLiteral("last-block"));
    for (const std::string& name : layersOf(bench_.project.contents(), modelId(model_)))
        layer_->addItem(toQString(name), toQString(name));
    layer_->setCurrentIndex(std::max(0, layer_->findData(before)));
    filling_ = false;
}

void ExplainPanel::showParticle() {
    const SetContents* set = bench_.project.set();
    const std::int64_t particle = bench_.project.currentParticle();
    filling_ = true;
    particle_->setRange(0, set ? static_cast<int>(std::max<std::int64_t>(0, set->record.count - 1)) : 0);
    particle_->setValue(static_cast<int>(std::max<std::int64_t>(0, particle)));
    filling_ = false;
    const QString label = bench_.project.className(bench_.project.labelOf(particle));
    QStringList words{label.isEmpty() ? tr("no label") : tr("labelled %1").arg(label)};
    if (const auto prediction = bench_.project.predictionOf(particle)) {
        double largest = 0;
        for (const float value : prediction->probabilities) largest = std::max(largest, double(value));
        words << tr("predicted %1 %2").arg(bench_.project.className(prediction->classId)).arg(largest, 0, 'f', 2);
    }
    particleWords_->setText(words.join(QStringLiteral(" · ")));
}

bool ExplainPanel::anyModel() const {
    return model_->count() > 0;
}

bool ExplainPanel::compares() const {
    return compare_->isChecked() && compare_->isEnabled();
}

std::string ExplainPanel::modelId(const QComboBox* box) const {
    return box ? box->currentData().toString().toStdString() : std::string();
}

void ExplainPanel::chooseModel(const QString& runId) {
    if (const int at = model_->findData(runId); at >= 0) model_->setCurrentIndex(at);
}

ExplainWish ExplainPanel::wish(bool second) const {
    ExplainWish wish;
    if (const SetContents* set = bench_.project.set()) wish.set = set->record.name;
    wish.model = modelId(second ? second_ : model_);
    wish.method = method_->currentText().toStdString();
    wish.layer = layer_->currentData().toString().toStdString();
    wish.sanityCheck = sanity_->isChecked();
    const std::string name = class_->currentData().toString().toStdString();
    if (what_->currentIndex() == ClassMean) {
        wish.particles = count_->value();
        wish.ofClass = name;
    } else {
        wish.particle = bench_.project.currentParticle();
        wish.targetClass = name;
    }
    // Another encoder has other layers; the last block is there in all.
    if (second && wish.layer != "last-block") {
        const auto layers = layersOf(bench_.project.contents(), wish.model);
        if (std::find(layers.begin(), layers.end(), wish.layer) == layers.end()) wish.layer = "last-block";
    }
    return wish;
}

HeatStyle ExplainPanel::heatStyle() const {
    return {.threshold = threshold_->value() / 100.0, .opacity = opacity_->value() / 100.0};
}

double ExplainPanel::levelSigmas() const {
    return level_->value() / 20.0;
}

bool ExplainPanel::heatCloud() const {
    return cloud_->isChecked();
}

void ExplainPanel::showState(int missing, bool pending, bool anyHeat) {
    explain_->setEnabled(missing > 0 && !pending);
    explain_->setText(pending        ? tr("Computing…")
                      : missing == 0 ? tr("Explained")
                      : missing == 2 ? tr("Explain with both models")
                                     : tr("Explain"));
    saveMap_->setEnabled(anyHeat);
}

void ExplainPanel::showCheck(const QString& sentence) {
    check_->setText(sentence);
    check_->setVisible(!sentence.isEmpty());
}

}  // namespace tomoloupe
