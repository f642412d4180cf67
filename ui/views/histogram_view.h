#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

namespace tomoloupe {

/// How often which value is, as small bars; what lies between two marks is lit. Lines up with a RangeSlider of the same
/// width below it. Heights are square roots, so that tails can be seen.
class HistogramView : public QWidget {
    Q_OBJECT
  public:
    explicit HistogramView(const QString& name, QWidget* parent = nullptr);

    void setCounts(std::vector<std::int64_t> counts);
    [[nodiscard]] const std::vector<std::int64_t>& counts() const { return counts_; }
    /// 0..1 across the histogram.
    void setMarks(double low, double high);
    [[nodiscard]] QSize sizeHint() const override { return {280, 72}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<std::int64_t> counts_;
    double low_ = 0, high_ = 1;
};

}  // namespace tomoloupe
