#pragma once

#include "ui/panels/wizard_step.h"

class QComboBox;
class QLabel;
class QSpinBox;

namespace tomoloupe {

/// How long, how fast, on which device; for fine-tuning what is held out too. What it will take is told beside it.
class WizardScheduleStep : public WizardStep {
    Q_OBJECT
  public:
    WizardScheduleStep(const WizardParts& parts, QWidget* parent);

  private:
    QWidget* buildMachine();
    void showMachine();
    void showDraft();

    QComboBox* device_ = nullptr;
    QSpinBox* seed_ = nullptr;
    QLabel* time_ = nullptr;
    QLabel* memory_ = nullptr;
    QLabel* steps_ = nullptr;
};

}  // namespace tomoloupe
