#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// A proportion against a count, each with its interval, from 0 to 100 %: accuracy against number of labels.
class StandingChart : public QWidget {
    Q_OBJECT
  public:
    struct Point {
        double x = 0, value = 0, low = 0, high = 0;
        QString tip;
    };
    StandingChart(const QString& name, const QString& axis, QWidget* parent = nullptr);

    /// By x, ascending.
    void setPoints(std::vector<Point> points);
    void setEmptyText(const QString& text) { emptyText_ = text; }
    [[nodiscard]] const std::vector<Point>& points() const { return points_; }
    [[nodiscard]] QSize sizeHint() const override { return {260, 200}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] QPointF place(double x, double value) const;
    void drawGrid(QPainter& painter) const;
    void drawPoints(QPainter& painter) const;

    std::vector<Point> points_;
    QString axis_, emptyText_;
};

}  // namespace tomoloupe
