#pragma once

#include <cstdint>
#include <string_view>

namespace tomoloupe {

/// A seed for one purpose ("split", "epoch") and index, derived from a run's seed: the same on every machine, and
/// neighbouring seeds give unrelated streams (SplitMix64 finaliser, Steele et al. 2014).
[[nodiscard]] std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

/// A small random engine whose numbers are the same with every standard library (SplitMix64).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    [[nodiscard]] std::uint64_t next();
    /// Uniform in [0, 1).
    [[nodiscard]] double uniform();
    [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform in 0..count-1; count > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t count);
    /// Standard normal (Box and Muller 1958).
    [[nodiscard]] double normal();

    /// Fisher-Yates.
    template <typename Container>
    void shuffle(Container& items) {
        using std::swap;
        for (std::uint64_t i = items.size(); i > 1; --i) swap(items[i - 1], items[below(i)]);
    }

  private:
    std::uint64_t state_;
};

}  // namespace tomoloupe
