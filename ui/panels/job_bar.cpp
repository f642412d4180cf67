#include "ui/panels/job_bar.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

JobBar::JobBar(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("jobBar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    notice_ = new NoticeStrip(this);
    column->addWidget(notice_);
    auto* bar = new QWidget(this);
    buildBar(bar);
    column->addWidget(bar);
    connectJobs();
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &JobBar::showStored);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &JobBar::showStored);
    connect(&bench_.project, &ProjectModel::classesChanged, this, &JobBar::showStored);
    connect(&bench_.project, &ProjectModel::picksChanged, this, &JobBar::showStored);
    connect(&bench_.project, &ProjectModel::notStored, this, &JobBar::showNotStored);
    showJob();
    showStored();
}

void JobBar::buildBar(QWidget* bar) {
    bar->setProperty("role", QStringLiteral("bottombar"));
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setFixedHeight(36);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(12);
    title_ = makeLabel({}, "strong", bar);
    progress_ = new QProgressBar(bar);
    progress_->setObjectName(QStringLiteral("jobProgress"));
    progress_->setAccessibleName(tr("Progress of what runs"));
    progress_->setTextVisible(false);
    progress_->setRange(0, 1000);
    progress_->setFixedSize(220, 6);
    text_ = makeLabel({}, "plain", bar);
    text_->setObjectName(QStringLiteral("jobText"));
    finish_ = makeButton(tr("Finish"), "jobFinish", bar);
    finish_->setToolTip(tr("Stop soon and keep what was learnt"));
    cancel_ = makeButton(tr("Cancel"), "jobCancel", bar);
    cancel_->setToolTip(tr("Stop now; the run can be resumed from its last checkpoint"));
    stored_ = makeLabel({}, "muted", bar);
    stored_->setObjectName(QStringLiteral("storedText"));
    for (QWidget* widget :
         {static_cast<QWidget*>(title_), static_cast<QWidget*>(progress_), static_cast<QWidget*>(text_),
          static_cast<QWidget*>(finish_), static_cast<QWidget*>(cancel_)}) {
        row->addWidget(widget);
    }
    row->addStretch(1);
    row->addWidget(stored_);
}

void JobBar::connectJobs() {
    auto ask = [this](StopWish wish) {
        const std::vector<int> jobs = bench_.jobs.active();
        if (jobs.empty()) return;
        asked_ = jobs.front();
        bench_.jobs.request(asked_, wish);
        text_->setText(wish == StopWish::Finish ? tr("finishing…") : tr("cancelling…"));
    };
    connect(finish_, &QPushButton::clicked, this, [ask] { ask(StopWish::Finish); });
    connect(cancel_, &QPushButton::clicked, this, [ask] { ask(StopWish::Cancel); });
    connect(&bench_.jobs, &JobController::started, this, [this] {
        if (tellsEnd_) notice_->dismiss();
        showJob();
    });
    connect(&bench_.jobs, &JobController::beganWork, this, [this](int job) {
        began(job);
        showJob();
    });
    connect(&bench_.jobs, &JobController::progressed, this, &JobBar::showProgress);
    connect(&bench_.jobs, &JobController::metricsArrived, this, [this](int, const std::vector<Metric>& metrics) {
        for (const Metric& metric : metrics) {
            if (metric.name == "loss") lossText_ = tr("loss %1").arg(metric.value, 0, 'f', 3);
        }
    });
    connect(&bench_.jobs, &JobController::ended, this, [this](int job, const JobOutcome& outcome) {
        lossText_.clear();
        tellEnd(job, outcome);
        showJob();
    });
}

void JobBar::began(int job) {
    const auto [timer, isNew] = sinceBegin_.try_emplace(job);
    if (isNew) timer->second.start();
}

void JobBar::tellEnd(int job, const JobOutcome& outcome) {
    const QString title = bench_.jobs.title(job);
    const auto timer = sinceBegin_.find(job);
    const double seconds = timer == sinceBegin_.end() ? 0 : static_cast<double>(timer->second.elapsed()) / 1000;
    sinceBegin_.erase(job);
    const QString after = toQString(durationText(seconds));
    const std::filesystem::path folder = bench_.jobs.runFolder(job);
    NoticeStrip::Ways ways;
    if (!folder.empty()) {
        const QString id = QString::fromStdString(folder.filename().string()).section(QChar('-'), 0, 0);
        ways.emplace_back(tr("Show"), [this, id] { Q_EMIT showRunWanted(id); });
    }
    switch (outcome.end) {
        case JobEnd::Done:
            notice_->tell(NoticeStrip::Kind::Good, tr("%1 is done · %2").arg(title, after), ways);
            break;
        case JobEnd::FinishedEarly:
            notice_->tell(NoticeStrip::Kind::Warn, tr("%1 finished early · %2").arg(title, after), ways);
            break;
        case JobEnd::Cancelled:
            notice_->tell(NoticeStrip::Kind::Plain, tr("%1 was cancelled · %2").arg(title, after), ways);
            break;
        case JobEnd::Failed:
            notice_->tell(NoticeStrip::Kind::Bad, tr("%1 failed: %2").arg(title, toQString(outcome.message)), ways);
            break;
    }
    tellsEnd_ = true;
    tellsNotStored_ = false;
    if (!window()->isActiveWindow()) QApplication::alert(window());
}

void JobBar::showJob() {
    const std::vector<int> jobs = bench_.jobs.active();
    const bool running = !jobs.empty();
    for (QWidget* widget : {static_cast<QWidget*>(title_), static_cast<QWidget*>(progress_),
                            static_cast<QWidget*>(finish_), static_cast<QWidget*>(cancel_)}) {
        widget->setVisible(running);
    }
    text_->clear();
    if (!running) return;
    const auto begun = std::count_if(jobs.begin() + 1, jobs.end(), [this](int job) { return bench_.jobs.begun(job); });
    const int waiting = static_cast<int>(jobs.size()) - 1 - static_cast<int>(begun);
    QString others;
    if (begun > 0) others += tr("  + %n at work", nullptr, static_cast<int>(begun));
    if (waiting > 0) others += tr("  + %n waiting", nullptr, waiting);
    title_->setText(bench_.jobs.title(jobs.front()) + others);
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
    if (std::exchange(tellsNotStored_, false)) notice_->dismiss();
    setRole(stored_, "muted");
    stored_->setText(
        bench_.project.isOpen()
            ? tr("All changes stored · %1 labels").arg(locale.toString(qlonglong(bench_.project.contents().labelCount)))
            : QString());
}

void JobBar::showNotStored(const QString& sentence) {
    tellsEnd_ = false;
    tellsNotStored_ = true;
    notice_->tell(NoticeStrip::Kind::Warn, sentence);
    setRole(stored_, "error");
    stored_->setText(tr("The last change is not stored"));
}

void JobBar::showMessage(const QString& sentence) {
    tellsEnd_ = false;
    tellsNotStored_ = false;
    notice_->tell(NoticeStrip::Kind::Bad, sentence);
}

}  // namespace tomoloupe
