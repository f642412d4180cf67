#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

class QCheckBox;
class QLabel;
class QSlider;

namespace tomoloupe {

class HistogramView;
class ValueSlider;

/// From which density on the volume in the corner is shown, which pieces of it are dust, and whether as surface or
/// cloud.
class SurfacePanel : public QWidget {
    Q_OBJECT
  public:
    /// Standard deviations from the mean that level and histogram reach, towards the denser side.
    static constexpr double kMostSigmas = 5;

    explicit SurfacePanel(QWidget* parent = nullptr);

    /// Of densities from -kMostSigmas to kMostSigmas.
    void setHistogram(std::vector<std::int64_t> counts);
    [[nodiscard]] double levelSigmas() const;
    /// Smaller pieces are left out; 0: all are shown.
    [[nodiscard]] double dustCubicNanometres() const;
    [[nodiscard]] bool cloud() const;

  Q_SIGNALS:
    void levelChanged();
    void dustChanged();
    void cloudChanged();

  private:
    void showLevel();

    HistogramView* histogram_;
    QSlider* level_;
    QLabel* levelText_;
    ValueSlider* dust_;
    QCheckBox* cloud_;
};

}  // namespace tomoloupe
