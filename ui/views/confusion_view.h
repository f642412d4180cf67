#pragma once

#include <QColor>
#include <QStringList>
#include <QWidget>
#include <optional>
#include <vector>

namespace tomoloupe {

/// A confusion matrix: rows are true classes, columns what they were called. Cells are as strong as their part of the
/// row; what is wrong has another colour. A click, or Enter on the cell that the arrow keys chose, tells which cell is
/// wanted.
class ConfusionView : public QWidget {
    Q_OBJECT
  public:
    struct Matrix {
        QStringList names;
        std::vector<QColor> colours;
        std::vector<qint64> counts;  ///< row after row
    };
    struct Cell {
        int row = 0, column = 0;
        friend bool operator==(const Cell&, const Cell&) = default;
    };

    explicit ConfusionView(const QString& name, QWidget* parent = nullptr);
    void setMatrix(Matrix matrix);
    /// Parts of the row in percent instead of counts.
    void setPercent(bool percent);
    /// Where a cell is, in the widget's coordinates.
    [[nodiscard]] QRectF cellRect(Cell cell) const;
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 240}; }

  Q_SIGNALS:
    void cellChosen(int row, int column);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

  private:
    [[nodiscard]] int classes() const { return static_cast<int>(matrix_.names.size()); }
    [[nodiscard]] qint64 count(Cell cell) const;
    [[nodiscard]] double share(Cell cell) const;
    [[nodiscard]] std::optional<Cell> cellAt(QPointF position) const;
    [[nodiscard]] QRectF grid() const;
    [[nodiscard]] QString sentence(Cell cell) const;
    void paintCell(QPainter& painter, Cell cell) const;
    void paintNames(QPainter& painter) const;
    void moveTo(Cell cell);

    Matrix matrix_;
    std::optional<Cell> hovered_;
    Cell current_;
    bool percent_ = false;
};

}  // namespace tomoloupe
