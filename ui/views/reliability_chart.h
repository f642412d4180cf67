#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// How often a model is right beside how sure it says it is, with the number of particles below.
class ReliabilityChart : public QWidget {
    Q_OBJECT
  public:
    struct Bin {
        double low = 0, high = 1;
        qint64 count = 0;
        double confidence = 0, accuracy = 0;
    };

    ReliabilityChart(const QString& name, QWidget* parent = nullptr);
    void setBins(std::vector<Bin> bins, double expectedError);
    [[nodiscard]] QSize sizeHint() const override { return {300, 240}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 200}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    [[nodiscard]] QRectF plot() const;
    void paintAxes(QPainter& painter) const;
    void paintBins(QPainter& painter) const;

    std::vector<Bin> bins_;
    double error_ = 0;
};

}  // namespace tomoloupe
