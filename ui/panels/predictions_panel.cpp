#include "ui/panels/predictions_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/panels/value_slider.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

/// A square in the class's colour before its name; "wrong" in red.
class PredictionDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        const QColor colour(index.data(PredictionList::kColourRole).toString());
        if (!colour.isValid()) return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawRoundedRect(QRectF(option.rect.left() + 8, option.rect.center().y() - 3.5, 8, 8), 2, 2);
        painter->restore();
    }

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        if (index.column() == PredictionList::Truth || index.column() == PredictionList::Predicted)
            option->text = QStringLiteral("    ") + option->text;
        if (index.column() != PredictionList::Agreement) return;
        const QModelIndex truth = index.sibling(index.row(), PredictionList::Truth);
        const bool labelled = !truth.data().toString().isEmpty();
        const bool right = truth.data() == index.sibling(index.row(), PredictionList::Predicted).data();
        const QColor colour = !labelled ? mutedColour(option->palette)
                              : right   ? goodColour(option->palette)
                                        : badColour(option->palette);
        option->palette.setColor(QPalette::Text, colour);
        option->palette.setColor(QPalette::HighlightedText, colour);
    }
};

}  // namespace

PredictionsPanel::PredictionsPanel(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), list_(workbench.project, workbench.io), table_(new QTableView(this)) {
    setObjectName(QStringLiteral("predictionsPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildFilters());
    table_->setObjectName(QStringLiteral("predictionTable"));
    table_->setAccessibleName(tr("Predictions"));
    table_->setModel(&list_);
    table_->setItemDelegate(new PredictionDelegate(table_));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setShowGrid(false);
    table_->setFrameShape(QFrame::NoFrame);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(28);
    table_->horizontalHeader()->setDefaultSectionSize(150);
    for (const int stretched : {PredictionList::Truth, PredictionList::Predicted})
        table_->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->setColumnWidth(PredictionList::Number, 84);
    table_->setColumnWidth(PredictionList::Probability, 96);
    table_->setColumnWidth(PredictionList::Agreement, 104);
    column->addWidget(table_, 1);
    column->addWidget(buildLabelling());
    connect(&list_, &PredictionList::listed, this, [this] {
        showCount();
        showCurrent();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PredictionsPanel::takeSelection);
    connect(&bench_.project, &ProjectModel::particleChanged, this, &PredictionsPanel::showCurrent);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &PredictionsPanel::showLabelCount);
}

QComboBox* PredictionsPanel::addBox(QHBoxLayout* row, const char* name, const QString& help,
                                    const QStringList& entries) {
    auto* box = new QComboBox;
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(help);
    box->setToolTip(help);
    box->addItems(entries);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(9);
    box->setMaxVisibleItems(24);
    row->addWidget(box, 1);
    connect(box, &QComboBox::currentIndexChanged, this, &PredictionsPanel::readFilter);
    return box;
}

QWidget* PredictionsPanel::buildFilters() {
    auto* strip = new QWidget(this);
    strip->setProperty("role", QStringLiteral("toolbar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    auto* rows = new QVBoxLayout(strip);
    rows->setContentsMargins(12, 8, 12, 8);
    rows->setSpacing(8);
    auto* first = new QHBoxLayout;
    auto* second = new QHBoxLayout;
    for (QHBoxLayout* row : {first, second}) {
        row->setSpacing(8);
        rows->addLayout(row);
    }
    order_ = addBox(first, "predictionOrder", tr("Order of the list"),
                    {tr("wrong and sure first"), tr("least sure first"), tr("most sure first"), tr("by number")});
    agreement_ = addBox(first, "predictionAgreement", tr("Beside the label"),
                        {tr("all"), tr("right"), tr("wrong"), tr("without a label")});
    from_ = new ValueSlider(QStringLiteral("predictionFrom"), tr("Sure from"),
                            tr("Least probability of the class predicted"), {.low = 0, .high = 1, .step = 0.01});
    connect(from_, &ValueSlider::valueChanged, this, &PredictionsPanel::readFilter);
    first->addWidget(from_, 2);
    truth_ = addBox(second, "predictionTruth", tr("Label"), {});
    predicted_ = addBox(second, "predictionPredicted", tr("Predicted class"), {});
    tomogram_ = addBox(second, "predictionTomogram", tr("Tomogram"), {});
    count_ = makeLabel({}, "muted", strip);
    count_->setObjectName(QStringLiteral("predictionCount"));
    second->addWidget(count_);
    gallery_ = makeButton(tr("Show in gallery"), "predictionsToGallery", strip);
    gallery_->setToolTip(tr("The particles of this list as tiles"));
    second->addWidget(gallery_);
    connect(gallery_, &QPushButton::clicked, this, [this] {
        std::vector<std::int64_t> particles = list_.particles();
        std::sort(particles.begin(), particles.end());
        Q_EMIT galleryWanted(tr("%1 from the predictions of run %2").arg(count_->text(), toQString(result_->runId)),
                             particles);
    });
    return strip;
}

QWidget* PredictionsPanel::buildLabelling() {
    auto* strip = new QWidget(this);
    strip->setProperty("role", QStringLiteral("bottombar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(12);
    threshold_ = new ValueSlider(QStringLiteral("labelThreshold"), tr("Sure from"),
                                 tr("Predictions that are at least this sure become labels"),
                                 {.low = 0.5, .high = 1, .step = 0.01, .minimum = 0});
    threshold_->setValue(0.9);
    threshold_->setFixedWidth(330);
    unlabelledOnly_ = new QCheckBox(tr("Only without a label"));
    unlabelledOnly_->setObjectName(QStringLiteral("labelUnlabelledOnly"));
    unlabelledOnly_->setToolTip(tr("Labels that are there stay as they are"));
    unlabelledOnly_->setChecked(true);
    labelCount_ = makeLabel({}, "muted", strip);
    labelCount_->setObjectName(QStringLiteral("labelCount"));
    label_ = makePrimaryButton(tr("Make them labels"), "labelPredictions", strip);
    label_->setToolTip(tr("One step: Ctrl+Z takes all of them back"));
    predict_ = makeButton(tr("Predict the set"), "resultPredict", strip);
    predict_->setProperty("density", QStringLiteral("compact"));
    predict_->setToolTip(tr("Let this run say the class of every particle of the set"));
    row->addWidget(threshold_);
    row->addWidget(unlabelledOnly_);
    row->addStretch(1);
    row->addWidget(predict_);
    row->addWidget(labelCount_);
    row->addWidget(label_);
    connect(threshold_, &ValueSlider::valueChanged, this, &PredictionsPanel::showLabelCount);
    connect(unlabelledOnly_, &QCheckBox::toggled, this, &PredictionsPanel::showLabelCount);
    connect(label_, &QPushButton::clicked, this, &PredictionsPanel::label);
    connect(predict_, &QPushButton::clicked, this, &PredictionsPanel::predictWanted);
    return strip;
}

void PredictionsPanel::setResult(const std::shared_ptr<const JudgedResult>& result) {
    const SetContents* set = bench_.project.set();
    const std::int64_t setId = set ? set->record.id : 0;
    const bool same = result && result_ && result->classIds == result_->classIds && setId == filledFor_;
    result_ = result;
    filledFor_ = setId;
    if (!same) fillChoices();
    list_.setResult(result);
    readFilter();
    showLabelCount();
}

void PredictionsPanel::setPart(bool part) {
    predict_->setVisible(part);
}

void PredictionsPanel::fillChoices() {
    const QSignalBlocker quietTruth(truth_), quietPredicted(predicted_), quietTomogram(tomogram_);
    const std::array boxes{std::pair(truth_, tr("any label")), std::pair(predicted_, tr("any prediction"))};
    for (const auto& [box, all] : boxes) {
        box->clear();
        box->addItem(all);
        if (!result_) continue;
        for (const std::string& name : result_->classNames) box->addItem(toQString(name));
    }
    tomogram_->clear();
    tomogram_->addItem(tr("all tomograms"));
    std::set<std::string> names;
    if (const SetContents* set = bench_.project.set()) {
        for (const Particle& particle : set->particles()) {
            if (!particle.tomogram.empty()) names.insert(particle.tomogram);
        }
    }
    for (const std::string& name : names) tomogram_->addItem(toQString(name));
    tomogram_->setEnabled(!names.empty());
    table_->setColumnHidden(PredictionList::Tomogram, names.empty());
}

void PredictionsPanel::readFilter() {
    PredictionFilter filter;
    filter.order = static_cast<PredictionFilter::Order>(std::max(0, order_->currentIndex()));
    filter.agreement = static_cast<PredictionFilter::Agreement>(std::max(0, agreement_->currentIndex()));
    filter.from = from_ ? from_->value() : 0;
    if (truth_) filter.truth = truth_->currentIndex() - 1;
    if (predicted_) filter.predicted = predicted_->currentIndex() - 1;
    if (tomogram_ && tomogram_->currentIndex() > 0) filter.tomogram = tomogram_->currentText().toStdString();
    list_.setFilter(filter);
}

void PredictionsPanel::showCount() {
    count_->setText(tr("%1 particles").arg(QLocale().toString(list_.rowCount())));
    gallery_->setEnabled(list_.rowCount() > 0);
}

/// One row alone is the current particle and no selection.
void PredictionsPanel::takeSelection() {
    if (taking_) return;
    std::vector<std::int64_t> particles;
    for (const QModelIndex& row : table_->selectionModel()->selectedRows())
        particles.push_back(list_.particleAt(row.row()));
    if (particles.empty()) return;
    std::sort(particles.begin(), particles.end());
    taking_ = true;
    bench_.project.setCurrentParticle(list_.particleAt(table_->currentIndex().row()));
    bench_.project.setSelection(particles.size() > 1 ? std::move(particles) : std::vector<std::int64_t>());
    taking_ = false;
}

void PredictionsPanel::showCurrent() {
    if (taking_ || !isVisible()) return;
    const int row = list_.rowOf(bench_.project.currentParticle());
    if (row < 0 || row == table_->currentIndex().row()) return;
    taking_ = true;
    table_->setCurrentIndex(list_.index(row, 0));
    taking_ = false;
}

void PredictionsPanel::showLabelCount() {
    const SetContents* set = bench_.project.set();
    edits_ = result_ && set ? labelsFrom(*result_, set->labels, threshold_->value(), unlabelledOnly_->isChecked())
                            : std::vector<IndexedLabel>();
    const auto count = static_cast<qlonglong>(edits_.size());
    labelCount_->setText(count == 0 ? tr("none would change")
                                    : tr("%1 would get a label").arg(QLocale().toString(count)));
    label_->setText(count == 0 ? tr("Make them labels") : tr("Label %1").arg(QLocale().toString(count)));
    label_->setEnabled(count > 0);
}

void PredictionsPanel::label() {
    const auto edits = edits_;  // storing them makes the list anew
    if (!edits.empty()) bench_.project.label(edits);
}

}  // namespace tomoloupe
