#include "ui/panels/surface_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>

#include "ui/panels/parts.h"
#include "ui/panels/value_slider.h"
#include "ui/views/histogram_view.h"

namespace tomoloupe {
namespace {

constexpr int kSteps = 20;  // of the slider, a standard deviation

}  // namespace

SurfacePanel::SurfacePanel(QWidget* parent)
    : QWidget(parent),
      histogram_(new HistogramView(QStringLiteral("surfaceHistogram"))),
      level_(new QSlider(Qt::Horizontal)),
      levelText_(makeLabel({}, "muted")),
      dust_(new ValueSlider(QStringLiteral("surfaceDust"), tr("Dust below"),
                            tr("Connected pieces smaller than this are left out"),
                            {.low = 0,
                             .high = 1000,
                             .step = 5,
                             .minimum = 0,
                             .maximum = 1e7,
                             .unit = tr("nm³"),
                             .firstWords = tr("none")})),
      cloud_(new QCheckBox(tr("Cloud instead of a surface"))) {
    setObjectName(QStringLiteral("surfacePanel"));
    level_->setObjectName(QStringLiteral("surfaceLevel"));
    level_->setAccessibleName(tr("Level of the surface"));
    level_->setRange(static_cast<int>(-kMostSigmas * kSteps), static_cast<int>(kMostSigmas * kSteps));
    level_->setValue(2 * kSteps);
    cloud_->setObjectName(QStringLiteral("surfaceCloud"));
    cloud_->setToolTip(tr("Volume rendering: denser is brighter and hides more"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(histogram_);
    column->addWidget(level_);
    column->addWidget(levelText_);
    column->addWidget(dust_);
    column->addWidget(cloud_);
    showLevel();
    connect(level_, &QSlider::valueChanged, this, [this] {
        showLevel();
        Q_EMIT levelChanged();
    });
    connect(dust_, &ValueSlider::valueChanged, this, &SurfacePanel::dustChanged);
    connect(cloud_, &QCheckBox::toggled, this, &SurfacePanel::cloudChanged);
}

void SurfacePanel::setHistogram(std::vector<std::int64_t> counts) {
    histogram_->setCounts(std::move(counts));
}

double SurfacePanel::levelSigmas() const {
    return static_cast<double>(level_->value()) / kSteps;
}

double SurfacePanel::dustCubicNanometres() const {
    return dust_->value();
}

bool SurfacePanel::cloud() const {
    return cloud_->isChecked();
}

void SurfacePanel::showLevel() {
    levelText_->setText(tr("level %1 σ from the mean").arg(levelSigmas(), 0, 'f', 1));
    histogram_->setMarks((levelSigmas() + kMostSigmas) / (2 * kMostSigmas), 1);
}

}  // namespace tomoloupe
