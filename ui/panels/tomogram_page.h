#pragma once

#include <QKeySequence>
#include <QWidget>
#include <filesystem>
#include <functional>
#include <set>
#include <vector>

#include "ui/models/tomogram_model.h"
#include "ui/models/workbench.h"
#include "ui/panels/picture_panel.h"
#include "ui/render/particle_glyphs.h"

class QLabel;
class QHBoxLayout;
class QPushButton;
class QSpinBox;
class QStackedLayout;
class QTimer;

namespace tomoloupe {

class ContrastPanel;
class DropButton;
class HandPicking;
class PickStrip;
class DisplayFilterPanel;
class ObliquePane;
class ObliquePanel;
class OrthogonalViews;
class ParticlePanel;
class PlacedMaps;
class ScenePanel;
class SurfacePanel;

/// The current tomogram: three linked slices, its surface, the particles in it.
class TomogramPage : public QWidget {
    Q_OBJECT
  public:
    explicit TomogramPage(const Workbench& workbench, QWidget* parent = nullptr);

    /// A file of its own, without a project.
    void openFile(const std::filesystem::path& path);
    [[nodiscard]] OrthogonalViews* views() const { return views_; }
    [[nodiscard]] const TomogramModel& tomogram() const { return tomogram_; }
    [[nodiscard]] ObliquePane* oblique() const { return oblique_; }
    [[nodiscard]] PlacedMaps* maps() const { return maps_; }
    /// Slices that a slab is the mean of, 1 to TomogramModel::kMostSlab.
    void setSlab(std::int64_t slices);
    void setFilter(const DisplayFilter& filter);

    /// Draws and writes one view as PNG in the background. Ends in pictureSaved().
    void savePicture(PicturePanel::View view, int width, const PictureParts& parts, const QString& path);

  Q_SIGNALS:
    /// Empty: it is there; else what went wrong.
    void pictureSaved(const QString& path, const QString& problem);
    void addTomogramWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct ActionSpec {
        QString text, help;
        const char* name;
        QKeySequence key;
    };
    void buildToolBar();
    void addModes(QHBoxLayout* bar);
    void addPictureControls(QHBoxLayout* bar);
    void addParticleControls(QHBoxLayout* bar);
    void buildActions();
    void addPageAction(const ActionSpec& spec, const std::function<void()>& does);
    void applyStyle();
    void askWhereToSave();
    void tell(const QString& sentence);
    QWidget* buildEmptyPage();
    void connectModels();
    void connectPicking();
    void showTomogram();
    void showOpened();
    void readMarks();
    void showMarks();
    void showScene(const std::vector<PoseMark>& shown);
    void connectOblique();
    void rememberScene() const;
    void recallScene();
    void alignOblique();
    void connectScene();
    void chooseMap(int source);
    void chooseSceneParticle(std::size_t mark);
    void readColumn(const std::string& name);
    void goToParticle();
    void applyContrast();
    void applyLevel();
    void makeSurface();
    void chooseParticleAt(Plane plane, QPointF voxel);
    void tellOfParticleAt(Plane plane, QPointF voxel);
    /// What of the set that is open is the current particle; none: nothing is.
    [[nodiscard]] const Particle* currentParticle() const;
    /// Of the sets shown; those that picks stand for are left out.
    [[nodiscard]] std::vector<PlacedParticle> particlesAt(Plane plane, QPointF voxel) const;
    /// Particles that picks of this tomogram stand for.
    [[nodiscard]] std::set<std::int64_t> pickedHere() const;
    void showStrip();
    void applyPickSize();
    /// The slices in sight are those of the project's current tomogram.
    [[nodiscard]] bool isCurrent() const;

    Workbench bench_;
    TomogramModel tomogram_;
    Latest latestMarks_ = makeLatest();
    QStackedLayout* stack_;
    QWidget* toolBar_ = nullptr;
    OrthogonalViews* views_;
    HandPicking* picking_ = nullptr;
    PickStrip* strip_ = nullptr;
    std::filesystem::path opened_;  // that the slices are of
    // Changed while the page was not in sight: what nobody sees is not read.
    bool marksWait_ = false, particleWaits_ = false;
    QSpinBox* slab_ = nullptr;
    DropButton* filterButton_ = nullptr;
    DisplayFilterPanel* filter_ = nullptr;
    ContrastPanel* contrast_ = nullptr;
    QPushButton* invert_ = nullptr;
    QPushButton* particles_ = nullptr;
    DropButton* particleButton_ = nullptr;
    ParticlePanel* particlePanel_ = nullptr;
    SurfacePanel* surfacePanel_ = nullptr;
    ScenePanel* scenePanel_ = nullptr;
    PlacedMaps* maps_ = nullptr;
    std::vector<PlacedParticle> sceneParticles_;  ///< in the order of the marks in 3D; picks come after them
    ObliquePane* oblique_ = nullptr;
    ObliquePanel* obliquePanel_ = nullptr;
    Volume surfaceVolume_;
    Vec3 surfaceFirst_;  ///< its first voxel, in voxels of the tomogram
    int surfaceBinning_ = 1;
    Latest latestSurface_ = makeLatest();
    QLabel* emptyText_ = nullptr;
    QPushButton* addButton_ = nullptr;
    QTimer* surfaceDelay_;
    PicturePanel* picture_ = nullptr;
    QString message_;
};

}  // namespace tomoloupe
