#include "ui/panels/oblique_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>
#include <numbers>

#include "ui/panels/parts.h"
#include "ui/panels/value_slider.h"

namespace tomoloupe {
namespace {

SliderScale degrees(double low, double high) {
    return {.low = low, .high = high, .step = 1, .minimum = low, .maximum = high, .unit = ObliquePanel::tr("°")};
}

}  // namespace

ObliquePanel::ObliquePanel(QWidget* parent)
    : QWidget(parent),
      on_(new QCheckBox(tr("Oblique slice in the place of YZ"))),
      follow_(new QCheckBox(tr("Follow the current particle"))),
      tilt_(new ValueSlider(QStringLiteral("obliqueTilt"), tr("Tilt"), tr("How far the plane leans from XY"),
                            degrees(0, 180))),
      direction_(new ValueSlider(QStringLiteral("obliqueDirection"), tr("Towards"),
                                 tr("Where it leans to: 0° is x, 90° is y"), degrees(-180, 180))),
      turn_(new ValueSlider(QStringLiteral("obliqueTurn"), tr("Turn"), tr("Turns the picture within its plane"),
                            degrees(-180, 180))),
      across_(makeButton(tr("Across its axis"), "obliqueAcross")),
      along_(makeButton(tr("Along its axis"), "obliqueAlong")) {
    setObjectName(QStringLiteral("obliquePanel"));
    on_->setObjectName(QStringLiteral("obliqueOn"));
    on_->setToolTip(tr("A plane through the crosshair at any angle; drag with Shift in the picture turns it"));
    follow_->setObjectName(QStringLiteral("obliqueFollow"));
    follow_->setToolTip(tr("Aligns the plane anew with each particle that is chosen"));
    across_->setToolTip(tr("The current particle's own XY plane: its z axis looks at you"));
    along_->setToolTip(tr("The current particle's own XZ plane: its z axis points up"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(on_);
    for (ValueSlider* slider : {tilt_, direction_, turn_}) {
        column->addWidget(slider);
        connect(slider, &ValueSlider::valueChanged, this, [this] {
            follow_->setChecked(false);
            setOn(true);
            Q_EMIT anglesChanged();
        });
    }
    column->addWidget(makeLabel(tr("In the frame of the current particle"), "muted"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(across_, 1);
    row->addWidget(along_, 1);
    column->addLayout(row);
    column->addWidget(follow_);
    connect(on_, &QCheckBox::toggled, this, &ObliquePanel::onChanged);
    connect(across_, &QPushButton::clicked, this, [this] { align(AcrossAxis); });
    connect(along_, &QPushButton::clicked, this, [this] { align(AlongAxis); });
    connect(follow_, &QCheckBox::toggled, this, [this](bool follow) {
        if (follow) align(alignment_);
    });
}

void ObliquePanel::align(Alignment alignment) {
    alignment_ = alignment;
    setOn(true);
    Q_EMIT alignWanted();
}

void ObliquePanel::setOn(bool on) {
    on_->setChecked(on);
}

bool ObliquePanel::isOn() const {
    return on_->isChecked();
}

bool ObliquePanel::follows() const {
    return follow_->isChecked();
}

void ObliquePanel::setAngles(const PlaneAngles& angles) {
    tilt_->setValue(angles.tilt);
    direction_->setValue(angles.direction);
    turn_->setValue(angles.turn);
}

PlaneAngles ObliquePanel::angles() const {
    return {.direction = direction_->value(), .tilt = tilt_->value(), .turn = turn_->value()};
}

void ObliquePanel::setParticleThere(bool there) {
    for (QWidget* widget :
         {static_cast<QWidget*>(across_), static_cast<QWidget*>(along_), static_cast<QWidget*>(follow_)})
        widget->setEnabled(there);
}

Rotation alignedPlane(const Rotation& tomogramFromParticle, ObliquePanel::Alignment alignment) {
    if (alignment == ObliquePanel::AcrossAxis) return tomogramFromParticle;
    const double half = std::numbers::pi / 4;  // a quarter turn about x: up becomes the particle's z
    return tomogramFromParticle * Rotation{std::cos(half), std::sin(half), 0, 0};
}

}  // namespace tomoloupe
