#pragma once

#include "ui/models/views_preview.h"
#include "ui/panels/wizard_step.h"

class QLabel;
class QStackedWidget;

namespace tomoloupe {

class ViewsGrid;

/// How views of a particle are made, with eight of them before one's eyes.
class WizardViewsStep : public WizardStep {
    Q_OBJECT
  public:
    WizardViewsStep(const WizardParts& parts, QWidget* parent);
    void enter() override;
    void leave() override { inSight_ = false; }

  private:
    QWidget* buildForms();
    QWidget* buildPreview();
    void showKind();
    void ask();

    ViewsPreviewModel preview_;
    QTreeWidget* kinds_ = nullptr;
    QStackedWidget* forms_ = nullptr;
    ViewsGrid* grid_ = nullptr;
    std::int64_t particle_ = 0;
    std::uint64_t seed_ = 1;
    bool inSight_ = false;
};

}  // namespace tomoloupe
