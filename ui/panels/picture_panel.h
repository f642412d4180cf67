#pragma once

#include <QWidget>

#include "ui/views/slice_picture.h"

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace tomoloupe {

/// Which view to save as a picture, how large, and with what over it.
class PicturePanel : public QWidget {
    Q_OBJECT
  public:
    enum View { XY, XZ, YZ, Surface, Oblique };

    explicit PicturePanel(QWidget* parent = nullptr);

    [[nodiscard]] View view() const;
    [[nodiscard]] int pictureWidth() const;
    [[nodiscard]] PictureParts parts() const;

  Q_SIGNALS:
    void saveWanted();

  private:
    QComboBox* view_;
    QSpinBox* width_;
    QCheckBox* scaleBar_;
    QCheckBox* words_;
    QCheckBox* particles_;
    QCheckBox* crosshair_;
};

}  // namespace tomoloupe
