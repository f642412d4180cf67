#pragma once

#include <QWidget>

#include "core/volume/geometry.h"

class QSlider;

namespace tomoloupe {

class SliceView;

/// One XY slice of a tomogram at a time: the wheel and the slider below go through the slices, Ctrl and wheel zoom, the middle
/// button moves. Slices are asked for with sliceWanted(); the picture is given to view().
class SlicePane : public QWidget {
    Q_OBJECT
  public:
    explicit SlicePane(const QString& name, QWidget* parent = nullptr);

    /// A new tomogram: its middle slice, everything in sight.
    void setVolumeShape(Index3 shape, double voxelSizeAngstrom);
    [[nodiscard]] SliceView* view() const { return view_; }
    [[nodiscard]] std::int64_t z() const { return z_; }
    void setZ(std::int64_t z);
    void fit();

  Q_SIGNALS:
    void sliceWanted(std::int64_t z);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void connectView();
    void zoom(double factor, QPointF voxel);

    SliceView* view_;
    QSlider* slider_;
    Index3 shape_;
    std::int64_t z_ = -1;
    bool fitted_ = true;  // nobody has zoomed or moved yet
};

}  // namespace tomoloupe
