#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// Precision, recall and F1 of classes, a row each with a bar and its number. As high as its rows need.
class ClassBars : public QWidget {
    Q_OBJECT
  public:
    struct Row {
        QString name;
        QColor colour;
        qint64 count = 0;  ///< members
        double precision = 0, recall = 0, f1 = 0;
    };

    explicit ClassBars(const QString& name, QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, sizeHint().height()}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    void paintRow(QPainter& painter, const Row& row, double y) const;
    [[nodiscard]] double nameWidth() const;

    std::vector<Row> rows_;
};

}  // namespace tomoloupe
