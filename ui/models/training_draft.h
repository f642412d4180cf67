#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/project/run.h"
#include "core/recipe/learning.h"

namespace tomoloupe {

/// A training that is being put together: what a wizard's steps show and change together. Forms point into its options, which therefore stay
/// where they are. GUI thread.
class TrainingDraft : public QObject {
    Q_OBJECT
  public:
    enum class Kind { Pretrain, Finetune };

    explicit TrainingDraft(Kind kind, QObject* parent = nullptr) : QObject(parent), kind_(kind) {}

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] bool pretrains() const { return kind_ == Kind::Pretrain; }
    PretrainOptions pretrain;
    FinetuneOptions finetune;
    [[nodiscard]] OptionFields fields() { return pretrains() ? pretrain.describe() : finetune.describe(); }
    [[nodiscard]] AugmentationOptions& augmentation() { return pretrains() ? pretrain.augmentation : finetune.augmentation; }
    [[nodiscard]] EncoderOptions& encoder() { return pretrains() ? pretrain.encoder : finetune.encoder; }
    [[nodiscard]] TrainerSettings& trainer() { return pretrains() ? pretrain.trainer : finetune.trainer; }
    [[nodiscard]] int epochs() const { return pretrains() ? pretrain.epochs : finetune.epochs; }

    [[nodiscard]] const QString& set() const { return set_; }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    /// With this seed and those that follow; fine-tuning alone.
    [[nodiscard]] int runs() const { return pretrains() ? 1 : runs_; }
    /// Run or model file it starts from; empty: random weights.
    [[nodiscard]] const QString& start() const { return start_; }
    /// The same once more from random weights, to see what the start brought.
    [[nodiscard]] bool alsoRandom() const { return !pretrains() && alsoRandom_ && !start_.isEmpty(); }
    void setSet(const QString& name);
    void setSeed(std::uint64_t seed);
    void setRuns(int runs);
    void setStart(const QString& reference);
    void setAlsoRandom(bool on);
    /// One option by name and text, as the command line takes it; the sentence that says why not, else empty.
    QString setOption(const std::string& name, const std::string& value);
    /// What a finding's button does: an option, or "recipe" with the name of a built-in one.
    QString mend(const std::string& option, const std::string& value);
    /// Options were changed in place.
    void touch() { Q_EMIT changed(); }

    /// Defaults, then what the recipe says of this kind. The sentence that says why not, else empty; then nothing has changed.
    QString applyRecipe(const nlohmann::json& recipe);
    /// Every option that differs from the defaults, as applyRecipe() takes it.
    [[nodiscard]] nlohmann::json recipe(const QString& about) const;
    /// What another run was told.
    QString take(const RunConfig& config);

    /// The runs it means, in the order in which they are started.
    [[nodiscard]] std::vector<RunConfig> configs() const;
    /// The commands that do the same, one a line.
    [[nodiscard]] QString commandLines(const std::filesystem::path& project) const;

  Q_SIGNALS:
    /// Anything at all; options may have been replaced as a whole.
    void changed();
    /// Options were set other than through the form that tells of it: forms show them anew.
    void replaced();

  private:
    [[nodiscard]] RunConfig config(const QString& start) const;

    Kind kind_;
    QString set_, start_;
    std::uint64_t seed_ = 1;
    int runs_ = 1;
    bool alsoRandom_ = false;
};

}  // namespace tomoloupe
