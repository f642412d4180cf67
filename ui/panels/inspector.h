#pragma once

#include <QImage>
#include <QWidget>
#include <array>

#include "ui/models/workbench.h"

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tomoloupe {

class SurfaceView;

/// The current particle at a glance: slices, surface, where it lies, its label, what the model thinks.
class Inspector : public QWidget {
    Q_OBJECT
  public:
    explicit Inspector(const Workbench& workbench, QWidget* parent = nullptr);

  Q_SIGNALS:
    void explainWanted();

  private:
    class Bars;
    class Slices;
    void showParticle();
    void readVolume();
    void showFacts();
    void addFact(const QString& name, const QString& value, const QString& colour = {});
    void showPrediction();

    Workbench bench_;
    Latest latestVolume_ = makeLatest();
    QLabel* title_;
    Slices* slices_;
    SurfaceView* surface_;
    QWidget* facts_;
    QGridLayout* factRows_;
    QLabel* predictionTitle_;
    Bars* bars_;
    QPushButton* explain_;
    QWidget* body_;
    QLabel* empty_;
};

}  // namespace tomoloupe
