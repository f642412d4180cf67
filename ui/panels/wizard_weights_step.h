#pragma once

#include "ui/panels/wizard_step.h"

class QCheckBox;
class QLabel;
class QSpinBox;

namespace tomoloupe {

/// Where fine-tuning starts from, how often it is repeated, and whether it is compared with random weights.
class WizardWeightsStep : public WizardStep {
    Q_OBJECT
  public:
    WizardWeightsStep(const WizardParts& parts, QWidget* parent);

  private:
    void addRuns();
    void reloadStarts();
    void askForFile();
    void showDraft();

    QTreeWidget* starts_;
    QSpinBox* runs_ = nullptr;
    QSpinBox* seed_ = nullptr;
    QCheckBox* random_ = nullptr;
    QLabel* count_ = nullptr;
};

}  // namespace tomoloupe
