#pragma once

#include <QWidget>
#include <vector>

#include "ui/models/map_colours.h"
#include "ui/models/map_groups.h"
#include "ui/views/map_view.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTreeWidget;
class QVBoxLayout;

namespace tomoloupe {

class ColourBar;

/// Beside the map: by what points are coloured, the legend, whose rows select, groups and what becomes of them, and neighbours.
class MapSide : public QWidget {
    Q_OBJECT
  public:
    explicit MapSide(QWidget* parent = nullptr);

    void setColumns(const QStringList& columns);
    [[nodiscard]] MapColour colour() const;
    /// Of the source table, where the colour is by one.
    [[nodiscard]] QString column() const;
    void setColour(MapColour colour);
    void setColouring(const MapColouring& colouring, const std::vector<PointStyle>& styles, const QColor& plain);
    /// Of the ends of a colour bar; from low to high.
    void setRamp(const std::vector<QColor>& ramp);
    /// A sentence below the legend that says why it is empty; empty: none.
    void setNote(const QString& sentence);
    void setBusy(bool busy);
    /// What "label" would act on: groups found and their number.
    void setGroups(int count, std::int64_t between);
    [[nodiscard]] int neighbours() const;

  Q_SIGNALS:
    void colourChanged();
    /// A row of the legend; -1: those without a category.
    void categoryChosen(int category, tomoloupe::MapView::Change change);
    void groupsWanted(tomoloupe::MapGroups::Method method, int number);
    /// The chosen group becomes a class of this name.
    void groupLabelWanted(int group, const QString& className);
    /// Every group becomes a class "group N".
    void allGroupsLabelWanted();
    void neighboursWanted(int count);

  private:
    void buildColours(QVBoxLayout* column);
    void buildGroups(QVBoxLayout* column);
    void buildNeighbours(QVBoxLayout* column);
    void showMethod();
    void showGroupTools();
    [[nodiscard]] MapGroups::Method method() const;

    QComboBox *colour_ = nullptr, *method_ = nullptr;
    QTreeWidget* legend_ = nullptr;
    ColourBar* bar_ = nullptr;
    QLabel *note_ = nullptr, *groupNote_ = nullptr;
    QSpinBox *number_ = nullptr, *minimum_ = nullptr, *neighbours_ = nullptr;
    QPushButton *find_ = nullptr, *label_ = nullptr, *labelAll_ = nullptr;
    QLineEdit* name_ = nullptr;
    int groups_ = 0, chosen_ = -1;
};

}  // namespace tomoloupe
