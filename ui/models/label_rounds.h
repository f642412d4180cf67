#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <set>
#include <vector>

#include "core/base/progress.h"
#include "ui/models/particle_model.h"
#include "ui/models/workbench.h"

namespace tomoloupe {

/// Rounds of labelling with a model: some particles are proposed, a person decides them, a short fine-tuning learns
/// from all labels in the background, predicts the set anew, which chooses the next ones, and renews the map. A round
/// in hand stays as it is while the model changes behind it. GUI thread.
class LabelRounds : public QObject {
    Q_OBJECT
  public:
    /// A model that was taught so many labels of the set, judged by those of them that were held out.
    struct Standing {
        std::int64_t labels = 0, tested = 0;
        double accuracy = 0;
        double low = 0, high = 1;  ///< 95 % interval (Wilson 1927)
        QString runId;
    };
    static constexpr int kSize = 20;

    explicit LabelRounds(const Workbench& workbench, QObject* parent = nullptr);

    /// Run whose weights each fine-tuning starts from; empty: random ones.
    void setStart(const QString& runId) { start_ = runId; }
    /// A round that is decided is learnt from at once.
    void setAutomatic(bool automatic) { automatic_ = automatic; }

    /// The map is made anew after each round, where the set is small enough for that.
    void setMapping(bool mapping) { mapping_ = mapping; }

    /// Others in place of those that are not decided yet.
    void propose();
    /// Indices in the current set.
    [[nodiscard]] const std::vector<std::int64_t>& proposed() const { return proposed_; }
    /// It has a label or was skipped.
    [[nodiscard]] bool decided(std::int64_t particle) const;
    [[nodiscard]] int decidedCount() const;
    /// Is not proposed again until everything else is decided.
    void skip(std::int64_t particle);

    void learn();
    void stopLearning();
    /// Why nothing can be learnt yet; empty: it can.
    [[nodiscard]] QString obstacle() const;
    [[nodiscard]] bool learning() const { return job_ != 0; }
    /// Of the job that runs.
    [[nodiscard]] Progress progress() const { return bench_.jobs.progress(job_); }
    /// Fewest labels first.
    [[nodiscard]] std::vector<Standing> standings() const;

  Q_SIGNALS:
    void proposedChanged();
    void decidedChanged();
    void learningChanged();
    void standingsChanged();
    void failed(const QString& sentence);

  private:
    void takeSet();
    void takeList();
    void decide();
    void follow(const QString& runId);
    void jobEnded(int job, const JobOutcome& outcome);
    void predict();
    void map();

    Workbench bench_;
    ParticleModel list_;  ///< what to label next, best first
    std::vector<std::int64_t> proposed_;
    std::set<std::int64_t> skipped_;
    std::int64_t setId_ = 0;
    bool automatic_ = true, mapping_ = true, wanted_ = false, again_ = false;
    QString start_, taught_;  ///< taught_: the run that learns or has just learnt
    QString mapped_;          ///< the run by which the set is predicted, and then mapped
    std::string taughtSet_;   ///< the set of both; another may be current by then
    int job_ = 0;
};

/// 95 % interval of a proportion, `right` of `count`; 0 to 1 where nothing was counted.
[[nodiscard]] std::pair<double, double> wilsonInterval(double right, double count);

}  // namespace tomoloupe
