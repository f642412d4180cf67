#include "ui/panels/explain_pane.h"

#include <QLabel>
#include <QVBoxLayout>

#include "core/volume/statistics.h"
#include "ui/models/plane.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {

ExplainPane::ExplainPane(const QString& name, QWidget* parent)
    : QWidget(parent),
      title_(makeLabel({}, "strong", this)),
      figures_(makeLabel({}, "muted", this)),
      views_(new OrthogonalViews(name + QStringLiteral("Views"), this)) {
    setObjectName(name);
    title_->setObjectName(name + QStringLiteral("Title"));
    figures_->setObjectName(name + QStringLiteral("Figures"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new QWidget(this);
    head->setProperty("role", QStringLiteral("toolbar"));
    head->setAttribute(Qt::WA_StyledBackground);
    auto* words = new QVBoxLayout(head);
    words->setContentsMargins(12, 6, 12, 6);
    words->setSpacing(1);
    for (QLabel* line : {title_, figures_}) {
        line->setMinimumWidth(1);  // shortened where there is no room
        words->addWidget(line);
    }
    column->addWidget(head);
    column->addWidget(views_, 1);
    views_->setFitsWhole(false);
    connect(views_, &OrthogonalViews::sliceWanted, this, [this](Plane plane, std::int64_t index) {
        if (volume_.empty()) return;
        views_->setSlice(plane, index, sliceOf(volume_, plane, index));
        views_->setHeat(plane, sliceOf(heat_, plane, index));
    });
}

void ExplainPane::setWords(const QString& title, const QString& figures) {
    titleText_ = title;
    figureText_ = figures;
    showWords();
}

void ExplainPane::showWords() {
    const int room = std::max(40, width() - 24);
    title_->setText(title_->fontMetrics().elidedText(titleText_, Qt::ElideMiddle, room));
    figures_->setText(figures_->fontMetrics().elidedText(figureText_, Qt::ElideRight, room));
    title_->setToolTip(titleText_);
    figures_->setToolTip(figureText_);
    title_->setAccessibleName(titleText_);
    figures_->setAccessibleName(figureText_);
}

void ExplainPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    showWords();
}

void ExplainPane::setVolumes(const Volume& volume, const Volume& heat, double voxelSizeAngstrom) {
    volume_ = volume;
    heat_ = heat.shape() == volume.shape() ? heat : Volume();
    const ContrastRange range = contrastRange(volume.voxels());
    views_->setContrast(range.low, range.high);
    views_->setVolumeShape(volume.shape(), voxelSizeAngstrom > 0 ? voxelSizeAngstrom : volume.voxelSizeAngstrom());
    views_->surface()->setVolume(volume, heat_);
    views_->surface()->setLevel(views_->surface()->scale().level(levelSigmas_));
    showCaption();
}

void ExplainPane::showCaption() {
    views_->surface()->setHeatCloud(cloud_ && !heat_.empty());
    views_->surface()->setCaption(heat_.empty() ? tr("Surface · drag to turn")
                                  : cloud_      ? tr("Heat in the volume · drag to turn")
                                                : tr("Surface + heat · drag to turn"));
}

void ExplainPane::setLook(const HeatStyle& style, double levelSigmas) {
    levelSigmas_ = levelSigmas;
    views_->setHeatStyle(style);
    views_->surface()->setLevel(views_->surface()->scale().level(levelSigmas));
}

void ExplainPane::setHeatCloud(bool on) {
    cloud_ = on;
    showCaption();
}

void ExplainPane::follow(ExplainPane* other) {
    connect(other->views_, &OrthogonalViews::positionChanged, views_,
            [this, other] { views_->setPosition(other->views_->position()); });
    connect(other->views_, &OrthogonalViews::lookChanged, views_,
            [this, other] { views_->setLook(other->views_->look()); });
}

void ExplainPane::linkWith(ExplainPane* other) {
    follow(other);
    other->follow(this);
    views_->surface()->shareCamera(other->views_->surface());
}

}  // namespace tomoloupe
