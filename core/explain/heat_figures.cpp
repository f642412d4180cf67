#include "core/explain/heat_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/error.h"
#include "core/base/seed.h"

namespace tomoloupe {
namespace {

constexpr int kBins = 256;
constexpr int kMoves = 100;

int binOf(float value) { return std::clamp(int(value * float(kBins)), 0, kBins - 1); }

/// Intersection over union of two sets of voxels, the first moved by `shift` round the sides of the box.
double intersectionOverUnion(const std::vector<char>& hot, const std::vector<char>& mask, Index3 shape, Index3 shift) {
    std::int64_t both = 0, either = 0;
    std::size_t i = 0;
    for (std::int64_t z = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y) {
            const char* row = hot.data() + shape.x * ((y + shift.y) % shape.y + shape.y * ((z + shift.z) % shape.z));
            for (std::int64_t x = 0; x < shape.x; ++x, ++i) {
                const bool a = row[(x + shift.x) % shape.x], b = mask[i];
                both += a && b;
                either += a || b;
            }
        }
    return either ? double(both) / double(either) : 0;
}

/// From 0, ties share their mean.
std::vector<double> ranks(std::span<const float> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
        for (std::size_t i = first; i < end; ++i) result[order[i]] = double(first + end - 1) / 2;
        first = end;
    }
    return result;
}

}  // namespace

HeatFigures heatFigures(std::span<const float> heat) {
    HeatFigures figures;
    double sum = 0;
    for (const float value : heat) {
        sum += std::max(0.0F, value);
        figures.aboveHalf += value > 0.5F;
    }
    figures.aboveHalf /= double(heat.size());
    for (const float value : heat)
        if (value > 0) figures.entropy -= value / sum * std::log(value / sum);
    return figures;
}

double otsuThreshold(std::span<const float> values) {
    std::array<double, kBins> count{};
    for (const float value : values) ++count[std::size_t(binOf(value))];
    double all = 0, allMoment = 0;
    for (int bin = 0; bin < kBins; ++bin) {
        all += count[std::size_t(bin)];
        allMoment += bin * count[std::size_t(bin)];
    }
    double below = 0, belowMoment = 0, most = 0;
    int best = 0;
    for (int bin = 1; bin < kBins; ++bin) {
        below += count[std::size_t(bin - 1)];
        belowMoment += (bin - 1) * count[std::size_t(bin - 1)];
        if (below == 0 || below == all) continue;
        const double distance = belowMoment / below - (allMoment - belowMoment) / (all - below);
        const double between = below * (all - below) * distance * distance;
        if (between <= most) continue;
        most = between;
        best = bin;
    }
    return double(best) / kBins;
}

MaskOverlap maskOverlap(const Volume& heat, const Volume& mask, std::uint64_t seed) {
    const Index3 shape = heat.shape();
    if (!(shape == mask.shape())) throw Error("The target's mask and the heat map differ in shape");
    MaskOverlap overlap;
    overlap.threshold = otsuThreshold(heat.voxels());
    std::vector<char> hot, within;
    double all = 0, inside = 0;
    for (std::size_t i = 0; i < heat.voxels().size(); ++i) {
        const double value = std::max(0.0F, heat.voxels()[i]);
        within.push_back(mask.voxels()[i] > 0.5F);
        hot.push_back(value > 0 && value >= overlap.threshold);
        all += value;
        if (within.back()) inside += value;
        overlap.maskFraction += within.back();
    }
    overlap.maskFraction /= double(within.size());
    overlap.weightedIoa = all > 0 ? inside / all : 0;
    overlap.iou = intersectionOverUnion(hot, within, shape, {});
    Random random(seed);
    const auto below = [&](std::int64_t side) { return std::int64_t(random.below(std::uint64_t(side))); };
    for (int move = 0; move < kMoves; ++move) {
        const Index3 shift{below(shape.x), below(shape.y), below(shape.z)};
        overlap.iouByChance += intersectionOverUnion(hot, within, shape, shift) / kMoves;
    }
    return overlap;
}

double rankCorrelation(std::span<const float> a, std::span<const float> b) {
    const std::vector<double> ranksA = ranks(a), ranksB = ranks(b);
    const double mean = double(a.size() - 1) / 2;  // of either
    double product = 0, squaresA = 0, squaresB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += (ranksA[i] - mean) * (ranksB[i] - mean);
        squaresA += (ranksA[i] - mean) * (ranksA[i] - mean);
        squaresB += (ranksB[i] - mean) * (ranksB[i] - mean);
    }
    return squaresA > 0 && squaresB > 0 ? product / std::sqrt(squaresA * squaresB) : 0;
}

}  // namespace tomoloupe
