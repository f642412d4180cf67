#pragma once

#include <QWidget>
#include <set>
#include <vector>

#include "ui/models/particle_overlay.h"
#include "ui/models/project_model.h"
#include "ui/panels/orthogonal_views.h"

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace tomoloupe {

/// Which particles are circled over the slices, and what their colours tell.
class ParticlePanel : public QWidget {
    Q_OBJECT
  public:
    enum Colouring { ByClass, ByPrediction, ByScore, BySet };

    /// Borrows the project.
    explicit ParticlePanel(const ProjectModel& project, QWidget* parent = nullptr);

    void setParticles(std::vector<OverlayParticle> particles);
    void setColouring(Colouring colouring);
    void showSet(std::int64_t setId, bool shown);
    /// Those of the sets shown.
    [[nodiscard]] std::vector<PlacedParticle> shown() const;
    [[nodiscard]] std::vector<ParticleMark> marks() const;
    [[nodiscard]] SliceLegend legend() const;

  Q_SIGNALS:
    void changed();

  private:
    void listSets();
    [[nodiscard]] Colouring colouring() const;
    [[nodiscard]] bool isShown(const OverlayParticle& particle) const {
        return !hidden_.contains(particle.placed.setId);
    }
    /// As it stands now in the set that is open, else as it was read.
    [[nodiscard]] std::int64_t labelOf(const OverlayParticle& particle) const;
    [[nodiscard]] QColor colourOf(const OverlayParticle& particle) const;
    [[nodiscard]] QColor classColour(std::int64_t classId) const;
    [[nodiscard]] QColor scoreColour(double score) const;
    [[nodiscard]] std::vector<std::int64_t> setsHere() const;

    const ProjectModel& project_;
    std::vector<OverlayParticle> particles_;
    double leastScore_ = 0, mostScore_ = 1;
    std::set<std::int64_t> hidden_;
    QComboBox* colouring_;
    QLabel* none_;
    QVBoxLayout* sets_;
};

}  // namespace tomoloupe
