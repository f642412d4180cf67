#include "core/data/split.h"

#include <algorithm>
#include <set>

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// 100 of class 0, 20 of class 1, 3 of class 2, 10 without label, mixed.
std::vector<int> exampleLabels() {
    std::vector<int> labels;
    for (int i = 0; i < 133; ++i) labels.push_back(i % 7 == 3 && i < 70 ? -1 : 0);
    int placed = 0;
    for (int i = 0; placed < 23; i += 5)
        if (labels[static_cast<std::size_t>(i)] == 0) labels[static_cast<std::size_t>(i)] = placed++ < 20 ? 1 : 2;
    return labels;
}

std::int64_t countOf(const std::vector<std::int64_t>& part, const std::vector<int>& labels, int label) {
    return std::count_if(part.begin(), part.end(),
                         [&](std::int64_t i) { return labels[static_cast<std::size_t>(i)] == label; });
}

}  // namespace

TEST_CASE("split, every labelled one is in one part and the parts have the fractions of each class") {
    const std::vector<int> labels = exampleLabels();
    const Split split = stratifiedSplit(labels, {}, 1);
    std::set<std::int64_t> all;
    for (const auto* part : {&split.train, &split.validation, &split.test}) all.insert(part->begin(), part->end());
    const auto labelled =
        static_cast<std::size_t>(std::count_if(labels.begin(), labels.end(), [](int label) { return label >= 0; }));
    CHECK(all.size() == labelled);
    CHECK(split.train.size() + split.validation.size() + split.test.size() == labelled);
    CHECK(countOf(split.train, labels, 0) == 60);
    CHECK(countOf(split.validation, labels, 0) == 20);
    CHECK(countOf(split.test, labels, 0) == 20);
    CHECK(countOf(split.train, labels, 1) == 12);
    for (const auto* part : {&split.train, &split.validation, &split.test}) CHECK(countOf(*part, labels, 2) == 1);
    CHECK(countOf(split.train, labels, -1) == 0);
}

TEST_CASE("split, is fixed by its seed") {
    const std::vector<int> labels = exampleLabels();
    CHECK(stratifiedSplit(labels, {}, 1).test == stratifiedSplit(labels, {}, 1).test);
    CHECK(stratifiedSplit(labels, {}, 1).test != stratifiedSplit(labels, {}, 2).test);
}

TEST_CASE("subset, has its fraction of each class, at least one, and grows by adding") {
    const std::vector<int> labels = exampleLabels();
    const Split split = stratifiedSplit(labels, {}, 1);
    std::vector<std::int64_t> smaller;
    for (const double fraction : {0.01, 0.1, 0.5, 1.0}) {
        const auto subset = stratifiedSubset(split.train, labels, fraction, 3);
        for (const int label : {0, 1, 2}) CHECK(countOf(subset, labels, label) >= 1);
        CHECK(std::includes(subset.begin(), subset.end(), smaller.begin(), smaller.end()));
        smaller = subset;
    }
    CHECK(smaller == split.train);
    CHECK(countOf(stratifiedSubset(split.train, labels, 0.1, 3), labels, 0) == 6);
}
