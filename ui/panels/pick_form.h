#pragma once

#include "core/recipe/recipe.h"
#include "ui/models/workbench.h"
#include "ui/panels/side_panel.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tomoloupe {

class OptionForm;
class StructureList;
class ValueSlider;

/// How particles are picked in the current tomogram, and the button that does it everywhere in it.
class PickForm : public SidePanel {
    Q_OBJECT
  public:
    explicit PickForm(const Workbench& workbench, QWidget* parent = nullptr);
    /// With the name of the tomogram chosen here.
    [[nodiscard]] const PickOptions& options() const { return options_; }
    /// Of the set that a run would make, or that the run started last makes.
    [[nodiscard]] QString setName() const;
    /// Every value can be used.
    [[nodiscard]] bool valid() const;

  Q_SIGNALS:
    /// What a preview shows may have changed.
    void optionsChanged();
    void started(const QString& runId);

  private:
    QWidget* buildCommon();
    QWidget* buildDog();
    QWidget* buildTemplate();
    void buildFoot();
    OptionForm* makeRest(const QStringList& names, const QString& name);
    void readStructures();
    void setMethod(const QString& method);
    void refresh();
    [[nodiscard]] QString missing() const;
    void start();

    Workbench bench_;
    PickOptions options_;
    QComboBox* method_ = nullptr;
    QWidget* dog_ = nullptr;
    QWidget* template_ = nullptr;
    ValueSlider* diameter_ = nullptr;
    StructureList* templates_ = nullptr;
    OptionForm* dogRest_ = nullptr;
    OptionForm* templateRest_ = nullptr;
    QLineEdit* setName_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton* start_ = nullptr;
    bool named_ = false;  // a person chose the set's name
};

/// Cuts the particles of a set out of their tomograms.
class ExtractForm : public SidePanel {
    Q_OBJECT
  public:
    explicit ExtractForm(const Workbench& workbench, QWidget* parent = nullptr);

  Q_SIGNALS:
    void started(const QString& runId);

  private:
    void reloadSets();
    void refresh();
    [[nodiscard]] QString missing() const;
    void start();

    Workbench bench_;
    ExtractOptions options_;
    QComboBox* set_;
    OptionForm* form_;
    QLabel* note_;
    QPushButton* start_;
};

}  // namespace tomoloupe
