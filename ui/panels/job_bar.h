#pragma once

#include <QWidget>

#include "ui/models/workbench.h"

class QLabel;
class QPushButton;
class QProgressBar;

namespace tomoloupe {

/// The strip at the bottom: what runs, how far, how long still; and that everything is stored.
class JobBar : public QWidget {
    Q_OBJECT
  public:
    explicit JobBar(const Workbench& workbench, QWidget* parent = nullptr);
    /// A sentence in place of the progress: what went wrong.
    void showMessage(const QString& sentence);

  private:
    void showJob();
    void showProgress(int job, const Progress& progress);
    void showStored();

    Workbench bench_;
    QLabel* title_;
    QProgressBar* progress_;
    QLabel* text_;
    QPushButton* finish_;
    QPushButton* cancel_;
    QLabel* stored_;
    QString lossText_;
    int asked_ = 0;  // the job that was asked to stop
};

}  // namespace tomoloupe
