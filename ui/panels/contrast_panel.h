#pragma once

#include <QWidget>

#include "ui/models/tomogram_model.h"

class QLabel;

namespace tomoloupe {

class HistogramView;
class RangeSlider;

/// Which grey value is black and which is white, chosen over the histogram of the greys.
class ContrastPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ContrastPanel(QWidget* parent = nullptr);

    /// New greys; the contrast is theirs, or stays where it was put by hand. Emits changed().
    void setGreys(const Greys& greys, bool automatic);
    [[nodiscard]] ContrastRange contrast() const { return contrast_; }
    /// Nobody has moved a handle since the last automatic contrast.
    [[nodiscard]] bool automatic() const { return automatic_; }
    void makeAutomatic();

  Q_SIGNALS:
    void changed();

  private:
    void showContrast();

    Greys greys_;
    ContrastRange contrast_;
    bool automatic_ = true;
    HistogramView* histogram_;
    RangeSlider* slider_;
    QLabel* black_;
    QLabel* white_;
};

}  // namespace tomoloupe
