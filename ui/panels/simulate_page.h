#pragma once

#include <QWidget>
#include <array>

#include "core/recipe/recipe.h"
#include "ui/models/plane.h"
#include "ui/models/simulation_preview.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace tomoloupe {

class OptionForm;
class OrthogonalViews;
class SidePanel;
class StructureList;
class ValueSlider;

/// Made-up subtomograms: what the options mean for one of them, seen while they are moved, and the button that makes a
/// labelled set of them.
class SimulatePage : public QWidget {
    Q_OBJECT
  public:
    explicit SimulatePage(const Workbench& workbench, QWidget* parent = nullptr);
    [[nodiscard]] const SimulateOptions& options() const { return options_; }
    /// Imaged, and without noise.
    [[nodiscard]] OrthogonalViews* imagedViews() const { return views_[0]; }
    [[nodiscard]] OrthogonalViews* cleanViews() const { return views_[1]; }

  private:
    QWidget* buildPreview();
    QWidget* buildViews(int side, const QString& title);
    void buildForm();
    void buildClasses(QVBoxLayout* form);
    void buildSliders(QVBoxLayout* form);
    void buildFoot(QVBoxLayout* foot);
    void connectModels();
    void applyRecipe(const QString& name);
    void readStructures();
    /// The controls show options_.
    void showOptions();
    void optionsChanged();
    void ask();
    void goTo(std::int64_t example);
    void showPreview(const SimulationPreview& preview, std::int64_t index);
    void showSlice(int side, Plane plane, std::int64_t index);
    void showState(const QString& problem = {});
    void updateFoot();
    [[nodiscard]] QString missing() const;
    void start();

    Workbench bench_;
    SimulateOptions options_;
    SimulationPreviewModel preview_;
    std::array<OrthogonalViews*, 2> views_{};
    std::array<Volume, 2> volumes_;
    SidePanel* side_ = nullptr;
    QComboBox* recipe_ = nullptr;
    StructureList* structures_ = nullptr;
    QLabel* structuresNote_ = nullptr;
    std::array<ValueSlider*, 6> sliders_{};
    QComboBox* scope_ = nullptr;
    OptionForm* more_ = nullptr;
    QLabel* title_ = nullptr;
    QLabel* figures_ = nullptr;
    QLabel* problem_ = nullptr;
    QPushButton* previous_ = nullptr;
    QPushButton* compare_ = nullptr;
    QLineEdit* setName_ = nullptr;
    QSpinBox* perClass_ = nullptr;
    QSpinBox* seed_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton* start_ = nullptr;
    std::int64_t example_ = 0;
    QString figuresText_;
};

}  // namespace tomoloupe
