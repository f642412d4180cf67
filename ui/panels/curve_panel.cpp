#include "ui/panels/curve_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/curve_chart.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

// At least 3 : 1 on the panel of their theme.
constexpr std::array kOnDark{"#4CC2FF", "#CCBB44", "#EE6677", "#5FCB7A", "#D86AA6", "#EE7733"};
constexpr std::array kOnLight{"#0B7DB8", "#8A7A00", "#D03A4E", "#1F8A3F", "#AA3377", "#B4560F"};
static_assert(kOnDark.size() == kOnLight.size());

constexpr std::array kMetrics{"loss", "kNN accuracy", "validation accuracy", "learning rate"};

std::vector<QPointF> pointsOf(const std::vector<MetricPoint>& metrics, const char* name) {
    std::vector<QPointF> points;
    for (const MetricPoint& metric : metrics) {
        if (metric.name == name) points.emplace_back(metric.step, metric.value);
    }
    return points;
}

}  // namespace

CurvePanel::CurvePanel(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("curvePanel"));
    charts_[Loss] = new CurveChart(QStringLiteral("lossChart"), tr("Loss (lower is better)"), this);
    charts_[Neighbours] = new CurveChart(QStringLiteral("neighbourChart"), tr("kNN accuracy"), this);
    charts_[Accuracy] = new CurveChart(QStringLiteral("accuracyChart"), tr("Validation accuracy"), this);
    charts_[Rate] = new CurveChart(QStringLiteral("rateChart"), tr("Learning rate"), this);
    charts_[Loss]->setEmptyText(tr("Choose a run below, or start one."));
    charts_[Neighbours]->setEmptyText(tr("Pre-training draws this curve where some particles have labels."));
    charts_[Accuracy]->setEmptyText(tr("Fine-tuning draws its curve here."));
    for (const Quantity quantity : {Neighbours, Accuracy}) charts_[quantity]->setPercent(true);
    for (CurveChart* chart : charts_) chart->setAccessibleName(tr("Curve"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(buildBar());
    auto* grid = new QHBoxLayout;
    grid->setSpacing(12);
    for (CurveChart* chart : charts_) grid->addWidget(chart, 1);
    column->addLayout(grid, 1);
    placeCharts();
}

QWidget* CurvePanel::buildBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    const std::array names{tr("Loss"), tr("kNN"), tr("Accuracy"), tr("Rate")};
    const std::array objects{"showLoss", "showNeighbours", "showAccuracy", "showRate"};
    for (int quantity = 0; quantity < QuantityCount; ++quantity) {
        const auto at = static_cast<std::size_t>(quantity);
        toggles_[at] = makeToggle(names[at], objects[at], bar);
        toggles_[at]->setToolTip(tr("Shows or hides the curve: %1").arg(QString::fromLatin1(kMetrics[at])));
        toggles_[at]->setChecked(quantity != Rate);
        toggles_[at]->setProperty("density", QStringLiteral("compact"));
        row->addWidget(toggles_[at]);
        connect(toggles_[at], &QPushButton::toggled, this, &CurvePanel::placeCharts);
    }
    row->addStretch(1);
    smoothing_ = new QComboBox(bar);
    smoothing_->setObjectName(QStringLiteral("curveSmoothing"));
    smoothing_->setAccessibleName(tr("Smoothing"));
    smoothing_->setToolTip(tr("How smooth the running mean is; what was measured is drawn faintly behind it"));
    smoothing_->addItem(tr("smooth: auto"), -1.0);
    smoothing_->addItem(tr("not smoothed"), 0.0);
    for (const double keep : {0.6, 0.9, 0.98}) smoothing_->addItem(tr("smooth: %1").arg(keep), keep);
    logarithmic_ = makeToggle(tr("log"), "curveLog", bar);
    logarithmic_->setToolTip(tr("Loss and learning rate on a logarithmic scale"));
    logarithmic_->setProperty("density", QStringLiteral("compact"));
    row->addWidget(smoothing_);
    row->addWidget(logarithmic_);
    connect(smoothing_, &QComboBox::currentIndexChanged, this, [this] {
        for (const Quantity quantity : {Loss, Neighbours, Accuracy}) charts_[quantity]->setSmoothing(smoothing_->currentData().toDouble());
    });
    connect(logarithmic_, &QPushButton::toggled, this, [this](bool on) {
        for (const Quantity quantity : {Loss, Rate}) charts_[quantity]->setLogarithmic(on);
    });
    return bar;
}

QColor CurvePanel::colourOf(std::size_t place) const {
    const bool light = panelColour(palette()).lightness() > 127;
    return QColor(QString::fromLatin1((light ? kOnLight : kOnDark)[place % kOnDark.size()]));
}

void CurvePanel::setRuns(const std::vector<const RunRow*>& runs) {
    std::vector<std::pair<QString, std::filesystem::path>> files;
    for (const RunRow* row : runs) {
        if (files.size() < kOnDark.size()) files.emplace_back(toQString(row->run.id()), row->run.metricsPath());
    }
    bench_.io.post(
        this,
        [files] {
            std::vector<std::pair<QString, Points>> read;
            for (const auto& [id, path] : files) read.emplace_back(id, std::filesystem::exists(path) ? readMetrics(path) : Points());
            return read;
        },
        [this](const std::vector<std::pair<QString, Points>>& read) {
            runs_ = read;
            showCurves();
        },
        {}, latest_);
}

void CurvePanel::showCurves() {
    for (int quantity = 0; quantity < QuantityCount; ++quantity) {
        const auto at = static_cast<std::size_t>(quantity);
        std::vector<CurveChart::Curve> curves;
        for (std::size_t i = 0; i < runs_.size(); ++i) curves.push_back({runs_[i].first, colourOf(i), pointsOf(runs_[i].second, kMetrics[at])});
        charts_[at]->setCurves(std::move(curves));
    }
    placeCharts();
}

/// Of the two accuracies the one that no chosen run has stands aside.
void CurvePanel::placeCharts() {
    const auto has = [&](Quantity quantity) {
        const auto& curves = charts_[quantity]->curves();
        return std::any_of(curves.begin(), curves.end(), [](const CurveChart::Curve& curve) { return !curve.points.empty(); });
    };
    for (int quantity = 0; quantity < QuantityCount; ++quantity) {
        const auto at = static_cast<std::size_t>(quantity);
        bool shown = toggles_[at]->isChecked();
        if (quantity == Neighbours && !has(Neighbours)) shown = shown && !has(Accuracy) && !toggles_[Accuracy]->isChecked();
        if (quantity == Accuracy && !has(Accuracy)) shown = shown && !has(Neighbours);
        charts_[at]->setVisible(shown);
    }
}

void CurvePanel::addMetrics(const QString& runId, const std::vector<Metric>& metrics) {
    const auto run = std::find_if(runs_.begin(), runs_.end(), [&](const auto& known) { return known.first == runId; });
    if (run == runs_.end()) return;
    for (const Metric& metric : metrics) run->second.push_back({metric.name, metric.step, metric.value});
    bool first = false;
    for (int quantity = 0; quantity < QuantityCount; ++quantity) {
        const auto at = static_cast<std::size_t>(quantity);
        std::vector<QPointF> points;
        for (const Metric& metric : metrics) {
            if (metric.name == kMetrics[at]) points.emplace_back(metric.step, metric.value);
        }
        if (points.empty()) continue;
        charts_[at]->append(runId, points);
        first = first || charts_[at]->isHidden();
    }
    if (first) placeCharts();
}

void CurvePanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && charts_[Rate]) showCurves();
}

}  // namespace tomoloupe
