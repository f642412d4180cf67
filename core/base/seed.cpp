#include "core/base/seed.h"

#include <cmath>
#include <numbers>

namespace tomoloupe {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

}  // namespace

std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
    std::uint64_t hash = mix(seed + kGolden);
    for (const char c : purpose) hash = mix(hash ^ static_cast<unsigned char>(c)) + kGolden;
    // Not symmetric in seed and index: swapping them must give another stream.
    return mix(mix(hash + kGolden) + index);
}

std::uint64_t Random::next() { return mix(state_ += kGolden); }

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t count) {
    // Rejection keeps every value equally likely.
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % count;
    std::uint64_t value = next();
    while (value >= limit) value = next();
    return value % count;
}

double Random::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace tomoloupe
