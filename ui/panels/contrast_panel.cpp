#include "ui/panels/contrast_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/parts.h"
#include "ui/views/histogram_view.h"
#include "ui/views/number_text.h"
#include "ui/views/range_slider.h"

namespace tomoloupe {

ContrastPanel::ContrastPanel(QWidget* parent)
    : QWidget(parent),
      histogram_(new HistogramView(QStringLiteral("contrastHistogram"))),
      slider_(new RangeSlider(QStringLiteral("contrastSlider"))),
      black_(makeLabel({}, "muted")),
      white_(makeLabel({}, "muted")) {
    setObjectName(QStringLiteral("contrastPanel"));
    slider_->setToolTip(tr("What is black and what is white"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(histogram_);
    column->addWidget(slider_);
    auto* row = new QHBoxLayout;
    row->addWidget(black_);
    row->addStretch(1);
    row->addWidget(white_);
    column->addLayout(row);
    connect(slider_, &RangeSlider::rangeChanged, this, [this](double low, double high) {
        const double start = greys_.full.low, span = double(greys_.full.high) - start;
        contrast_ = {static_cast<float>(start + low * span), static_cast<float>(start + high * span)};
        automatic_ = false;
        showContrast();
        Q_EMIT changed();
    });
}

void ContrastPanel::setGreys(const Greys& greys, bool automatic) {
    greys_ = greys;
    automatic_ = automatic;
    if (automatic) contrast_ = greys.contrast;
    histogram_->setCounts(greys.histogram);
    showContrast();
    Q_EMIT changed();
}

void ContrastPanel::makeAutomatic() {
    setGreys(greys_, true);
}

void ContrastPanel::showContrast() {
    const double start = greys_.full.low, span = std::max(1e-30, double(greys_.full.high) - start);
    const double low = (contrast_.low - start) / span, high = (contrast_.high - start) / span;
    slider_->setRange(low, high);
    histogram_->setMarks(low, high);
    black_->setText(tr("black %1").arg(figureText(contrast_.low)));
    white_->setText(tr("white %1").arg(figureText(contrast_.high)));
}

}  // namespace tomoloupe
