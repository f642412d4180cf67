#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/data/split.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kParts = 3;
using Counts = std::vector<double>;  // of each class

struct Group {
    std::vector<std::int64_t> members;
    Counts counts;
    std::size_t part = kParts;  // none yet
};

/// A size within a factor of two; groups alike in it may stand in any order.
int magnitude(const Group& group) { return std::ilogb(static_cast<double>(group.members.size())); }

/// The labelled particles by group, the largest first, and groups of about one size in an order that the seed fixes.
std::vector<Group> groupsOf(std::span<const int> labels, std::span<const int> groups, std::size_t classes, std::uint64_t seed) {
    std::map<int, Group> found;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0) continue;
        Group& group = found[groups[i]];
        group.counts.resize(classes);
        group.members.push_back(static_cast<std::int64_t>(i));
        ++group.counts[static_cast<std::size_t>(labels[i])];
    }
    std::vector<Group> result;
    for (auto& [key, group] : found) result.push_back(std::move(group));
    Random random(deriveSeed(seed, "split groups"));
    random.shuffle(result);
    std::stable_sort(result.begin(), result.end(), [](const Group& a, const Group& b) { return magnitude(a) > magnitude(b); });
    return result;
}

/// How the parts stand with what they hold.
class Parts {
  public:
    Parts(const std::vector<Group>& groups, std::size_t classes, const SplitFractions& fractions) : totals_(classes) {
        const double sum = fractions.train + fractions.validation + fractions.test;
        share_ = {fractions.train / sum, fractions.validation / sum, fractions.test / sum};
        for (Counts& part : have_) part.resize(classes);
        for (const Group& group : groups)
            for (std::size_t c = 0; c < classes; ++c) totals_[c] += group.counts[c];
    }
    void add(const Group& group, std::size_t part, double sign = 1) {
        for (std::size_t c = 0; c < totals_.size(); ++c) have_[part][c] += sign * group.counts[c];
        held_[part] += sign > 0 ? 1 : -1;
    }
    [[nodiscard]] int held(std::size_t part) const { return held_[part]; }
    /// Squared distances of each class's shares from those wished for; a class that a part lacks counts as one more.
    [[nodiscard]] double cost() const {
        double sum = 0;
        for (std::size_t p = 0; p < kParts; ++p) {
            for (std::size_t c = 0; c < totals_.size(); ++c) {
                if (totals_[c] == 0) continue;
                const double off = have_[p][c] / totals_[c] - share_[p];
                sum += off * off + (have_[p][c] == 0 ? 1 : 0);
            }
        }
        return sum;
    }

  private:
    Counts totals_;
    std::array<double, kParts> share_{};
    std::array<Counts, kParts> have_;
    std::array<int, kParts> held_{};
};

void placeGreedily(std::vector<Group>& groups, Parts& parts) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
        int empty = 0;
        for (std::size_t p = 0; p < kParts; ++p) empty += parts.held(p) == 0;
        const bool reserved = static_cast<int>(groups.size() - g) <= empty;
        double best = std::numeric_limits<double>::max();
        std::size_t where = 0;
        for (std::size_t p = 0; p < kParts; ++p) {
            if (reserved && parts.held(p) > 0) continue;
            parts.add(groups[g], p);
            if (const double cost = parts.cost(); cost < best - 1e-12) {
                best = cost;
                where = p;
            }
            parts.add(groups[g], p, -1);
        }
        parts.add(groups[g], where);
        groups[g].part = where;
    }
}

/// Moves a group, or swaps two, wherever that helps most, until nothing does.
bool improveOnce(std::vector<Group>& groups, Parts& parts) {
    constexpr std::size_t kMostSwapped = 300;  // groups; beyond that moves alone are fine enough
    const double before = parts.cost();
    const auto put = [&](Group& group, std::size_t part) {
        parts.add(group, group.part, -1);
        parts.add(group, part);
        group.part = part;
    };
    for (Group& group : groups) {
        const std::size_t own = group.part;
        for (std::size_t p = 0; p < kParts && parts.held(own) > 1; ++p) {
            if (p == own) continue;
            put(group, p);
            if (parts.cost() < before - 1e-9) return true;
            put(group, own);
        }
    }
    for (std::size_t a = 0; a < std::min(groups.size(), kMostSwapped); ++a) {
        for (std::size_t b = a + 1; b < std::min(groups.size(), kMostSwapped); ++b) {
            const std::size_t partOfA = groups[a].part, partOfB = groups[b].part;
            if (partOfA == partOfB) continue;
            put(groups[a], partOfB);
            put(groups[b], partOfA);
            if (parts.cost() < before - 1e-9) return true;
            put(groups[a], partOfA);
            put(groups[b], partOfB);
        }
    }
    return false;
}

std::size_t classCount(std::span<const int> labels) {
    const int highest = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
    return static_cast<std::size_t>(highest + 1);
}

bool everyClassInEveryPart(const Split& split, std::span<const int> labels) {
    const std::size_t classes = classCount(labels);
    std::vector<bool> known(classes);
    for (const int label : labels)
        if (label >= 0) known[static_cast<std::size_t>(label)] = true;
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
        std::vector<bool> seen(classes);
        for (const std::int64_t i : *part) seen[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])] = true;
        if (seen != known) return false;
    }
    return true;
}

/// A number for each tomogram, -1 for particles without one.
std::vector<int> numbersOf(std::span<const std::string> names) {
    std::map<std::string, int> known;
    std::vector<int> numbers;
    for (const std::string& name : names)
        numbers.push_back(name.empty() ? -1 : known.try_emplace(name, static_cast<int>(known.size())).first->second);
    return numbers;
}

/// Why the labelled particles cannot be split by tomogram; empty when they can.
std::string obstacle(std::span<const int> labels, const std::vector<int>& groups, int tomograms, int fewest) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= 0 && groups[i] < 0) return "some of the labelled particles lie in no tomogram that is known";
    if (tomograms < fewest)
        return fmt::format("the labelled particles lie in {} tomogram{}, and {} are needed", tomograms, tomograms == 1 ? "" : "s", fewest);
    return {};
}

}  // namespace

Split groupedSplit(std::span<const int> labels, std::span<const int> groups, const SplitFractions& fractions, std::uint64_t seed) {
    const std::size_t classes = classCount(labels);
    std::vector<Group> all = groupsOf(labels, groups, classes, seed);
    Parts parts(all, classes, fractions);
    placeGreedily(all, parts);
    constexpr int kMostTurns = 1000;
    for (int turn = 0; turn < kMostTurns && improveOnce(all, parts); ++turn) {
    }
    Split split;
    const std::array<std::vector<std::int64_t>*, kParts> lists{&split.train, &split.validation, &split.test};
    for (const Group& group : all) lists[group.part]->insert(lists[group.part]->end(), group.members.begin(), group.members.end());
    for (auto* list : lists) std::sort(list->begin(), list->end());
    return split;
}

SplitChoice chooseSplit(const std::string& kind, std::span<const int> labels, std::span<const std::string> tomograms,
                        const SplitFractions& fractions, std::uint64_t seed) {
    SplitChoice choice;
    const std::vector<int> groups = numbersOf(tomograms);
    std::vector<int> used;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= 0 && groups[i] >= 0) used.push_back(groups[i]);
    std::sort(used.begin(), used.end());
    choice.tomograms = static_cast<int>(std::unique(used.begin(), used.end()) - used.begin());
    if (kind != "stratified") {
        const bool must = kind == "tomogram";
        choice.reason = obstacle(labels, groups, choice.tomograms, must ? static_cast<int>(kParts) : kFewestTomograms);
        if (choice.reason.empty()) {
            choice.split = groupedSplit(labels, groups, fractions, seed);
            choice.byTomogram = everyClassInEveryPart(choice.split, labels);
            if (!choice.byTomogram) choice.reason = "a class lies in too few tomograms to be learnt from, chosen by and tested alike";
        }
        if (must && !choice.byTomogram)
            throw Error(fmt::format("The labelled particles cannot be split by tomogram: {}. Label more, or choose --split stratified", choice.reason));
    }
    if (!choice.byTomogram) choice.split = stratifiedSplit(labels, fractions, seed);
    return choice;
}

}  // namespace tomoloupe
