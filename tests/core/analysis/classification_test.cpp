#include <cmath>

#include "core/analysis/bootstrap.h"
#include "core/analysis/calibration.h"
#include "core/analysis/classification.h"
#include "tests/baselines/classification_numbers.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr int kCount = 300, kClasses = 5;

/// As in tests/baselines/classification.py.
struct Made {
    Made() {
        for (int i = 0; i < kCount; ++i) {
            truth.push_back(i % 41 == 0 ? 3 : (i * 7 + i * i / 5) % 3);
            predicted.push_back(i * 13 % 10 < 7 ? truth.back() : i * 3 % kClasses);
            confidence.push_back(static_cast<float>(200 + i * 619 % 801) / 1000.0F);
            right.push_back(truth.back() == predicted.back());
        }
    }
    std::vector<int> truth, predicted;
    std::vector<float> confidence;
    std::vector<char> right;
};

}  // namespace

TEST_CASE("classification, figures are those of scikit-learn") {
    const Made made;
    const ConfusionMatrix matrix = confusionOf(made.truth, made.predicted, kClasses);
    REQUIRE(matrix.counts.size() == std::size(baseline::kConfusion));
    for (std::size_t i = 0; i < matrix.counts.size(); ++i) CHECK(matrix.counts[i] == baseline::kConfusion[i]);
    const auto figures = classFigures(matrix);
    for (std::size_t c = 0; c < kClasses; ++c) {
        CHECK(figures[c].precision == Approx(baseline::kPrecision[c]));
        CHECK(figures[c].recall == Approx(baseline::kRecall[c]));
        CHECK(figures[c].f1 == Approx(baseline::kF1[c]));
    }
    CHECK(accuracyOf(matrix) == Approx(baseline::kAccuracy));
    CHECK(macroF1Of(matrix) == Approx(baseline::kMacroF1));
}

TEST_CASE("classification, what is not labelled or not predicted is left out") {
    const std::vector<int> truth{0, -1, 1, 1}, predicted{0, 1, -1, 0};
    const ConfusionMatrix matrix = confusionOf(truth, predicted, 2);
    CHECK(matrix.total() == 2);
    CHECK(matrix.at(0, 0) == 1);
    CHECK(matrix.at(1, 0) == 1);
    CHECK(accuracyOf(confusionOf({}, {}, 2)) == 0);
    CHECK(macroF1Of(confusionOf({}, {}, 2)) == 0);
}

TEST_CASE("calibration, expected error is that of the formula written anew") {
    const Made made;
    const Calibration calibration = calibrationOf(made.confidence, made.right);
    REQUIRE(calibration.bins.size() == std::size(baseline::kReliabilityCounts));
    for (std::size_t b = 0; b < calibration.bins.size(); ++b) CHECK(calibration.bins[b].count == baseline::kReliabilityCounts[b]);
    CHECK(calibration.expectedError == Approx(baseline::kExpectedCalibrationError));
    CHECK(calibration.maximumError >= calibration.expectedError);
}

TEST_CASE("calibration, the best temperature is that of an independent computation") {
    const Made made;
    std::vector<float> probabilities;
    for (std::size_t i = 0; i < kCount; ++i)
        for (int c = 0; c < kClasses; ++c) probabilities.push_back(c == made.predicted[i] ? made.confidence[i] : (1 - made.confidence[i]) / (kClasses - 1));
    CHECK(bestTemperature(probabilities, made.truth) == Approx(baseline::kTemperature).epsilon(1e-3));
}

TEST_CASE("calibration, a few particles that are named rightly do not make a model certain") {
    const std::vector<float> probabilities{0.9F, 0.1F, 0.9F, 0.1F, 0.1F, 0.9F, 0.9F, 0.1F, 0.1F, 0.9F};
    const std::vector<int> truth{0, 0, 1, 0, 1};
    CHECK(bestTemperature(probabilities, truth) == Approx(std::log(9) / std::log(6)).epsilon(1e-3));  // 0.9 becomes 6/7
    CHECK(bestTemperature({}, {}) == 1);
}

TEST_CASE("calibration, a model that is right as often as it says has no error") {
    std::vector<float> confidence(100, 0.75F);
    std::vector<char> right(100, 1);
    for (std::size_t i = 0; i < 25; ++i) right[i] = 0;
    CHECK(calibrationOf(confidence, right).expectedError == Approx(0).margin(1e-6));
    confidence.assign(100, 1.0F);  // belongs to the last bin
    CHECK(calibrationOf(confidence, right).bins.back().count == 100);
    CHECK(calibrationOf(confidence, right).expectedError == Approx(0.25));
    CHECK(calibrationOf({}, {}).expectedError == 0);
}

TEST_CASE("bootstrap, of a mean, is as wide as the normal law says") {
    std::vector<double> values;
    for (int i = 0; i < 400; ++i) values.push_back(i % 4 == 0);
    const Interval interval = bootstrapMean(values, 3, 0.95, 4000);
    const double half = 1.96 * std::sqrt(0.25 * 0.75 / 400);
    CHECK(interval.low == Approx(0.25 - half).margin(0.005));
    CHECK(interval.high == Approx(0.25 + half).margin(0.005));
    CHECK(bootstrapMean(values, 3).low == bootstrapMean(values, 3).low);
    CHECK(bootstrapMean({}, 3).high == 0);
}

TEST_CASE("bootstrap, intervals are the binomial's and those of drawing particles one by one") {
    const Made made;
    const ConfusionMatrix matrix = confusionOf(made.truth, made.predicted, kClasses);
    const Interval accuracy = bootstrapInterval(matrix, accuracyOf, 1, 0.95, 4000);
    CHECK(accuracy.low == Approx(baseline::kAccuracyInterval[0]).margin(0.006));
    CHECK(accuracy.high == Approx(baseline::kAccuracyInterval[1]).margin(0.006));
    const Interval f1 = bootstrapInterval(matrix, macroF1Of, 1, 0.95, 4000);
    CHECK(f1.low == Approx(baseline::kMacroF1Interval[0]).margin(0.01));
    CHECK(f1.high == Approx(baseline::kMacroF1Interval[1]).margin(0.01));
    const Interval again = bootstrapInterval(matrix, accuracyOf, 1, 0.95, 4000);
    CHECK(again.low == accuracy.low);
    CHECK(again.high == accuracy.high);
    CHECK(bootstrapInterval({2, {0, 0, 0, 0}}, accuracyOf, 1).high == 0);
}
