#include "ui/panels/wizard_page.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/progress.h"
#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/panels/wizard_data_step.h"
#include "ui/panels/wizard_method_step.h"
#include "ui/panels/wizard_schedule_step.h"
#include "ui/panels/wizard_start_step.h"
#include "ui/panels/wizard_views_step.h"
#include "ui/panels/wizard_weights_step.h"

namespace tomoloupe {
namespace {

constexpr int kWidest = 900;

}  // namespace

WizardPage::WizardPage(const Workbench& workbench, TrainingDraft::Kind kind, QWidget* parent)
    : QWidget(parent), bench_(workbench), draft_(kind), preflight_(workbench, draft_) {
    setObjectName(name() + QStringLiteral("Wizard"));
    auto* main = new QVBoxLayout;
    main->setContentsMargins(0, 0, 0, 0);
    main->setSpacing(0);
    content_ = new QStackedWidget(this);
    main->addWidget(content_, 1);
    main->addWidget(buildFoot());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildSteps());
    row->addLayout(main, 1);
    const WizardParts parts{bench_, draft_, preflight_, name()};
    addStep(new WizardDataStep(parts, content_));
    if (!draft_.pretrains()) addStep(new WizardWeightsStep(parts, content_));
    addStep(new WizardMethodStep(parts, content_));
    addStep(new WizardViewsStep(parts, content_));
    addStep(new WizardScheduleStep(parts, content_));
    auto* last = new WizardStartStep(parts, content_);
    addStep(last);
    stepColumn_->addSpacing(12);
    addStep(new WizardAdvancedStep(parts, content_));
    stepColumn_->addStretch(1);
    connect(last, &WizardStartStep::prepareWanted, this, [this] { start(true); });
    connect(&preflight_, &Preflight::changed, this, &WizardPage::updateMarks);
    connect(&draft_, &TrainingDraft::changed, this, &WizardPage::updateStart);
    showStep(0);
}

WizardPage::~WizardPage() = default;

QWidget* WizardPage::buildSteps() {
    auto* side = new QWidget(this);
    side->setProperty("role", QStringLiteral("steps"));
    side->setAttribute(Qt::WA_StyledBackground);
    side->setFixedWidth(216);
    stepColumn_ = new QVBoxLayout(side);
    stepColumn_->setContentsMargins(8, 16, 8, 12);
    stepColumn_->setSpacing(4);
    QLabel* title = makeLabel(draft_.pretrains() ? tr("Pre-train") : tr("Fine-tune"), "heading", side);
    title->setContentsMargins(8, 0, 0, 8);
    stepColumn_->addWidget(title);
    stepGroup_ = new QButtonGroup(this);
    stepGroup_->setExclusive(true);
    connect(stepGroup_, &QButtonGroup::idClicked, this, &WizardPage::showStep);
    return side;
}

QWidget* WizardPage::buildFoot() {
    auto* foot = new QWidget(this);
    foot->setProperty("role", QStringLiteral("bottombar"));
    foot->setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(24, 10, 24, 10);
    row->setSpacing(8);
    const auto button = [&](const QString& text, const char* what, const QString& help) {
        QPushButton* made = makeButton(text, "", foot);
        made->setObjectName(name() + QString::fromLatin1(what));
        made->setToolTip(help);
        return made;
    };
    QPushButton* close = button(tr("Close"), "Close", tr("Back to the runs; what was set stays set"));
    back_ = button(tr("‹ Back"), "Back", tr("The step before (Alt+Left)"));
    back_->setShortcut(Qt::ALT | Qt::Key_Left);
    next_ = button(tr("Next ›"), "Next", tr("The next step (Alt+Right)"));
    next_->setShortcut(Qt::ALT | Qt::Key_Right);
    note_ = makeLabel({}, "muted", foot);
    note_->setObjectName(name() + QStringLiteral("Note"));
    note_->setWordWrap(true);
    start_ = makePrimaryButton(tr("Start"), draft_.pretrains() ? "startPretrain" : "startFinetune", foot);
    start_->setToolTip(tr("Starts in the background (Ctrl+Return)"));
    start_->setShortcut(Qt::CTRL | Qt::Key_Return);
    row->addWidget(close);
    row->addWidget(note_, 1);
    row->addWidget(back_);
    row->addWidget(next_);
    row->addWidget(start_);
    connect(close, &QPushButton::clicked, this, &WizardPage::closed);
    connect(back_, &QPushButton::clicked, this, [this] { showStep(step_ - 1); });
    connect(next_, &QPushButton::clicked, this, [this] { showStep(step_ + 1); });
    connect(start_, &QPushButton::clicked, this, [this] { start(false); });
    return foot;
}

void WizardPage::addStep(WizardStep* step) {
    const int number = stepCount();
    steps_.push_back(step);
    auto* scroll = new QScrollArea(content_);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    step->setMaximumWidth(kWidest);
    scroll->setWidget(step);
    content_->addWidget(scroll);
    QPushButton* button = makeButton(step->title(), "", this);
    button->setObjectName(name() + QStringLiteral("Step%1").arg(number + 1));
    button->setAccessibleName(step->title());
    button->setCheckable(true);
    setRole(button, "step");
    stepGroup_->addButton(button, number);
    stepButtons_.push_back(button);
    stepColumn_->addWidget(button);
    connect(step, &WizardStep::validityChanged, this, &WizardPage::updateMarks);
}

void WizardPage::open() {
    showStep(0);
    preflight_.begin(false);
    stepButtons_.front()->setFocus();
}

void WizardPage::openWith(const RunConfig& config) {
    const QString problem = draft_.take(config);
    open();
    if (!problem.isEmpty()) note_->setText(problem);
}

void WizardPage::showStep(int step) {
    if (step < 0 || step >= stepCount()) return;
    steps_[static_cast<std::size_t>(step_)]->leave();
    step_ = step;
    content_->setCurrentIndex(step);
    stepButtons_[static_cast<std::size_t>(step)]->setChecked(true);
    const int last = stepCount() - 2;  // All options stand aside
    back_->setEnabled(step > 0 && step <= last);
    next_->setEnabled(step < last);
    steps_[static_cast<std::size_t>(step)]->enter();
    // Time and memory are measured where they are shown; looking elsewhere must not cost a core.
    if (isVisible()) preflight_.begin(step >= last - 1 && step <= last);
    updateMarks();
}

void WizardPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    preflight_.end();
}

void WizardPage::updateMarks() {
    const int last = stepCount() - 2;
    for (int i = 0; i < stepCount(); ++i) {
        const WizardStep& step = *steps_[static_cast<std::size_t>(i)];
        auto worst = Finding::Level::Good;
        for (const Finding& finding : preflight_.findings()) {
            if (i == last || step.tells(finding)) worst = std::max(worst, finding.level);
        }
        if (!step.valid()) worst = Finding::Level::Error;
        const bool known = !preflight_.findings().empty() && i <= last;
        const QString sign = !known ? QString() : worst == Finding::Level::Error ? QStringLiteral("✕") : worst == Finding::Level::Warning ? QStringLiteral("!") : QStringLiteral("✓");
        const QString number = i > last ? QStringLiteral("⋯") : QString::number(i + 1);
        QPushButton* button = stepButtons_[static_cast<std::size_t>(i)];
        button->setText(QStringLiteral("%1  %2%3").arg(number, step.title(), sign.isEmpty() ? QString() : QStringLiteral("  ") + sign));
        button->setToolTip(worst == Finding::Level::Error ? tr("Something here keeps it from starting") : worst == Finding::Level::Warning ? tr("There is a warning here") : step.title());
        setRole(button, !known || worst == Finding::Level::Good ? "step" : worst == Finding::Level::Error ? "step-bad" : "step-warn");
    }
    updateStart();
}

void WizardPage::updateStart() {
    const bool valid = std::all_of(steps_.begin(), steps_.end(), [](const WizardStep* step) { return step->valid(); });
    const auto& findings = preflight_.findings();
    const bool free = valid && !findings.empty() && mayStart(findings) && !draft_.set().isEmpty();
    start_->setEnabled(free);
    const std::size_t runs = draft_.configs().size();
    const QString words = runs > 1 ? tr("Start %1 runs").arg(runs) : tr("Start");
    if (start_->text() != words) {
        const QKeySequence keys = start_->shortcut();  // a new text forgets them
        start_->setText(words);
        start_->setShortcut(keys);
    }
    if (!valid) {
        note_->setText(tr("One of the values cannot be used."));
    } else if (!free) {
        const auto wrong = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) { return finding.level == Finding::Level::Error; });
        note_->setText(wrong == findings.end() ? tr("Reading…") : toQString(wrong->sentence));
    } else if (const auto trial = preflight_.trial()) {
        note_->setText(tr("About %1 · %2").arg(toQString(durationText(trial->seconds * static_cast<double>(runs))), toQString(bytesText(trial->memoryBytes))));
    } else {
        note_->setText(preflight_.measuring() ? tr("Measuring time and memory…") : tr("Ready to start."));
    }
    setRole(note_, valid && free ? "muted" : "warn");
}

void WizardPage::start(bool prepareOnly) {
    QString first;
    for (const RunConfig& config : draft_.configs()) {
        const QString id = prepareOnly ? bench_.launcher.prepare(config) : bench_.launcher.start(config);
        if (id.isEmpty()) break;
        if (first.isEmpty()) first = id;
    }
    if (!first.isEmpty()) Q_EMIT started(first);
}

}  // namespace tomoloupe
