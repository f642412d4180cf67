#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <string>

#include "core/jobs/learning_checks.h"
#include "ui/models/training_draft.h"
#include "ui/models/workbench.h"

namespace tomoloupe {

/// Everything that is known of a training before it starts, kept up to date while its draft changes: facts of set, start and machine are read
/// in the background, a trial measures time and memory in a process of its own, and what follows from all of them is one list of findings.
/// GUI thread.
class Preflight : public QObject {
    Q_OBJECT
  public:
    Preflight(const Workbench& workbench, TrainingDraft& draft, QObject* parent = nullptr);
    ~Preflight() override;

    /// From now on facts are read; and, where `trial`, a trial is made once the draft rests.
    void begin(bool trial);
    /// Nothing is wanted any more; a trial at work is cancelled.
    void end();

    [[nodiscard]] const std::optional<SetFacts>& set() const { return set_; }
    [[nodiscard]] const MachineFacts& machine() const { return machine_; }
    [[nodiscard]] const std::vector<MethodFact>& methods() const { return methods_; }
    [[nodiscard]] const std::optional<ModelFacts>& start() const { return start_; }
    [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
    /// Of the draft as it is; none while it is being measured.
    [[nodiscard]] std::optional<TrainingTrial> trial() const;
    [[nodiscard]] bool measuring() const { return measuring_; }
    /// Why there is no trial.
    [[nodiscard]] const QString& trialProblem() const { return trialProblem_; }
    /// Everything that was asked for has come.
    [[nodiscard]] bool settled() const { return reading_ == 0 && !measuring_ && !delay_.isActive(); }

  Q_SIGNALS:
    void changed();

  private:
    void draftChanged();
    void readSet();
    void readEncoders();
    void readMachine();
    void readStart();
    void judge();
    void measureLater();
    void measure();
    [[nodiscard]] std::string trialWish() const;
    template <typename Work, typename Done>
    void read(IoQueue& queue, Work work, Done done, const Latest& latest = {});

    Workbench bench_;
    TrainingDraft& draft_;
    bool active_ = false, wantsTrial_ = false, measuring_ = false;
    int reading_ = 0;
    QString setAsked_, startAsked_, trialProblem_;
    std::int64_t boxAsked_ = 0;
    std::optional<SetFacts> set_;
    std::optional<ModelFacts> start_;
    MachineFacts machine_;
    std::vector<MethodFact> methods_;
    std::vector<Finding> findings_;
    QString readProblem_;
    QTimer delay_;
    std::string trialAsked_;
    std::optional<TrainingTrial> measured_;  ///< of an epoch of trialAsked_
    StopSource stop_;
    std::unique_ptr<IoQueue> trialQueue_;
};

}  // namespace tomoloupe
