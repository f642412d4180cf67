#pragma once

#include <QWidget>

#include "core/volume/volume.h"
#include "ui/render/colour_map.h"

class QLabel;

namespace tomoloupe {

class OrthogonalViews;

/// One model's view of a particle: what it says, the figures of its map, and the map over slices and surface.
class ExplainPane : public QWidget {
    Q_OBJECT
  public:
    ExplainPane(const QString& name, QWidget* parent = nullptr);

    /// What a line has no room for stands in its tool tip.
    void setWords(const QString& title, const QString& figures);
    /// `voxelSizeAngstrom` <= 0: the volume's own.
    void setVolumes(const Volume& volume, const Volume& heat, double voxelSizeAngstrom);
    void setLook(const HeatStyle& style, double levelSigmas);
    void setHeatCloud(bool on);
    /// Crosshair, scale and camera of both are one from now on.
    void linkWith(ExplainPane* other);
    [[nodiscard]] OrthogonalViews* views() const { return views_; }
    [[nodiscard]] const Volume& heat() const { return heat_; }

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void follow(ExplainPane* other);
    void showWords();
    void showCaption();

    QLabel *title_, *figures_;
    OrthogonalViews* views_;
    QString titleText_, figureText_;
    Volume volume_, heat_;
    double levelSigmas_ = 1.8;
    bool cloud_ = false;
};

}  // namespace tomoloupe
