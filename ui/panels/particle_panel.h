#pragma once

#include <QWidget>
#include <map>
#include <set>
#include <vector>

#include "ui/models/particle_overlay.h"
#include "ui/models/project_model.h"
#include "ui/panels/orthogonal_views.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QVBoxLayout;

namespace tomoloupe {

class MarkFilterPanel;

/// Which particles stand over the slices and in three dimensions, what their colours tell, and whether their axes are
/// drawn.
class ParticlePanel : public QWidget {
    Q_OBJECT
  public:
    enum Colouring { ByClass, ByPrediction, ByScore, BySet, ByColumn };

    /// One particle that is shown.
    struct Shown {
        PlacedParticle placed;
        QColor colour;
        bool current = false;
        std::int64_t classId = 0;  ///< its label, else what was predicted; 0: neither
    };

    /// Borrows the project.
    explicit ParticlePanel(const ProjectModel& project, QWidget* parent = nullptr);

    void setParticles(std::vector<OverlayParticle> particles);
    [[nodiscard]] const std::vector<OverlayParticle>& particles() const { return particles_; }
    /// Of all particles, in their order; answers columnWanted().
    void setColumn(const std::string& name, std::vector<std::string> texts);
    void setColouring(Colouring colouring);
    void showSet(std::int64_t setId, bool shown);
    /// Those of the sets shown that pass the filter.
    [[nodiscard]] std::vector<Shown> shown() const;
    [[nodiscard]] SliceLegend legend() const;
    [[nodiscard]] ParticleArrows arrows() const;
    void setArrows(const ParticleArrows& arrows);
    [[nodiscard]] MarkFilterPanel* filter() const { return filter_; }
    /// Classes and columns of the project as they are now.
    void readChoices();
    void updateCounts();

  Q_SIGNALS:
    void changed();
    void columnWanted(const std::string& name);

  private:
    void listSets();
    [[nodiscard]] Colouring colouring() const;
    [[nodiscard]] std::string colouringColumn() const;
    void askForColumns();
    [[nodiscard]] bool isShown(std::size_t particle) const;
    /// As it stands now in the set that is open, else as it was read.
    [[nodiscard]] std::int64_t labelOf(const OverlayParticle& particle) const;
    [[nodiscard]] QColor colourOf(std::size_t particle) const;
    [[nodiscard]] QColor columnColour(std::size_t particle) const;
    [[nodiscard]] QColor classColour(std::int64_t classId) const;
    [[nodiscard]] QColor strengthColour(double value, double least, double most) const;
    [[nodiscard]] SliceLegend stripLegend(double least, double most) const;
    [[nodiscard]] SliceLegend columnLegend() const;
    void findSets();
    [[nodiscard]] QColor colourOfSet(std::int64_t setId) const;

    /// A column as colours need it.
    struct Column {
        std::vector<std::string> texts;
        bool numeric = false;
        double least = 0, most = 1;
        std::vector<std::string> values;  ///< most frequent first
    };
    [[nodiscard]] const Column* column(const std::string& name) const;

    const ProjectModel& project_;
    std::vector<OverlayParticle> particles_;
    std::map<std::string, Column> columns_;
    std::set<std::string> askedColumns_;
    double leastScore_ = 0, mostScore_ = 1;
    std::set<std::int64_t> hidden_;
    std::vector<std::int64_t> here_;  ///< sets with particles in this tomogram
    QComboBox* colouring_;
    QCheckBox *axis_, *secondAxis_;
    QLabel* none_;
    QVBoxLayout* sets_;
    MarkFilterPanel* filter_;
};

}  // namespace tomoloupe
