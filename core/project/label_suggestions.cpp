#include "core/project/label_suggestions.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <numeric>

#include "core/base/order_key.h"

namespace tomoloupe {
namespace {

double entropyOf(std::span<const double> p) {
    double sum = 0;
    for (const double value : p) {
        if (value > 0) sum -= value * std::log(value);
    }
    return sum;
}

/// Of the largest over the second largest.
template <typename Number>
Number leadOf(std::span<const Number> p) {
    Number first = 0, second = 0;
    for (const Number value : p) {
        second = std::max(second, std::min(first, value));
        first = std::max(first, value);
    }
    return first - second;
}

/// Mean probabilities of the runs that predicted a particle, and the mean of their entropies.
struct Mean {
    std::vector<double> probabilities;
    double entropies = 0;
    int runs = 0;
};

/// Takes means one after the other without asking for memory: there may be a million.
class Averager {
  public:
    explicit Averager(const SuggestionInput& input) : input_(input), own_(input.classes) {}

    const Mean& operator()(std::int32_t particle) {
        mean_.probabilities.assign(input_.classes, 0);
        mean_.entropies = 0;
        mean_.runs = 0;
        const std::size_t first = static_cast<std::size_t>(particle) * input_.classes;
        for (const std::span<const float> run : input_.runs) {
            if (first + input_.classes > run.size()) continue;
            std::copy_n(run.begin() + static_cast<std::ptrdiff_t>(first), input_.classes, own_.begin());
            if (!(std::accumulate(own_.begin(), own_.end(), 0.0) > 0)) continue;
            for (std::size_t c = 0; c < input_.classes; ++c) mean_.probabilities[c] += own_[c];
            if (input_.runs.size() > 1) mean_.entropies += entropyOf(own_);
            ++mean_.runs;
        }
        for (double& p : mean_.probabilities) p /= std::max(1, mean_.runs);
        mean_.entropies /= std::max(1, mean_.runs);
        return mean_;
    }

  private:
    const SuggestionInput& input_;
    std::vector<double> own_;
    Mean mean_;
};

float uncertaintyOf(const Mean& mean) {
    if (mean.runs == 0 || mean.probabilities.size() < 2) return std::numeric_limits<float>::quiet_NaN();
    const double narrow = 1 - leadOf<double>(mean.probabilities);
    if (mean.runs == 1) return static_cast<float>(narrow);
    const double disagreement = (entropyOf(mean.probabilities) - mean.entropies) / std::log(static_cast<double>(mean.probabilities.size()));
    return static_cast<float>((narrow + disagreement) / 2);
}

/// One that may come next: what it has in common with those before it is needed again and again.
struct Choice {
    std::int32_t particle = 0;
    float uncertainty = 0;
    std::vector<double> probabilities;
};

class Mixer {
  public:
    Mixer(const SuggestionInput& input, const SuggestionOptions& options)
        : input_(input), options_(options), meanOf_(input) {}

    /// `sorted`: most uncertain first. Takes the head, mixed, and leaves the rest as it is.
    std::vector<std::int32_t> mixed(std::span<const std::uint64_t> sorted) {
        std::vector<std::int32_t> order;
        order.reserve(sorted.size());
        std::size_t next = 0;
        while (order.size() < static_cast<std::size_t>(options_.head) && order.size() < sorted.size()) {
            for (; pool_.size() < static_cast<std::size_t>(options_.pool) && next < sorted.size(); ++next)
                pool_.push_back(choiceOf(indexOf(sorted[next])));
            order.push_back(takeBest());
        }
        for (const Choice& left : pool_) order.push_back(left.particle);
        for (; next < sorted.size(); ++next) order.push_back(indexOf(sorted[next]));
        return order;
    }

  private:
    Choice choiceOf(std::int32_t particle) {
        const Mean& mean = meanOf_(particle);
        return {particle, uncertaintyOf(mean), mean.probabilities};
    }

    std::int32_t takeBest() {
        std::size_t best = 0;
        double most = -1;
        for (std::size_t i = 0; i < pool_.size(); ++i) {
            const double value = valueOf(pool_[i], most);
            if (value > most) {
                most = value;
                best = i;
            }
        }
        recent_.push_front(pool_[best]);
        if (recent_.size() > static_cast<std::size_t>(options_.recent)) recent_.pop_back();
        pool_.erase(pool_.begin() + static_cast<std::ptrdiff_t>(best));
        return recent_.front().particle;
    }

    /// Exact where it is above `enough`.
    [[nodiscard]] double valueOf(const Choice& choice, double enough) const {
        double likeness = 0, weight = 1;
        const auto value = [&] {
            return (1 - options_.diversity) * choice.uncertainty + options_.diversity * (1 - likeness);
        };
        for (const Choice& before : recent_) {
            likeness = std::max(likeness, weight * (1 - distance(choice, before)));
            if (value() <= enough) break;
            weight -= 1.0 / options_.recent;
        }
        return value();
    }

    [[nodiscard]] double distance(const Choice& a, const Choice& b) const {
        double variation = 0;
        for (std::size_t c = 0; c < input_.classes; ++c) variation += std::abs(a.probabilities[c] - b.probabilities[c]);
        const auto first = static_cast<std::size_t>(a.particle), second = static_cast<std::size_t>(b.particle);
        const double known = variation / 2 + apart(first, second);
        return input_.embedding.empty() ? known / 2 : (known + unlike(first, second)) / 3;
    }

    [[nodiscard]] double unlike(std::size_t a, std::size_t b) const {
        double squares = 0;
        for (std::size_t c = 0; c < input_.components; ++c) {
            const auto step = static_cast<double>(input_.embedding[a * input_.components + c]) -
                              static_cast<double>(input_.embedding[b * input_.components + c]);
            squares += step * step;
        }
        return std::min(1.0, std::sqrt(squares) / 2);
    }

    [[nodiscard]] double apart(std::size_t a, std::size_t b) const {
        if (input_.tomograms.empty() || input_.tomograms[a] != input_.tomograms[b]) return 1;
        if (input_.tomograms[a] < 0 || !input_.position) return 0.5;
        const Vec3 way = input_.position(static_cast<std::int32_t>(a)) - input_.position(static_cast<std::int32_t>(b));
        return std::min(1.0, std::sqrt(way.x * way.x + way.y * way.y + way.z * way.z) / input_.nearVoxels) / 2;
    }

    const SuggestionInput& input_;
    SuggestionOptions options_;
    Averager meanOf_;
    std::vector<Choice> pool_;
    std::deque<Choice> recent_;
};

/// 0, n/2, n/4, 3n/4, ...: every beginning of it is spread evenly over 0..n-1.
std::vector<std::size_t> spreadRanks(std::size_t n) {
    std::size_t bits = 0;
    while ((std::size_t(1) << bits) < n) ++bits;
    std::vector<std::size_t> ranks;
    ranks.reserve(n);
    for (std::size_t i = 0; i < (std::size_t(1) << bits); ++i) {
        std::size_t reversed = 0;
        for (std::size_t b = 0; b < bits; ++b) reversed |= ((i >> b) & 1) << (bits - 1 - b);
        if (reversed < n) ranks.push_back(reversed);
    }
    return ranks;
}

std::vector<std::int32_t> spread(const SuggestionInput& input, std::span<const std::int32_t> candidates) {
    std::map<std::int32_t, std::vector<std::int32_t>> byTomogram;
    for (const std::int32_t particle : candidates)
        byTomogram[input.tomograms.empty() ? -1 : input.tomograms[static_cast<std::size_t>(particle)]].push_back(
            particle);
    std::size_t longest = 0;
    for (auto& [tomogram, members] : byTomogram) {
        if (!input.scores.empty())
            std::stable_sort(members.begin(), members.end(), [&](std::int32_t a, std::int32_t b) {
                return input.scores[static_cast<std::size_t>(a)] > input.scores[static_cast<std::size_t>(b)];
            });
        std::vector<std::int32_t> visited;
        for (const std::size_t rank : spreadRanks(members.size())) visited.push_back(members[rank]);
        members = std::move(visited);
        longest = std::max(longest, members.size());
    }
    std::vector<std::int32_t> order;
    order.reserve(candidates.size());
    for (std::size_t turn = 0; turn < longest; ++turn) {
        for (const auto& [tomogram, members] : byTomogram) {
            if (turn < members.size()) order.push_back(members[turn]);
        }
    }
    return order;
}

}  // namespace

float narrowness(std::span<const float> probabilities) { return 1 - leadOf(probabilities); }

std::vector<float> labelUncertainty(const SuggestionInput& input, std::span<const std::int32_t> candidates) {
    std::vector<float> uncertainty;
    uncertainty.reserve(candidates.size());
    Averager meanOf(input);
    for (const std::int32_t particle : candidates) uncertainty.push_back(uncertaintyOf(meanOf(particle)));
    return uncertainty;
}

std::vector<std::int32_t> suggestedOrder(const SuggestionInput& input, std::span<const std::int32_t> candidates,
                                         const SuggestionOptions& options) {
    const bool known = !input.uncertainty.empty();
    const std::vector<float> computed = known ? std::vector<float>() : labelUncertainty(input, candidates);
    std::vector<std::uint64_t> predicted;  // the most uncertain first
    std::vector<std::int32_t> others;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const float uncertainty = known ? input.uncertainty[static_cast<std::size_t>(candidates[i])] : computed[i];
        if (std::isnan(uncertainty)) {
            others.push_back(candidates[i]);
        } else {
            predicted.push_back(orderKey(-uncertainty, candidates[i]));
        }
    }
    std::sort(predicted.begin(), predicted.end());
    std::vector<std::int32_t> order = Mixer(input, options).mixed(predicted);
    const std::vector<std::int32_t> rest = spread(input, others);
    order.insert(order.end(), rest.begin(), rest.end());
    return order;
}

}  // namespace tomoloupe
