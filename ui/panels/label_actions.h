#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

#include "ui/models/project_model.h"

class QAction;
class QKeySequence;
class QWidget;

namespace tomoloupe {

/// The keys that label: one action a class (its key), junk, unsure, accept the suggestion, remove the label, skip. They
/// act on the selection, else on the current particle, and belong to the page; the keys work while one of the views
/// that show particles has the focus, and nowhere else. No bare key takes a label away.
class LabelActions : public QObject {
    Q_OBJECT
  public:
    /// `suffix` of the actions' object names, which differ from page to page.
    LabelActions(ProjectModel& project, QWidget* page, std::vector<QWidget*> views, const QString& suffix = {});

    /// Made like the others, so that its key works in the views too.
    QAction* add(const QString& text, const char* name, const QString& help, const QList<QKeySequence>& keys,
                 std::function<void()> does);

  Q_SIGNALS:
    /// One particle was labelled or skipped: to the next one.
    void goOn();
    /// The selection was labelled: it has done its work.
    void selectionDone();

  protected:
    /// Keys that reach a view without having been taken as a shortcut, as they do where the window is not the active
    /// one: sent by a program that types for the user, for example.
    bool eventFilter(QObject* view, QEvent* event) override;

  private:
    void makeClassActions();
    [[nodiscard]] QAction* classAction(std::int64_t classId);
    void registerAction(QAction* action);
    /// The current one alone where nothing is selected; empty where that is not in sight.
    [[nodiscard]] std::vector<std::int64_t> targets() const;
    void labelAs(std::optional<std::int64_t> classId);
    void mark(ClassRole role);
    void accept();
    void finish(bool stored, bool selection);

    ProjectModel& project_;
    QWidget* page_;
    std::vector<QWidget*> views_;
    QString suffix_;
    std::vector<QAction*> classActions_;
};

}  // namespace tomoloupe
