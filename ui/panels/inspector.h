#pragma once

#include <QImage>
#include <QWidget>
#include <array>

#include "core/data/subtomogram_source.h"
#include "ui/models/workbench.h"

class QGridLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace tomoloupe {

class ClassPanel;
class SurfaceView;

/// The current particle at a glance: slices, its surface beside the average of its class, where it lies, its label and
/// how it came to it, what the model thinks. The classes are edited in its place.
class Inspector : public QWidget {
    Q_OBJECT
  public:
    explicit Inspector(const Workbench& workbench, QWidget* parent = nullptr);

    void editClasses();
    /// The labels in use with those of this set, where classes are edited.
    void compareLabels(const QString& labelSet);

  Q_SIGNALS:
    void explainWanted();

  private:
    class Bars;
    class Slices;
    QWidget* buildParticle();
    void addPictures(QVBoxLayout* column);
    void addLabelling(QVBoxLayout* column);
    void showLabel();
    void showHistory();
    void averageClass();
    void showParticle();
    void readVolume();
    /// The current particle's tomogram is among the project's.
    [[nodiscard]] bool inKnownTomogram() const;
    void showFacts();
    void addFact(const QString& name, const QString& value, const QString& colour = {});
    void showPrediction();

    Workbench bench_;
    Latest latestVolume_ = makeLatest(), latestAverage_ = makeLatest();
    std::int64_t averagedClass_ = 0;
    std::shared_ptr<const SubtomogramSource> source_;  ///< of the current set
    Volume volume_;         ///< whose surface is shown once the keys rest
    QTimer* surfaceDelay_;
    QLabel* title_;
    Slices* slices_;
    QLabel* problem_;
    SurfaceView* surface_;
    SurfaceView* average_;
    QWidget* facts_;
    QGridLayout* factRows_;
    QLabel* predictionTitle_;
    Bars* bars_;
    QPushButton* explain_;
    QPushButton* undo_;
    QLabel* history_;
    QStackedWidget* stack_;
    ClassPanel* classes_;
    QWidget* body_;
    QLabel* empty_;
};

}  // namespace tomoloupe
