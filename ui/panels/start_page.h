#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;

namespace tomoloupe {

/// What is seen while no project is open: the ways in.
class StartPage : public QWidget {
    Q_OBJECT
  public:
    explicit StartPage(QWidget* parent = nullptr);
    /// Folders of the projects opened last, newest first.
    void setRecent(const QStringList& folders);
    void setMessage(const QString& sentence, bool error);

  Q_SIGNALS:
    void openProjectWanted();
    void newProjectWanted();
    void openTomogramWanted();
    void demoWanted();
    void recentWanted(const QString& folder);

  private:
    QWidget* recent_;
    QLabel* message_;
};

}  // namespace tomoloupe
