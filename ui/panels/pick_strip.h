#pragma once

#include <QWidget>

#include "ui/models/project_model.h"
#include "ui/panels/hand_picking.h"

class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace tomoloupe {

/// Below the tool bar while picks are made or wait: how many there are, how large they are drawn, and what becomes of
/// them. Borrows the project.
class PickStrip : public QWidget {
    Q_OBJECT
  public:
    explicit PickStrip(ProjectModel& project, QWidget* parent = nullptr);

    void setMode(HandPicking::Mode mode);
    /// In place of the hint, until something else happens.
    void tell(const QString& sentence);
    /// Taken while nobody has chosen one.
    void proposeDiameter(double angstrom);
    [[nodiscard]] double diameterAngstrom() const;
    /// 0: no box is drawn.
    [[nodiscard]] double boxVoxels() const;
    /// Something to say beyond the mode: picks wait, or were just made into a set.
    [[nodiscard]] bool wanted() const;

  Q_SIGNALS:
    void sizeChanged();
    void wantedChanged();

  private:
    void buildRow();
    void picksChanged();
    void showCounts();
    void proposeName();
    void checkName();
    void makeSet();
    void pickAgain();
    void showWords();
    [[nodiscard]] QString hint() const;

    ProjectModel& project_;
    HandPicking::Mode mode_ = HandPicking::Navigate;
    bool diameterChosen_ = false;
    QString told_, problem_;
    QString made_;  ///< what was told of the set made last; it stays while another tomogram comes up
    QLabel* counts_;
    QDoubleSpinBox* diameter_;
    QSpinBox* box_;
    QLineEdit* name_;
    QPushButton* make_;
    QPushButton* again_;
    QLabel* words_;
};

}  // namespace tomoloupe
