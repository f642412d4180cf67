#pragma once

#include <QSplitter>

namespace tomoloupe {

class Navigator;

/// Navigator, page and side panels next to each other. In a narrow window the navigator folds to icons. Widths and
/// folds chosen by hand are kept, in the settings where `remember` holds.
class PanelSplitter : public QSplitter {
    Q_OBJECT
  public:
    PanelSplitter(Navigator* navigator, QWidget* pages, QWidget* side, bool remember, QWidget* parent = nullptr);
    /// By hand: holds for windows as wide, or as narrow, as this one.
    void fold(bool folded);
    /// After panels were shown or hidden.
    void place();

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    [[nodiscard]] bool narrow() const;
    void dragged(int handle);
    void store() const;

    Navigator* navigator_;
    QWidget* side_;
    bool remember_;
    bool foldedNarrow_ = true, foldedWide_ = false;
    int navigatorWidth_, sideWidth_;
};

}  // namespace tomoloupe
