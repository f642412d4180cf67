#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tomoloupe {

/// Indices into the labelled particles of a set, each in one part only.
struct Split {
    std::vector<std::int64_t> train, validation, test;
};

struct SplitFractions {
    double train = 0.6, validation = 0.2, test = 0.2;
};

/// Stratified by class: each class is shuffled with `seed` and cut at the fractions. `labels[i]` < 0: not labelled, in no part.
/// Every class with at least three members is in every part. Method.md 8: the split is fixed, the run's seed varies.
[[nodiscard]] Split stratifiedSplit(std::span<const int> labels, const SplitFractions& fractions, std::uint64_t seed);

/// The first `fraction` of each class in an order given by `seed`, at least one a class: subsets of growing fraction are nested.
[[nodiscard]] std::vector<std::int64_t> stratifiedSubset(std::span<const std::int64_t> indices, std::span<const int> labels,
                                                         double fraction, std::uint64_t seed);

}  // namespace tomoloupe
