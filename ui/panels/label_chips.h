#pragma once

#include <QScrollArea>

#include "ui/models/workbench.h"

class QGridLayout;
class QLabel;

namespace tomoloupe {

/// The classes as buttons with colour and key: shows the current particle's label, and gives one by a click to the
/// selection, or to the current particle where nothing is selected. Keeps the keyboard where it is, and no more room
/// than a few rows: many classes scroll.
class LabelChips : public QScrollArea {
    Q_OBJECT
  public:
    explicit LabelChips(const Workbench& workbench, QWidget* parent = nullptr);

  private:
    class Chip;
    void rebuild();
    void showLabel();
    void give(std::int64_t classId);
    void takeHeight();

    Workbench bench_;
    QWidget* inner_;
    QGridLayout* grid_;
    QLabel* empty_;
    std::vector<Chip*> chips_;
};

}  // namespace tomoloupe
