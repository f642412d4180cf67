#pragma once

#include <QWidget>

#include "core/volume/display_filter.h"

class QComboBox;
class QLabel;

namespace tomoloupe {

class ValueSlider;

/// The filter that slices are shown through; the file stays as it is.
class DisplayFilterPanel : public QWidget {
    Q_OBJECT
  public:
    explicit DisplayFilterPanel(QWidget* parent = nullptr);

    [[nodiscard]] const DisplayFilter& filter() const { return filter_; }
    /// Emits nothing.
    void setFilter(const DisplayFilter& filter);
    /// In as few words as a button holds.
    [[nodiscard]] static QString words(const DisplayFilter& filter);

  Q_SIGNALS:
    void changed();

  private:
    void showKind();
    void take();

    DisplayFilter filter_;
    QComboBox* kind_;
    ValueSlider* sigma_;
    ValueSlider* ratio_;
    ValueSlider* finest_;
    ValueSlider* coarsest_;
    QLabel* hint_;
};

}  // namespace tomoloupe
