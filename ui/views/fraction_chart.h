#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// Accuracy over the part of the labels that was learnt from: every run as a dot, their mean as a line, their spread as
/// a bar.
class FractionChart : public QWidget {
    Q_OBJECT
  public:
    struct Point {
        double fraction = 1, mean = 0, spread = 0;
        std::vector<double> values;
    };
    struct Series {
        QString name;
        QColor colour;
        std::vector<Point> points;
    };

    explicit FractionChart(const QString& name, QWidget* parent = nullptr);
    void setSeries(std::vector<Series> series);
    [[nodiscard]] QSize sizeHint() const override { return {480, 320}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 200}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] QPointF place(double fraction, double accuracy) const;
    void paintAxes(QPainter& painter) const;
    void paintSeries(QPainter& painter, const Series& series, double shift) const;
    void paintLegend(QPainter& painter) const;

    std::vector<Series> series_;
    double least_ = 0.1;  // fraction at the left end
    double lowest_ = 0;   // accuracy at the bottom
};

}  // namespace tomoloupe
