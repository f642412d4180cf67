#pragma once

#include <cstdint>
#include <span>
#include <string>
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

/// Whole groups in one part each, so that neighbours of one tomogram never stand on both sides: `groups[i]` says where particle i lies. The
/// parts come as near to the fractions of every class as whole groups allow (greedy, the largest group first, then moves and swaps while
/// they help; the seed orders groups of about one size). Three groups at least, so that no part is empty.
[[nodiscard]] Split groupedSplit(std::span<const int> labels, std::span<const int> groups, const SplitFractions& fractions, std::uint64_t seed);

/// Tomograms that must hold labelled particles before "auto" splits by them: 3, 1 and 1 for the usual fractions.
constexpr int kFewestTomograms = 5;

struct SplitChoice {
    Split split;
    bool byTomogram = false;
    int tomograms = 0;       ///< with labelled particles
    std::string reason = {};  ///< of "auto": why it did not split by tomogram; empty when it did
};

/// `kind`: "tomogram", "stratified", or "auto", by tomogram where there are enough of them and every class is in every part then. `tomograms`:
/// name of each particle's, empty where it has none. Throws Error where "tomogram" cannot be done.
[[nodiscard]] SplitChoice chooseSplit(const std::string& kind, std::span<const int> labels, std::span<const std::string> tomograms,
                                      const SplitFractions& fractions, std::uint64_t seed);

}  // namespace tomoloupe
