#pragma once

#include <QWidget>
#include <vector>

#include "ui/models/preflight.h"
#include "ui/panels/wizard_step.h"

class QButtonGroup;
class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace tomoloupe {

class WizardStartStep;

/// Puts a training together step by step: steps at the side, any of which can be gone to at any time, and Start as soon as nothing is in
/// its way. A part of the train page, no dialog.
class WizardPage : public QWidget {
    Q_OBJECT
  public:
    WizardPage(const Workbench& workbench, TrainingDraft::Kind kind, QWidget* parent = nullptr);
    ~WizardPage() override;

    /// Comes into sight, at the first step.
    void open();
    /// With the options of another run.
    void openWith(const RunConfig& config);
    [[nodiscard]] TrainingDraft& draft() { return draft_; }
    [[nodiscard]] Preflight& preflight() { return preflight_; }
    void showStep(int step);
    [[nodiscard]] int step() const { return step_; }
    [[nodiscard]] int stepCount() const { return static_cast<int>(steps_.size()); }

  Q_SIGNALS:
    void started(const QString& runId);
    void closed();

  protected:
    void hideEvent(QHideEvent* event) override;

  private:
    QWidget* buildSteps();
    QWidget* buildFoot();
    void addStep(WizardStep* step);
    void updateMarks();
    void updateStart();
    void start(bool prepareOnly);
    [[nodiscard]] QString name() const { return draft_.pretrains() ? QStringLiteral("pretrain") : QStringLiteral("finetune"); }

    Workbench bench_;
    TrainingDraft draft_;
    Preflight preflight_;
    std::vector<WizardStep*> steps_;
    std::vector<QPushButton*> stepButtons_;
    QVBoxLayout* stepColumn_ = nullptr;
    QButtonGroup* stepGroup_ = nullptr;
    QStackedWidget* content_ = nullptr;
    QPushButton* back_ = nullptr;
    QPushButton* next_ = nullptr;
    QPushButton* start_ = nullptr;
    QLabel* note_ = nullptr;
    int step_ = 0;
};

}  // namespace tomoloupe
