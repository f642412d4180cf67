#pragma once

#include <QElapsedTimer>
#include <QWidget>
#include <map>

#include "ui/models/workbench.h"
#include "ui/panels/notice_strip.h"

class QHBoxLayout;
class QLabel;
class QPushButton;
class QProgressBar;

namespace tomoloupe {

/// The strip at the bottom: what runs, how far, how long still; and that everything is stored. Over it, what has ended
/// or went wrong, until it is dismissed.
class JobBar : public QWidget {
    Q_OBJECT
  public:
    explicit JobBar(const Workbench& workbench, QWidget* parent = nullptr);
    /// What went wrong.
    void showMessage(const QString& sentence);
    [[nodiscard]] NoticeStrip& notice() { return *notice_; }

  Q_SIGNALS:
    /// What a run made is to be seen.
    void showRunWanted(const QString& runId);

  private:
    void buildBar(QWidget* bar);
    void connectJobs();
    void showJob();
    void showProgress(int job, const Progress& progress);
    void showStored();
    /// A change was kept out; until the next one is stored.
    void showNotStored(const QString& sentence);
    void began(int job);
    void tellEnd(int job, const JobOutcome& outcome);

    Workbench bench_;
    NoticeStrip* notice_;
    QLabel* title_;
    QProgressBar* progress_;
    QLabel* text_;
    QPushButton* finish_;
    QPushButton* cancel_;
    QLabel* stored_;
    QString lossText_;
    std::map<int, QElapsedTimer> sinceBegin_;  // from when a job was first in line
    bool tellsEnd_ = false;                    // the notice is of a job
    bool tellsNotStored_ = false;
    int asked_ = 0;                            // the job that was asked to stop
};

}  // namespace tomoloupe
