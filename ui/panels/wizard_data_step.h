#pragma once

#include "ui/panels/wizard_step.h"

class QComboBox;
class QLabel;

namespace tomoloupe {

/// Which particles are learnt from; for fine-tuning which labels too, with their counts.
class WizardDataStep : public WizardStep {
    Q_OBJECT
  public:
    WizardDataStep(const WizardParts& parts, QWidget* parent);

  private:
    void addChoices();
    void addClasses();
    void reloadSets();
    void reloadLabelSets();
    void showFacts();
    void showClasses();

    QComboBox* set_;
    QComboBox* labelSet_ = nullptr;
    QLabel* facts_;
    QTreeWidget* classes_ = nullptr;
};

}  // namespace tomoloupe
