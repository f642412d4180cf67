#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/bootstrap.h"
#include "core/analysis/calibration.h"
#include "core/analysis/classification.h"
#include "ui/models/project_model.h"

namespace tomoloupe {

/// Which particles a run is judged by: those that a fine-tuning stored, or those that a prediction and the current
/// labels tell of.
enum class JudgedPart { Test, Validation, HeldOut, AllLabelled };

/// Answers of one run beside the truth, with the figures that follow. Plain values, made on a worker.
struct JudgedResult {
    std::string runId;
    JudgedPart part = JudgedPart::Test;
    /// Why there is nothing to judge: the run's version kept no answers, or it predicted nothing for the set.
    enum class Trouble { None, NotStored, NotPredicted };
    Trouble trouble = Trouble::None;

    std::vector<std::int64_t> classIds;   ///< in the project; 0 where it is gone
    std::vector<std::string> classNames;  ///< rows and columns of the matrix
    // One entry a particle that has an answer.
    std::vector<std::int64_t> particles;  ///< index in the set, ascending
    std::vector<int> predicted;           ///< place in classIds
    std::vector<float> confidence;        ///< largest probability
    std::vector<int> truth;               ///< place in classIds; -1: no label, or one that counts for nothing
    std::vector<char> judged;             ///< counts in the figures

    ConfusionMatrix matrix;
    std::vector<ClassFigures> figures;
    Calibration calibration;
    Interval accuracyInterval, macroF1Interval;  ///< 95 %
    double accuracy = 0, macroF1 = 0;
    [[nodiscard]] std::int64_t judgedCount() const { return matrix.total(); }
    /// Particles of one cell of the matrix, ascending.
    [[nodiscard]] std::vector<std::int64_t> cell(std::size_t truthClass, std::size_t predictedClass) const;
};

/// Fine-tunings and predictions that ended and have something to judge, of any set.
[[nodiscard]] bool canBeJudged(const RunRow& row);
/// Parts that may be asked for, the one to begin with first.
[[nodiscard]] std::vector<JudgedPart> partsOf(const RunRow& row);
/// `labels`: class ids in set order, 0: none. `set` is the run's.
[[nodiscard]] JudgedResult judge(const Project& project, const Run& run, JudgedPart part, const SetContents& set,
                                 const std::vector<std::int64_t>& labels);

/// What would be stored if predictions of at least this probability became labels; what is labelled so already is not
/// named.
[[nodiscard]] std::vector<IndexedLabel> labelsFrom(const JudgedResult& result, const std::vector<std::int64_t>& labels,
                                                   double threshold, bool unlabelledOnly);

/// Accuracy of fine-tunings from one start at several fractions of the labels.
struct FractionSeries {
    struct Point {
        double fraction = 1;
        std::vector<double> accuracies;
        [[nodiscard]] double mean() const;
        [[nodiscard]] double spread() const;  ///< sample standard deviation; 0 for one run
    };
    std::string start;          ///< "random", or the run it starts from: "0002 moco"
    std::vector<Point> points;  ///< fractions ascending
};
/// Of the runs that learnt from this set. Starts in order of their first run.
[[nodiscard]] std::vector<FractionSeries> fractionSeries(const ProjectContents& contents, const std::string& setName);

}  // namespace tomoloupe
