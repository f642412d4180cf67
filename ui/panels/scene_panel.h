#pragma once

#include <QWidget>

#include "ui/render/particle_glyphs.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace tomoloupe {

class ValueSlider;

/// What stands at the particles in three dimensions, and how it is looked at.
class ScenePanel : public QWidget {
    Q_OBJECT
  public:
    enum Shape { Spheres, Boxes, Centres, Nothing };
    enum MapSource { NoMap, ClassAverages, FromFile };

    explicit ScenePanel(QWidget* parent = nullptr);

    [[nodiscard]] Shape shape() const;
    void setShape(Shape shape);
    void setPerspective(bool perspective);
    [[nodiscard]] MapSource mapSource() const;
    void setMapSource(MapSource source);
    [[nodiscard]] double mapSigmas() const;
    [[nodiscard]] bool perspective() const;
    [[nodiscard]] bool large() const;
    void setLarge(bool large);
    /// What is drawn; empty: no words.
    void setMapWords(const QString& words);
    void setTriangles(std::int64_t triangles);

  Q_SIGNALS:
    void shapeChanged();
    /// Also when a file is chosen anew.
    void mapSourceChosen(int source);
    void mapLevelChanged();
    void perspectiveChanged();
    void largeChanged();
    void wholeWanted();
    void blockWanted();

  private:
    QComboBox *shape_, *map_;
    ValueSlider* level_;
    QLabel *mapWords_, *triangles_;
    QCheckBox *perspective_, *large_;
};

}  // namespace tomoloupe
