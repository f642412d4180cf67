#pragma once

#include <QTimer>
#include <QWidget>
#include <array>

#include "ui/models/runs_model.h"
#include "ui/models/workbench.h"

class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace tomoloupe {

/// One run at a glance: what it was told, what came out, what can be done with it, and what a person notes of it. Stands in the inspector's
/// place on the train page.
class RunCard : public QWidget {
    Q_OBJECT
  public:
    explicit RunCard(const Workbench& workbench, QWidget* parent = nullptr);
    ~RunCard() override;
    /// Empty: none.
    void setRun(const QString& runId);

  Q_SIGNALS:
    void duplicateWanted(const QString& runId);
    void finetuneWanted(const QString& runId);
    void compareWanted();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    enum Action { Finish, Cancel, Resume, Duplicate, Compare, Earlier, Later, Finetune, ActionCount };

    void buildActions(QVBoxLayout* column);
    void buildNote(QVBoxLayout* column);
    void rebuild();
    void showActions();
    void showNote();
    void storeNote();
    void act(Action action);
    void addSection(const QString& title);
    void addFact(const QString& name, const QString& value);
    void addOptions(const RunConfig& config);
    void addResults(const RunRow& row);
    [[nodiscard]] const RunRow* row() const;

    Workbench bench_;
    RunsModel model_;
    QString runId_, noteOf_;
    QLabel* title_;
    QLabel* state_;
    QPushButton* star_ = nullptr;
    QGridLayout* rows_;
    std::array<QPushButton*, ActionCount> actions_{};
    QPlainTextEdit* note_ = nullptr;
    QTimer noteDelay_;
};

}  // namespace tomoloupe
