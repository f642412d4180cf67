#pragma once

#include <QWidget>

#include "ui/models/workbench.h"

class QGridLayout;
class QLabel;

namespace tomoloupe {

/// One run at a glance: what it was told and what came out. Stands in the inspector's place on the train page.
class RunCard : public QWidget {
    Q_OBJECT
  public:
    explicit RunCard(const Workbench& workbench, QWidget* parent = nullptr);
    /// Empty: none.
    void setRun(const QString& runId);

  private:
    void rebuild();
    void addFact(const QString& name, const QString& value);
    void addOptions(const RunConfig& config);
    void addResults(const nlohmann::json& result);

    Workbench bench_;
    QString runId_;
    QLabel* title_;
    QGridLayout* rows_;
};

}  // namespace tomoloupe
