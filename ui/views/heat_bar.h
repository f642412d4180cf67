#pragma once

#include <QWidget>

#include "ui/render/colour_map.h"

namespace tomoloupe {

/// The heat colours from 0 to 1 with the threshold.
class HeatBar : public QWidget {
    Q_OBJECT
  public:
    explicit HeatBar(QWidget* parent = nullptr);
    void setHeatStyle(const HeatStyle& style);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    HeatStyle style_;
};

}  // namespace tomoloupe
