#include "core/data/split.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/seed.h"

namespace tomoloupe {
namespace {

/// The given indices by class, each class in an order of its own that the seed fixes.
std::map<int, std::vector<std::int64_t>> shuffledByClass(std::span<const std::int64_t> indices,
                                                         std::span<const int> labels, std::uint64_t seed,
                                                         const char* purpose) {
    std::map<int, std::vector<std::int64_t>> classes;
    for (const std::int64_t index : indices)
        if (const int label = labels[static_cast<std::size_t>(index)]; label >= 0) classes[label].push_back(index);
    for (auto& [label, members] : classes) {
        std::sort(members.begin(), members.end());
        Random random(deriveSeed(seed, purpose, static_cast<std::uint64_t>(label)));
        random.shuffle(members);
    }
    return classes;
}

/// How many of `count` the parts get: rounded, and at least one each from three members on.
struct Shares {
    std::int64_t train, validation;
};
Shares sharesOf(std::int64_t count, const SplitFractions& fractions) {
    const double sum = fractions.train + fractions.validation + fractions.test;
    const auto part = [&](double fraction) {
        return static_cast<std::int64_t>(std::llround(double(count) * fraction / sum));
    };
    if (count < 3) return {count > 1 ? count - 1 : count, 0};
    const std::int64_t validation = std::clamp<std::int64_t>(part(fractions.validation), 1, count - 2);
    const std::int64_t test = std::clamp<std::int64_t>(part(fractions.test), 1, count - validation - 1);
    return {count - validation - test, validation};
}

}  // namespace

Split stratifiedSplit(std::span<const int> labels, const SplitFractions& fractions, std::uint64_t seed) {
    std::vector<std::int64_t> all(labels.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
    Split split;
    for (const auto& [label, members] : shuffledByClass(all, labels, seed, "split")) {
        const Shares shares = sharesOf(static_cast<std::int64_t>(members.size()), fractions);
        const auto trainEnd = members.begin() + shares.train;
        const auto validationEnd = trainEnd + shares.validation;
        split.train.insert(split.train.end(), members.begin(), trainEnd);
        split.validation.insert(split.validation.end(), trainEnd, validationEnd);
        split.test.insert(split.test.end(), validationEnd, members.end());
    }
    for (auto* part : {&split.train, &split.validation, &split.test}) std::sort(part->begin(), part->end());
    return split;
}

std::vector<std::int64_t> stratifiedSubset(std::span<const std::int64_t> indices, std::span<const int> labels,
                                           double fraction, std::uint64_t seed) {
    std::vector<std::int64_t> chosen;
    for (const auto& [label, members] : shuffledByClass(indices, labels, seed, "label-fraction")) {
        const auto wanted = static_cast<std::int64_t>(std::llround(fraction * double(members.size())));
        const auto count = std::clamp<std::int64_t>(wanted, 1, static_cast<std::int64_t>(members.size()));
        chosen.insert(chosen.end(), members.begin(), members.begin() + count);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

}  // namespace tomoloupe
