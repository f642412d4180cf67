#pragma once

#include <QWidget>

#include "core/recipe/learning.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace tomoloupe {

class OptionForm;

/// What a training run is told before it starts: particle set, start, options, seed.
class RunForm : public QWidget {
    Q_OBJECT
  public:
    enum class Kind { Pretrain, Finetune };

    RunForm(const Workbench& workbench, Kind kind, QWidget* parent = nullptr);
    /// Starts from this run (fine-tuning only).
    void setStart(const QString& runId);

  Q_SIGNALS:
    void started(const QString& runId);
    void closed();

  private:
    void addChoices(QVBoxLayout* column);
    void reloadChoices();
    void updateStart();
    void start();
    [[nodiscard]] RunConfig config();
    [[nodiscard]] QString missing() const;

    Workbench bench_;
    Kind kind_;
    PretrainOptions pretrain_;
    FinetuneOptions finetune_;
    OptionForm* form_;
    QComboBox* set_;
    QComboBox* from_;
    QSpinBox* seed_;
    QPushButton* startButton_;
    QLabel* note_;
};

}  // namespace tomoloupe
