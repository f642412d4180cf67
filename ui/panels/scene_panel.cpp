#include "ui/panels/scene_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/parts.h"
#include "ui/panels/value_slider.h"

namespace tomoloupe {
namespace {

constexpr int kWidth = 290;  // pixels for words

}  // namespace

ScenePanel::ScenePanel(QWidget* parent)
    : QWidget(parent),
      shape_(new QComboBox),
      map_(new QComboBox),
      level_(new ValueSlider(QStringLiteral("mapLevel"), tr("Map level"), tr("Standard deviations from the map's mean"),
                             {.low = 0.5, .high = 8, .step = 0.1, .minimum = 0.5, .maximum = 50, .unit = tr("σ")})),
      mapWords_(makeLabel({}, "muted")),
      triangles_(makeLabel({}, "muted")),
      perspective_(new QCheckBox(tr("Perspective"))),
      large_(new QCheckBox(tr("Large, in the place of XY"))) {
    setObjectName(QStringLiteral("scenePanel"));
    shape_->setObjectName(QStringLiteral("sceneShape"));
    shape_->setAccessibleName(tr("Particles in 3D"));
    shape_->setToolTip(tr("What stands at the particles in 3D, in the colours of the circles"));
    shape_->addItems({tr("Spheres of the particle's diameter"), tr("Spheres of the box's size"),
                      tr("Small spheres at the centres"), tr("No spheres")});
    map_->setObjectName(QStringLiteral("sceneMap"));
    map_->setAccessibleName(tr("Map at every particle"));
    map_->setToolTip(tr("A map in the pose of every particle that is shown"));
    map_->addItems({tr("No map"), tr("Average of each class"), tr("Map from a file…")});
    level_->setValue(2.5);
    mapWords_->setObjectName(QStringLiteral("sceneMapWords"));
    triangles_->setObjectName(QStringLiteral("sceneTriangles"));
    perspective_->setObjectName(QStringLiteral("scenePerspective"));
    perspective_->setToolTip(tr("What is farther is smaller; the scale bar holds at the crosshair's depth then"));
    large_->setObjectName(QStringLiteral("sceneLarge"));
    large_->setToolTip(tr("Changes places with the XY slice"));
    QPushButton* whole = makeButton(tr("All of it"), "sceneWhole");
    whole->setToolTip(tr("The whole tomogram in sight"));
    QPushButton* block = makeButton(tr("The surface"), "sceneBlock");
    block->setToolTip(tr("What the surface is made of in sight: of a large tomogram the block around the crosshair"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    for (QWidget* widget : {static_cast<QWidget*>(shape_), static_cast<QWidget*>(map_), static_cast<QWidget*>(level_),
                            static_cast<QWidget*>(mapWords_), static_cast<QWidget*>(triangles_)})
        column->addWidget(widget);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(perspective_);
    row->addStretch(1);
    row->addWidget(whole);
    row->addWidget(block);
    column->addLayout(row);
    column->addWidget(large_);
    setMapWords({});
    setMapSource(NoMap);
    connect(shape_, &QComboBox::currentIndexChanged, this, &ScenePanel::shapeChanged);
    connect(map_, &QComboBox::currentIndexChanged, level_, &QWidget::setVisible);
    connect(map_, &QComboBox::activated, this, &ScenePanel::mapSourceChosen);
    connect(level_, &ValueSlider::valueChanged, this, &ScenePanel::mapLevelChanged);
    connect(perspective_, &QCheckBox::toggled, this, &ScenePanel::perspectiveChanged);
    connect(large_, &QCheckBox::toggled, this, &ScenePanel::largeChanged);
    connect(whole, &QPushButton::clicked, this, &ScenePanel::wholeWanted);
    connect(block, &QPushButton::clicked, this, &ScenePanel::blockWanted);
    level_->hide();
}

ScenePanel::Shape ScenePanel::shape() const {
    return static_cast<Shape>(shape_->currentIndex());
}

void ScenePanel::setShape(Shape shape) {
    shape_->setCurrentIndex(std::clamp<int>(shape, 0, shape_->count() - 1));
}

void ScenePanel::setPerspective(bool perspective) {
    perspective_->setChecked(perspective);
}

ScenePanel::MapSource ScenePanel::mapSource() const {
    return static_cast<MapSource>(map_->currentIndex());
}

void ScenePanel::setMapSource(MapSource source) {
    map_->setCurrentIndex(source);
}

double ScenePanel::mapSigmas() const {
    return level_->value();
}

bool ScenePanel::perspective() const {
    return perspective_->isChecked();
}

bool ScenePanel::large() const {
    return large_->isChecked();
}

void ScenePanel::setLarge(bool large) {
    large_->setChecked(large);
}

void ScenePanel::setMapWords(const QString& words) {
    constexpr int kLines = 3;
    const QStringList lines = words.split(QChar('\n'));
    QStringList seen = lines.mid(0, lines.size() > kLines ? kLines - 1 : kLines);
    if (lines.size() > kLines) seen.append(tr("and %1 more").arg(lines.size() - seen.size()));
    for (QString& line : seen) line = mapWords_->fontMetrics().elidedText(line, Qt::ElideMiddle, kWidth);
    mapWords_->setText(seen.join(QChar('\n')));
    mapWords_->setToolTip(words);
    mapWords_->setVisible(!words.isEmpty());
}

void ScenePanel::setTriangles(std::int64_t triangles) {
    triangles_->setText(tr("%1 triangles of particles").arg(QLocale().toString(qlonglong(triangles))));
    triangles_->setVisible(triangles > 0);
}

}  // namespace tomoloupe
