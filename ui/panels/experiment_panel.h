#pragma once

#include <QWidget>
#include <filesystem>

#include "ui/models/workbench.h"

class QLabel;
class QPushButton;
class QTableWidget;
class QTableWidgetItem;

namespace tomoloupe {

/// The tables of the experiment that the project was made by (core/experiment): ways of learning against parts of the
/// labels, set by set.
class ExperimentPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ExperimentPanel(const Workbench& workbench, QWidget* parent = nullptr);
    /// Whether the open project is one.
    [[nodiscard]] bool hasExperiment() const { return !folder().empty(); }
    /// Reads what is done by now.
    void reload();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Loaded;
    /// Of the experiment that the open project, or the project of one of its shards, belongs to; empty: none.
    [[nodiscard]] std::filesystem::path folder() const;
    void show(const Loaded& loaded);
    /// A new last row; the item of its name.
    QTableWidgetItem* addRow(const QString& name);
    /// In the last row; -1: the name.
    QTableWidgetItem* put(int fraction, const QString& text, const QString& tip);
    void openReport();

    Workbench bench_;
    Latest latest_ = makeLatest();
    QLabel *heading_, *words_;
    QTableWidget* table_;
    QPushButton* report_;
};

}  // namespace tomoloupe
