#pragma once

#include <QBasicTimer>
#include <QPolygonF>
#include <QString>
#include <QWidget>
#include <span>
#include <vector>

#include "ui/views/map_canvas.h"

namespace tomoloupe {

/// A map of points: wheel zooms, a double click centres, the middle button (or the left one with the tool Move) pans, a click chooses a point, a line drawn with the
/// left button selects what it surrounds; Shift adds to the selection, Ctrl takes away from it. While a new picture is being drawn the last
/// one stands in for it, moved and scaled, so that a million points never hold up the window. Knows nothing of particles.
class MapView : public QWidget {
    Q_OBJECT
  public:
    enum class Tool { Lasso, Rectangle, Move };
    enum class Change { Replace, Add, Remove };

    explicit MapView(const QString& name, QWidget* parent = nullptr);

    /// x and y of each point. Another number of points, or `fit`: all of them come into sight.
    void setPoints(std::span<const float> positions, bool fit = false);
    [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(positions_.size() / 2); }
    /// See MapCanvas::setStyles().
    void setStyles(const std::vector<std::uint8_t>& styleOf, std::vector<PointStyle> styles);
    void setSelected(const std::vector<std::int64_t>& points);
    /// Ringed; -1: none.
    void setCurrent(std::int64_t point);
    void setTool(Tool tool);
    [[nodiscard]] Tool tool() const { return tool_; }
    /// Small words at the top left and the bottom left.
    void setCaption(const QString& top, const QString& bottom);
    [[nodiscard]] QString bottomCaption() const { return bottom_; }
    void fit();
    void zoom(double factor, const QPointF& around);

    [[nodiscard]] const MapTransform& transform() const { return transform_; }
    [[nodiscard]] QPointF positionOf(std::int64_t point) const;
    /// The nearest point within reach of a place in the widget; -1: none.
    [[nodiscard]] std::int64_t pointAt(const QPointF& place) const;
    /// The picture is that of now, whole.
    [[nodiscard]] bool drawn() const;

  Q_SIGNALS:
    /// By a click; `change` says what the keys held down ask for.
    void pointChosen(std::int64_t point, tomoloupe::MapView::Change change);
    void areaChosen(const std::vector<std::int64_t>& points, tomoloupe::MapView::Change change);
    /// The pointer rests on this point; -1: on none any more.
    void hovered(std::int64_t point);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

  private:
    [[nodiscard]] MapCanvas::Frame frame() const;
    /// What is shown no longer holds: a new picture is begun, when the last one is whole.
    void redraw();
    void drawOn();
    void setTransform(const MapTransform& transform);
    void rest(std::int64_t point);
    void drawMarks(QPainter& painter);
    void drawWords(QPainter& painter);
    [[nodiscard]] std::vector<std::int64_t> pointsWithin(const QPolygonF& area) const;
    [[nodiscard]] static Change changeOf(Qt::KeyboardModifiers keys);

    std::vector<float> positions_;
    MapCanvas canvas_;
    QImage shown_;  // the last whole picture, and what it shows
    MapTransform shownTransform_, transform_;
    bool stale_ = true;   // the picture being drawn is not of what is wanted now
    bool wantsFit_ = true;
    QBasicTimer drawing_, hoverDelay_;
    Tool tool_ = Tool::Lasso;
    std::int64_t current_ = -1, underPointer_ = -1;
    bool hovering_ = false;
    bool panning_ = false, pressed_ = false, dragged_ = false;
    QPointF pressedAt_, lastAt_;
    QPolygonF line_;
    QString top_, bottom_;
};

}  // namespace tomoloupe
