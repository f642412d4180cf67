#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// Lines over steps: what was measured, faint, and its running mean on top. Axes fit themselves.
class CurveChart : public QWidget {
    Q_OBJECT
  public:
    struct Curve {
        QString name;
        QColor colour;
        std::vector<QPointF> points;  ///< (step, value), steps ascending
    };

    CurveChart(const QString& name, const QString& title, QWidget* parent = nullptr);

    void setCurves(std::vector<Curve> curves);
    /// Adds to the curve of this name; it must be there.
    void append(const QString& curve, const std::vector<QPointF>& points);
    [[nodiscard]] bool has(const QString& curve) const;
    /// Words in the middle while there is no point.
    void setEmptyText(const QString& text);
    /// Values are parts of one: the axis is drawn from 0 to 100 %.
    void setPercent(bool percent);
    /// Part of the running mean that stays from one point to the next: 0 draws what was measured, 0.99 is very smooth; below 0 the number of
    /// points decides.
    void setSmoothing(double keep);
    /// Values as their logarithm; those that are not above 0 are left out.
    void setLogarithmic(bool on);
    [[nodiscard]] const std::vector<Curve>& curves() const { return curves_; }
    [[nodiscard]] QSize sizeHint() const override { return {360, 200}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    struct Scale;
    [[nodiscard]] Scale scale() const;
    void fitLogarithmic(Scale& scale, double low, double high) const;
    [[nodiscard]] bool drawn(const QPointF& point) const;
    void drawGrid(QPainter& painter, const Scale& scale) const;
    void drawCurve(QPainter& painter, const Scale& scale, const Curve& curve) const;

    QString title_, emptyText_;
    std::vector<Curve> curves_;
    bool percent_ = false, logarithmic_ = false;
    double smoothing_ = -1;
};

}  // namespace tomoloupe
