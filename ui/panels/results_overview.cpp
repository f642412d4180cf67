#include "ui/panels/results_overview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/class_bars.h"
#include "ui/views/confusion_view.h"
#include "ui/views/reliability_chart.h"

namespace tomoloupe {
namespace {

QString percentText(double part) {
    return QString::number(part * 100, 'f', 1);
}

QScrollArea* scrolled(QWidget* content, QWidget* parent) {
    auto* area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

}  // namespace

ResultsOverview::ResultsOverview(const ProjectModel& project, QWidget* parent)
    : QWidget(parent),
      project_(project),
      matrix_(new ConfusionView(QStringLiteral("confusionMatrix"))),
      bars_(new ClassBars(QStringLiteral("classFigures"))),
      reliability_(new ReliabilityChart(QStringLiteral("reliability"))) {
    setObjectName(QStringLiteral("resultsOverview"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(28);
    accuracy_ = addFigure(figures, tr("Accuracy"), "resultAccuracy",
                          tr("Right of all; in brackets where it lies with 95 % certainty (bootstrap over particles)"));
    macroF1_ = addFigure(figures, tr("Macro-F1"), "resultMacroF1",
                         tr("Mean F1 of the classes, all alike in weight; 95 % interval in brackets"));
    error_ = addFigure(figures, tr("Calibration error"), "resultError",
                       tr("How far the probabilities are from how often they are right; 0 is best"));
    count_ =
        addFigure(figures, tr("Particles judged"), "resultCount", tr("Those with a label that the model can name"));
    figures->addStretch(1);
    percent_ = makeToggle(tr("Percent"), "confusionPercent", this);
    percent_->setToolTip(tr("Parts of each row instead of counts"));
    figures->addWidget(percent_, 0, Qt::AlignBottom);
    column->addLayout(figures);
    auto* right = new QWidget(this);
    auto* parts = new QVBoxLayout(right);
    parts->setContentsMargins(0, 0, 4, 0);
    parts->setSpacing(12);
    parts->addWidget(bars_);
    parts->addWidget(makeLabel(tr("Is it right as often as it says?"), "heading", right));
    parts->addWidget(reliability_, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(20);
    row->addWidget(matrix_, 6);
    row->addWidget(scrolled(right, this), 5);
    column->addLayout(row, 1);
    connect(percent_, &QPushButton::toggled, matrix_, &ConfusionView::setPercent);
    connect(matrix_, &ConfusionView::cellChosen, this, &ResultsOverview::cellChosen);
}

QLabel* ResultsOverview::addFigure(QHBoxLayout* row, const QString& name, const char* objectName, const QString& help) {
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(makeLabel(name, "muted", this));
    QLabel* value = makeLabel({}, "figure", this);
    value->setObjectName(QString::fromLatin1(objectName));
    value->setTextFormat(Qt::RichText);
    value->setToolTip(help);
    column->addWidget(value);
    row->addLayout(column);
    return value;
}

void ResultsOverview::setResult(const std::shared_ptr<const JudgedResult>& result) {
    if (!result) return;
    const auto withInterval = [](const QString& value, const QString& low, const QString& high) {
        return QStringLiteral("<span style='font-size:20px'>%1</span> <span style='font-size:12px'>(%2–%3)</span>")
            .arg(value, low, high);
    };
    const auto plain = [](const QString& value) {
        return QStringLiteral("<span style='font-size:20px'>%1</span>").arg(value);
    };
    const bool any = result->judgedCount() > 0;
    const QString none = plain(QStringLiteral("–"));
    accuracy_->setText(any ? withInterval(tr("%1 %").arg(percentText(result->accuracy)),
                                          percentText(result->accuracyInterval.low),
                                          percentText(result->accuracyInterval.high))
                           : none);
    macroF1_->setText(any ? withInterval(QString::number(result->macroF1, 'f', 2),
                                         QString::number(result->macroF1Interval.low, 'f', 2),
                                         QString::number(result->macroF1Interval.high, 'f', 2))
                          : none);
    error_->setText(any ? plain(QString::number(result->calibration.expectedError, 'f', 3)) : none);
    count_->setText(plain(QLocale().toString(qlonglong(result->judgedCount()))));
    ConfusionView::Matrix matrix;
    std::vector<ClassBars::Row> rows;
    for (std::size_t c = 0; c < result->classNames.size(); ++c) {
        const QColor colour(project_.classColour(result->classIds[c]));
        const ClassFigures& one = result->figures[c];
        matrix.names << toQString(result->classNames[c]);
        matrix.colours.push_back(colour);
        rows.push_back({toQString(result->classNames[c]), colour, one.actual, one.precision, one.recall, one.f1});
    }
    matrix.counts.assign(result->matrix.counts.begin(), result->matrix.counts.end());
    matrix_->setMatrix(std::move(matrix));
    bars_->setRows(std::move(rows));
    std::vector<ReliabilityChart::Bin> bins;
    for (const ReliabilityBin& bin : result->calibration.bins)
        bins.push_back({bin.low, bin.high, bin.count, bin.confidence, bin.accuracy});
    reliability_->setBins(std::move(bins), result->calibration.expectedError);
}

}  // namespace tomoloupe
