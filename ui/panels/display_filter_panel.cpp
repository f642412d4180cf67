#include "ui/panels/display_filter_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/parts.h"
#include "ui/panels/value_slider.h"

namespace tomoloupe {

using Kind = DisplayFilter::Kind;

DisplayFilterPanel::DisplayFilterPanel(QWidget* parent)
    : QWidget(parent),
      kind_(new QComboBox),
      sigma_(new ValueSlider(
          QStringLiteral("filterSigma"), tr("Sigma"), tr("Width of the Gaussian, of the narrower of two"),
          {.low = 0.5, .high = 10, .step = 0.1, .minimum = 0.2, .maximum = 50, .unit = tr("voxels")})),
      ratio_(new ValueSlider(QStringLiteral("filterRatio"), tr("Wider by"),
                             tr("The wider Gaussian over the narrower one"),
                             {.low = 1.1, .high = 4, .step = 0.1, .minimum = 1.05, .maximum = 20})),
      finest_(new ValueSlider(
          QStringLiteral("filterFinest"), tr("Finest"), tr("Finer details go: half remains of this size"),
          {.low = 5, .high = 500, .logarithmic = true, .minimum = 1, .maximum = 5000, .unit = tr("Å")})),
      coarsest_(new ValueSlider(
          QStringLiteral("filterCoarsest"), tr("Coarsest"), tr("Coarser shades go: half remains of this size"),
          {.low = 50, .high = 5000, .logarithmic = true, .minimum = 2, .maximum = 50000, .unit = tr("Å")})),
      hint_(makeLabel(tr("Only what is shown, in the plane of each picture. The file stays as it is."), "muted")) {
    setObjectName(QStringLiteral("filterPanel"));
    kind_->setObjectName(QStringLiteral("filterKind"));
    kind_->setAccessibleName(tr("Filter"));
    kind_->setToolTip(tr("How what is shown is smoothed"));
    kind_->addItems({tr("No filter"), tr("Gaussian"), tr("Band-pass"), tr("Difference of Gaussians")});
    hint_->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(kind_);
    for (ValueSlider* slider : {sigma_, ratio_, finest_, coarsest_}) {
        column->addWidget(slider);
        connect(slider, &ValueSlider::valueChanged, this, &DisplayFilterPanel::take);
    }
    column->addWidget(hint_);
    setFilter({});
    connect(kind_, &QComboBox::currentIndexChanged, this, &DisplayFilterPanel::take);
}

void DisplayFilterPanel::setFilter(const DisplayFilter& filter) {
    filter_ = filter;
    const QSignalBlocker quiet(kind_);
    kind_->setCurrentIndex(static_cast<int>(filter.kind));
    sigma_->setValue(filter.sigmaVoxels);
    ratio_->setValue(filter.sigmaRatio);
    finest_->setValue(filter.finestAngstrom);
    coarsest_->setValue(filter.coarsestAngstrom);
    showKind();
}

void DisplayFilterPanel::showKind() {
    const bool sampled = filter_.kind == Kind::Gaussian || filter_.kind == Kind::DifferenceOfGaussians;
    sigma_->setVisible(sampled);
    ratio_->setVisible(filter_.kind == Kind::DifferenceOfGaussians);
    finest_->setVisible(filter_.kind == Kind::BandPass);
    coarsest_->setVisible(filter_.kind == Kind::BandPass);
    if (QWidget* panel = window(); panel != this && panel->windowType() == Qt::Popup) panel->adjustSize();
}

void DisplayFilterPanel::take() {
    filter_.kind = static_cast<Kind>(kind_->currentIndex());
    filter_.sigmaVoxels = sigma_->value();
    filter_.sigmaRatio = ratio_->value();
    filter_.finestAngstrom = std::min(finest_->value(), coarsest_->value());
    filter_.coarsestAngstrom = std::max(finest_->value(), coarsest_->value());
    showKind();
    Q_EMIT changed();
}

QString DisplayFilterPanel::words(const DisplayFilter& filter) {
    switch (filter.kind) {
        case Kind::None:
            break;
        case Kind::Gaussian:
            return tr("Gaussian %1").arg(QString::number(filter.sigmaVoxels, 'g', 2));
        case Kind::BandPass:
            return tr("Band %1–%2 Å")
                .arg(QString::number(filter.finestAngstrom, 'f', 0), QString::number(filter.coarsestAngstrom, 'f', 0));
        case Kind::DifferenceOfGaussians:
            return tr("DoG %1").arg(QString::number(filter.sigmaVoxels, 'g', 2));
    }
    return tr("none");
}

}  // namespace tomoloupe
