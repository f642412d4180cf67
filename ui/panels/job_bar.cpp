#include "ui/panels/job_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

JobBar::JobBar(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("jobBar"));
    setProperty("role", QStringLiteral("bottombar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(36);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(12);
    title_ = makeLabel({}, "strong", this);
    progress_ = new QProgressBar(this);
    progress_->setObjectName(QStringLiteral("jobProgress"));
    progress_->setTextVisible(false);
    progress_->setRange(0, 1000);
    progress_->setFixedSize(220, 6);
    text_ = makeLabel({}, "plain", this);
    text_->setObjectName(QStringLiteral("jobText"));
    finish_ = makeButton(tr("Finish"), "jobFinish", this);
    finish_->setToolTip(tr("Stop soon and keep what was learnt"));
    cancel_ = makeButton(tr("Cancel"), "jobCancel", this);
    cancel_->setToolTip(tr("Stop now; the run can be resumed from its last checkpoint"));
    stored_ = makeLabel({}, "muted", this);
    stored_->setObjectName(QStringLiteral("storedText"));
    for (QWidget* widget :
         {static_cast<QWidget*>(title_), static_cast<QWidget*>(progress_), static_cast<QWidget*>(text_),
          static_cast<QWidget*>(finish_), static_cast<QWidget*>(cancel_)}) {
        row->addWidget(widget);
    }
    row->addStretch(1);
    row->addWidget(stored_);
    auto ask = [this](StopWish wish) {
        const std::vector<int> jobs = bench_.jobs.active();
        if (jobs.empty()) return;
        asked_ = jobs.front();
        bench_.jobs.request(asked_, wish);
        text_->setText(wish == StopWish::Finish ? tr("finishing…") : tr("cancelling…"));
    };
    connect(finish_, &QPushButton::clicked, this, [ask] { ask(StopWish::Finish); });
    connect(cancel_, &QPushButton::clicked, this, [ask] { ask(StopWish::Cancel); });
    connect(&bench_.jobs, &JobController::started, this, &JobBar::showJob);
    connect(&bench_.jobs, &JobController::progressed, this, &JobBar::showProgress);
    connect(&bench_.jobs, &JobController::metricsArrived, this, [this](int, const std::vector<Metric>& metrics) {
        for (const Metric& metric : metrics) {
            if (metric.name == "loss") lossText_ = tr("loss %1").arg(metric.value, 0, 'f', 3);
        }
    });
    connect(&bench_.jobs, &JobController::ended, this, [this](int job, const JobOutcome& outcome) {
        const QString title = bench_.jobs.title(job);
        lossText_.clear();
        showJob();
        if (outcome.end == JobEnd::Failed) showMessage(title + QStringLiteral(": ") + toQString(outcome.message));
    });
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &JobBar::showStored);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &JobBar::showStored);
    showJob();
    showStored();
}

void JobBar::showJob() {
    const std::vector<int> jobs = bench_.jobs.active();
    const bool running = !jobs.empty();
    for (QWidget* widget : {static_cast<QWidget*>(title_), static_cast<QWidget*>(progress_),
                            static_cast<QWidget*>(finish_), static_cast<QWidget*>(cancel_)}) {
        widget->setVisible(running);
    }
    setRole(text_, "plain");
    text_->setToolTip({});
    text_->clear();
    if (!running) return;
    const QString waiting =
        jobs.size() > 1 ? tr("  + %n waiting", nullptr, static_cast<int>(jobs.size()) - 1) : QString();
    title_->setText(bench_.jobs.title(jobs.front()) + waiting);
    showProgress(jobs.front(), bench_.jobs.progress(jobs.front()));
}

void JobBar::showProgress(int job, const Progress& progress) {
    const std::vector<int> jobs = bench_.jobs.active();
    if (jobs.empty() || jobs.front() != job) return;
    progress_->setValue(static_cast<int>(progress.stageFraction * 1000));
    if (job == asked_) return;
    QStringList words;
    if (!progress.stageName.empty())
        words.append(toQString(progress.stageName) + tr(" %1 %").arg(static_cast<int>(progress.stageFraction * 100)));
    if (words.isEmpty()) words.append(tr("starting…"));
    if (!lossText_.isEmpty()) words.append(lossText_);
    if (progress.remainingSeconds) words.append(tr("%1 left").arg(toQString(durationText(*progress.remainingSeconds))));
    text_->setText(words.join(QStringLiteral(" · ")));
}

void JobBar::showStored() {
    const QLocale locale;
    stored_->setText(
        bench_.project.isOpen()
            ? tr("All changes stored · %1 labels").arg(locale.toString(qlonglong(bench_.project.contents().labelCount)))
            : QString());
}

void JobBar::showMessage(const QString& sentence) {
    setRole(text_, "error");
    text_->setToolTip(sentence);
    text_->setText(text_->fontMetrics().elidedText(QString(sentence).replace('\n', ' '), Qt::ElideRight,
                                                   std::max(200, width() - 360)));
}

}  // namespace tomoloupe
