#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/data/split.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Example {
    std::vector<int> labels;
    std::vector<std::string> tomograms;
};

/// `tomograms` of unequal size; class 1 is rarer and lies in every second one alone; every seventh particle is not labelled.
Example madeOf(int tomograms) {
    Example made;
    for (int t = 0; t < tomograms; ++t) {
        for (int i = 0; i < 20 + 3 * t; ++i) {
            made.labels.push_back(i % 7 == 3 ? -1 : t % 2 == 0 && i % 4 == 0 ? 1 : 0);
            made.tomograms.push_back("TS_" + std::to_string(t));
        }
    }
    return made;
}

std::set<std::string> tomogramsOf(const std::vector<std::int64_t>& part, const Example& example) {
    std::set<std::string> names;
    for (const std::int64_t i : part) names.insert(example.tomograms[std::size_t(i)]);
    return names;
}

double shareOf(const std::vector<std::int64_t>& part, const Example& example, int label) {
    const auto is = [&](std::int64_t i) { return example.labels[std::size_t(i)] == label; };
    return double(std::count_if(part.begin(), part.end(), is)) / double(std::count(example.labels.begin(), example.labels.end(), label));
}

}  // namespace

TEST_CASE("split by tomogram, no tomogram stands on two sides and the parts come near to the fractions") {
    const Example example = madeOf(12);
    const SplitChoice choice = chooseSplit("tomogram", example.labels, example.tomograms, {}, 1);
    CHECK(choice.byTomogram);
    CHECK(choice.tomograms == 12);
    std::size_t held = 0;
    std::set<std::string> all;
    for (const auto* part : {&choice.split.train, &choice.split.validation, &choice.split.test}) {
        const auto names = tomogramsOf(*part, example);
        held += names.size();
        all.insert(names.begin(), names.end());
        for (const std::int64_t i : *part) CHECK(example.labels[std::size_t(i)] >= 0);
    }
    CHECK(held == 12);
    CHECK(all.size() == 12);
    for (const int label : {0, 1}) {
        CHECK(std::abs(shareOf(choice.split.train, example, label) - 0.6) < 0.12);
        CHECK(std::abs(shareOf(choice.split.validation, example, label) - 0.2) < 0.12);
        CHECK(std::abs(shareOf(choice.split.test, example, label) - 0.2) < 0.12);
    }
}

TEST_CASE("split by tomogram, is fixed by its seed, and label fractions of its training part are nested") {
    const Example example = madeOf(20);
    const auto split = [&](std::uint64_t seed) { return chooseSplit("tomogram", example.labels, example.tomograms, {}, seed).split; };
    CHECK(split(1).test == split(1).test);
    bool differs = false;
    for (std::uint64_t seed = 2; seed < 8; ++seed) differs = differs || split(seed).test != split(1).test;
    CHECK(differs);
    const auto train = split(1).train;
    const auto quarter = stratifiedSubset(train, example.labels, 0.25, 3), half = stratifiedSubset(train, example.labels, 0.5, 3);
    CHECK(std::includes(half.begin(), half.end(), quarter.begin(), quarter.end()));
    CHECK(std::includes(train.begin(), train.end(), half.begin(), half.end()));
}

TEST_CASE("split, auto goes by tomogram where there are enough of them, else says why not and is stratified") {
    const Example many = madeOf(6), few = madeOf(4);
    CHECK(chooseSplit("auto", many.labels, many.tomograms, {}, 1).byTomogram);
    const SplitChoice small = chooseSplit("auto", few.labels, few.tomograms, {}, 1);
    CHECK_FALSE(small.byTomogram);
    CHECK_THAT(small.reason, test::contains("4 tomograms"));
    CHECK(small.split.test == stratifiedSplit(few.labels, {}, 1).test);
    Example lonely = madeOf(8);  // a class in one tomogram alone cannot be learnt from and tested
    for (std::size_t i = 0; i < lonely.labels.size(); ++i)
        if (lonely.labels[i] == 1 && lonely.tomograms[i] != "TS_0") lonely.labels[i] = 0;
    CHECK_FALSE(chooseSplit("auto", lonely.labels, lonely.tomograms, {}, 1).byTomogram);
    CHECK_THROWS_AS(chooseSplit("tomogram", lonely.labels, lonely.tomograms, {}, 1), Error);
    Example loose = madeOf(8);
    loose.tomograms[0].clear();
    CHECK_THAT(chooseSplit("auto", loose.labels, loose.tomograms, {}, 1).reason, test::contains("no tomogram"));
    CHECK_FALSE(chooseSplit("stratified", many.labels, many.tomograms, {}, 1).byTomogram);
}

TEST_CASE("split by tomogram, three of them fill three parts") {
    Example three = madeOf(3);
    for (std::size_t i = 0; i < three.labels.size(); ++i)
        if (three.labels[i] >= 0) three.labels[i] = int(i % 2);
    const SplitChoice choice = chooseSplit("tomogram", three.labels, three.tomograms, {}, 1);
    for (const auto* part : {&choice.split.train, &choice.split.validation, &choice.split.test}) CHECK(tomogramsOf(*part, three).size() == 1);
    const Example two = madeOf(2);
    CHECK_THROWS_AS(chooseSplit("tomogram", two.labels, two.tomograms, {}, 1), Error);
}
