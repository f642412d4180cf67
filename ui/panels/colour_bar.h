#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// Colours from low to high with the numbers at both ends.
class ColourBar : public QWidget {
    Q_OBJECT
  public:
    explicit ColourBar(const QString& name, QWidget* parent = nullptr);
    void setRamp(const std::vector<QColor>& ramp);
    void setEnds(double low, double high);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<QColor> ramp_;
    double low_ = 0, high_ = 1;
};

}  // namespace tomoloupe
