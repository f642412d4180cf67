#pragma once

#include <QWidget>

namespace tomoloupe {

/// Two handles on one line: black and white of a picture. Values 0..1; the low handle never passes the high one.
class RangeSlider : public QWidget {
    Q_OBJECT
  public:
    explicit RangeSlider(const QString& name, QWidget* parent = nullptr);

    /// Emits nothing.
    void setRange(double low, double high);
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return high_; }
    [[nodiscard]] QSize sizeHint() const override { return {140, 24}; }

  Q_SIGNALS:
    void rangeChanged(double low, double high);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    [[nodiscard]] double xOf(double value) const;
    void moveHandle(double value);

    double low_ = 0, high_ = 1;
    bool movesHigh_ = false;
};

}  // namespace tomoloupe
