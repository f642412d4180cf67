#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tomoloupe {

/// How often members of each class (rows) were called each class (columns).
struct ConfusionMatrix {
    std::size_t classes = 0;
    std::vector<std::int64_t> counts;  ///< row after row

    [[nodiscard]] std::int64_t at(std::size_t truth, std::size_t predicted) const { return counts[truth * classes + predicted]; }
    [[nodiscard]] std::int64_t ofClass(std::size_t truth) const;
    [[nodiscard]] std::int64_t called(std::size_t predicted) const;
    [[nodiscard]] std::int64_t total() const;
};

/// Pairs of class indices; a pair with a negative one (not labelled, not predicted) is left out.
[[nodiscard]] ConfusionMatrix confusionOf(std::span<const int> truth, std::span<const int> predicted, std::size_t classes);

/// 0 where a figure would divide by nothing.
struct ClassFigures {
    std::int64_t actual = 0;     ///< members of the class
    std::int64_t predicted = 0;  ///< called so
    std::int64_t right = 0;      ///< both
    double precision = 0;        ///< right / predicted
    double recall = 0;           ///< right / actual
    double f1 = 0;               ///< 2 right / (actual + predicted)
};
[[nodiscard]] std::vector<ClassFigures> classFigures(const ConfusionMatrix& matrix);

/// Right of all; 0 for none.
[[nodiscard]] double accuracyOf(const ConfusionMatrix& matrix);
/// Mean F1 of the classes that have members or were called.
[[nodiscard]] double macroF1Of(const ConfusionMatrix& matrix);

}  // namespace tomoloupe
