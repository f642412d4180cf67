#include "ui/panels/picture_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QPushButton>
#include <QSpinBox>

#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

QCheckBox* makeCheck(const QString& text, const QString& help, const char* name, bool checked) {
    auto* check = new QCheckBox(text);
    check->setObjectName(QString::fromLatin1(name));
    check->setToolTip(help);
    check->setChecked(checked);
    return check;
}

}  // namespace

PicturePanel::PicturePanel(QWidget* parent)
    : QWidget(parent),
      view_(new QComboBox),
      width_(new QSpinBox),
      scaleBar_(makeCheck(tr("Scale bar"), tr("A bar with its length at the lower right"), "pictureScaleBar", true)),
      words_(makeCheck(tr("Plane and slice"), tr("The words of the upper corner"), "pictureWords", true)),
      particles_(makeCheck(tr("Particles"), tr("Circles or what stands there in 3D, and what their colours tell"), "pictureParticles", true)),
      crosshair_(makeCheck(tr("Crosshair"), tr("The lines through the chosen place, and the oblique plane in 3D"), "pictureCrosshair", false)) {
    setObjectName(QStringLiteral("picturePanel"));
    view_->setObjectName(QStringLiteral("pictureView"));
    view_->setAccessibleName(tr("View"));
    view_->setToolTip(tr("Which of the views is saved"));
    view_->addItems({tr("XY slice"), tr("XZ slice"), tr("YZ slice"), tr("3D"), tr("Oblique slice")});
    width_->setObjectName(QStringLiteral("pictureWidth"));
    width_->setAccessibleName(tr("Width in pixels"));
    width_->setToolTip(tr("Width of the picture; its height follows the view"));
    width_->setRange(64, 8192);
    width_->setValue(2000);
    width_->setSuffix(tr(" px wide"));
    width_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(8);
    grid->addWidget(view_, 0, 0);
    grid->addWidget(width_, 0, 1);
    grid->addWidget(scaleBar_, 1, 0);
    grid->addWidget(words_, 1, 1);
    grid->addWidget(particles_, 2, 0);
    grid->addWidget(crosshair_, 2, 1);
    QPushButton* save = makePrimaryButton(tr("Save as PNG…"), "pictureSave");
    grid->addWidget(save, 3, 0, 1, 2);
    save->setToolTip(tr("Asks where, then writes in the background"));
    connect(save, &QPushButton::clicked, this, &PicturePanel::saveWanted);
    connect(view_, &QComboBox::currentIndexChanged, this, [this](int view) {
        words_->setEnabled(view != Surface);  // they say how to turn it
    });
}

PicturePanel::View PicturePanel::view() const {
    return static_cast<View>(view_->currentIndex());
}

int PicturePanel::pictureWidth() const {
    return width_->value();
}

PictureParts PicturePanel::parts() const {
    return {.scaleBar = scaleBar_->isChecked(),
            .words = words_->isChecked(),
            .particles = particles_->isChecked(),
            .crosshair = crosshair_->isChecked()};
}

}  // namespace tomoloupe
