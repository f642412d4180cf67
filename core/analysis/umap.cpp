#include "core/analysis/umap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tomoloupe {
namespace {

/// The width at which the weights of a point's neighbours sum to `target`, by bisection.
double smoothWidth(const float* distances, int count, double nearest, double target) {
    constexpr int kRounds = 64;
    constexpr double kExact = 1e-5;
    double low = 0, high = INFINITY, width = 1;
    for (int round = 0; round < kRounds; ++round) {
        double sum = 0;
        for (int k = 0; k < count; ++k) {
            const double beyond = static_cast<double>(distances[k]) - nearest;
            sum += beyond > 0 ? std::exp(-beyond / width) : 1;
        }
        if (std::abs(sum - target) < kExact) break;
        (sum > target ? high : low) = width;
        width = std::isinf(high) ? width * 2 : (low + high) / 2;
    }
    return width;
}

/// Weight of each neighbour as its point sees it.
std::vector<float> directedWeights(const Neighbours& neighbours) {
    constexpr double kLeastWidth = 1e-3;  // of the mean distance: neighbours at nearly one distance keep some difference
    const int count = neighbours.count;
    const double target = std::log2(count + 1.0);
    double all = 0;
    for (const float distance : neighbours.distances) all += static_cast<double>(distance);
    // The point itself counts, at distance 0.
    const double meanOfAll = all / (static_cast<double>(neighbours.rows) * (count + 1));
    std::vector<float> weights(neighbours.distances.size());
    for (std::int64_t i = 0; i < neighbours.rows; ++i) {
        const float* distances = neighbours.distances.data() + i * count;
        double nearest = 0, mean = 0;
        for (int k = count - 1; k >= 0; --k) {
            mean += static_cast<double>(distances[k]) / (count + 1);
            if (distances[k] > 0) nearest = static_cast<double>(distances[k]);
        }
        const double width = std::max(smoothWidth(distances, count, nearest, target), kLeastWidth * (nearest > 0 ? mean : meanOfAll));
        for (int k = 0; k < count; ++k) {
            const double beyond = static_cast<double>(distances[k]) - nearest;
            weights[static_cast<std::size_t>(i * count + k)] = static_cast<float>(beyond > 0 && width > 0 ? std::exp(-beyond / width) : 1);
        }
    }
    return weights;
}

}  // namespace

std::vector<FuzzyEdge> fuzzyGraph(const Neighbours& neighbours) {
    const std::vector<float> weights = directedWeights(neighbours);
    std::vector<FuzzyEdge> edges;
    edges.reserve(weights.size());
    for (std::size_t at = 0; at < weights.size(); ++at) {
        const auto from = static_cast<std::int32_t>(at / static_cast<std::size_t>(neighbours.count));
        const std::int32_t to = neighbours.indices[at];
        edges.push_back({std::min(from, to), std::max(from, to), weights[at]});
    }
    std::sort(edges.begin(), edges.end(), [](const FuzzyEdge& x, const FuzzyEdge& y) {
        return x.a != y.a ? x.a < y.a : x.b != y.b ? x.b < y.b : x.weight < y.weight;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (kept > 0 && edges[kept - 1].a == edges[i].a && edges[kept - 1].b == edges[i].b) {
            float& weight = edges[kept - 1].weight;
            weight = weight + edges[i].weight - weight * edges[i].weight;
        } else {
            edges[kept++] = edges[i];
        }
    }
    edges.resize(kept);
    return edges;
}

LayoutCurve layoutCurve(double minDistance, double spread) {
    constexpr int kPoints = 300, kRounds = 200;
    double a = 1, b = 1, damping = 1e-3;
    const auto misfit = [&](double p, double q) {
        double sum = 0;
        for (int i = 0; i < kPoints; ++i) {
            const double x = 3 * spread * i / (kPoints - 1), y = x < minDistance ? 1 : std::exp(-(x - minDistance) / spread);
            const double difference = 1 / (1 + p * std::pow(x, 2 * q)) - y;
            sum += difference * difference;
        }
        return sum;
    };
    // Levenberg and Marquardt on the two numbers.
    double best = misfit(a, b);
    for (int round = 0; round < kRounds; ++round) {
        double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0;
        for (int i = 1; i < kPoints; ++i) {
            const double x = 3 * spread * i / (kPoints - 1), y = x < minDistance ? 1 : std::exp(-(x - minDistance) / spread);
            const double power = std::pow(x, 2 * b), value = 1 / (1 + a * power), slope = -value * value * power;
            const double da = slope, db = slope * a * 2 * std::log(x), difference = value - y;
            aa += da * da;
            ab += da * db;
            bb += db * db;
            ra -= da * difference;
            rb -= db * difference;
        }
        const double p = aa * (1 + damping), q = bb * (1 + damping), determinant = p * q - ab * ab;
        if (!(std::abs(determinant) > 0)) break;
        const double stepA = (q * ra - ab * rb) / determinant, stepB = (p * rb - ab * ra) / determinant;
        const double next = misfit(a + stepA, b + stepB);
        if (next <= best && a + stepA > 0 && b + stepB > 0) {
            a += stepA;
            b += stepB;
            best = next;
            damping /= 10;
            if (std::abs(stepA) + std::abs(stepB) < 1e-12) break;
        } else {
            damping *= 10;
            if (damping > 1e12) break;
        }
    }
    return {a, b};
}

}  // namespace tomoloupe
