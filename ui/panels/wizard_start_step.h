#pragma once

#include "ui/panels/wizard_step.h"

class QLabel;
class QPlainTextEdit;

namespace tomoloupe {

/// The list of everything that was found, and the same training as a command and as run.json.
class WizardStartStep : public WizardStep {
    Q_OBJECT
  public:
    WizardStartStep(const WizardParts& parts, QWidget* parent);
    /// Writes run.json of the first run; the sentence that says why not, else empty.
    QString saveRunJson(const QString& file) const;
    void enter() override { showDraft(); }

  Q_SIGNALS:
    /// Make the runs' folders, but start nothing.
    void prepareWanted();

  private:
    QWidget* buildCommand();
    void askToSave();
    void showDraft();

    QLabel* estimate_;
    FindingList* all_;
    QPlainTextEdit* command_ = nullptr;
    QLabel* told_ = nullptr;
};

/// Every option there is, for those who know what they want.
class WizardAdvancedStep : public WizardStep {
    Q_OBJECT
  public:
    WizardAdvancedStep(const WizardParts& parts, QWidget* parent);
    void enter() override;

  private:
    OptionForm* form_;
};

}  // namespace tomoloupe
