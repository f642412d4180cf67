#include "core/analysis/classification.h"

#include <algorithm>
#include <numeric>

namespace tomoloupe {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

std::int64_t ConfusionMatrix::ofClass(std::size_t truth) const {
    std::int64_t sum = 0;
    for (std::size_t predicted = 0; predicted < classes; ++predicted) sum += at(truth, predicted);
    return sum;
}

std::int64_t ConfusionMatrix::called(std::size_t predicted) const {
    std::int64_t sum = 0;
    for (std::size_t truth = 0; truth < classes; ++truth) sum += at(truth, predicted);
    return sum;
}

std::int64_t ConfusionMatrix::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
}

ConfusionMatrix confusionOf(std::span<const int> truth, std::span<const int> predicted, std::size_t classes) {
    ConfusionMatrix matrix{classes, std::vector<std::int64_t>(classes * classes)};
    for (std::size_t i = 0; i < std::min(truth.size(), predicted.size()); ++i) {
        if (truth[i] < 0 || predicted[i] < 0) continue;
        ++matrix.counts.at(static_cast<std::size_t>(truth[i]) * classes + static_cast<std::size_t>(predicted[i]));
    }
    return matrix;
}

std::vector<ClassFigures> classFigures(const ConfusionMatrix& matrix) {
    std::vector<ClassFigures> figures(matrix.classes);
    for (std::size_t c = 0; c < matrix.classes; ++c) {
        ClassFigures& one = figures[c];
        one.actual = matrix.ofClass(c);
        one.predicted = matrix.called(c);
        one.right = matrix.at(c, c);
        one.precision = ratio(one.right, one.predicted);
        one.recall = ratio(one.right, one.actual);
        one.f1 = ratio(2 * one.right, one.actual + one.predicted);
    }
    return figures;
}

double accuracyOf(const ConfusionMatrix& matrix) {
    std::int64_t right = 0;
    for (std::size_t c = 0; c < matrix.classes; ++c) right += matrix.at(c, c);
    return ratio(right, matrix.total());
}

double macroF1Of(const ConfusionMatrix& matrix) {
    double sum = 0;
    int classes = 0;
    for (const ClassFigures& one : classFigures(matrix)) {
        if (one.actual + one.predicted == 0) continue;
        sum += one.f1;
        ++classes;
    }
    return classes > 0 ? sum / classes : 0;
}

}  // namespace tomoloupe
