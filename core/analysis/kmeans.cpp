#include "core/analysis/kmeans.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/analysis/distances.h"
#include "core/base/seed.h"

namespace tomoloupe {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Centres far from each other: each drawn with a probability that grows with the squared distance to those before it.
std::vector<float> spreadStart(const MatrixView& rows, std::int64_t count, Random& random) {
    std::vector<float> centres;
    std::vector<double> nearest(at(rows.rows), std::numeric_limits<double>::max());
    std::int64_t chosen = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows.rows)));
    for (std::int64_t c = 0; c < count; ++c) {
        centres.insert(centres.end(), rows.row(chosen), rows.row(chosen) + rows.columns);
        double sum = 0;
        for (std::int64_t i = 0; i < rows.rows; ++i) {
            nearest[at(i)] = std::min(nearest[at(i)], static_cast<double>(squaredDistance(rows.row(i), rows.row(chosen), rows.columns)));
            sum += nearest[at(i)];
        }
        double left = random.uniform() * sum;
        for (chosen = 0; chosen + 1 < rows.rows && left >= nearest[at(chosen)]; ++chosen) left -= nearest[at(chosen)];
    }
    return centres;
}

/// Puts every row to its nearest centre; whether any went elsewhere.
bool assign(const MatrixView& rows, KMeans& state, std::vector<float>& distances) {
    const PackedRows centres({state.centres, static_cast<std::int64_t>(state.centres.size()) / rows.columns, rows.columns});
    bool changed = false;
#pragma omp parallel reduction(|| : changed)
    {
        std::vector<float> squared(at(centres.paddedCount()));
#pragma omp for
        for (std::int64_t i = 0; i < rows.rows; ++i) {
            centres.squaredDistances(rows.row(i), squared.data());
            const auto best = static_cast<std::int32_t>(std::min_element(squared.begin(), squared.begin() + centres.count()) - squared.begin());
            distances[at(i)] = squared[at(best)];
            changed = changed || state.groups[at(i)] != best;
            state.groups[at(i)] = best;
        }
    }
    state.inertia = std::accumulate(distances.begin(), distances.end(), 0.0);
    return changed;
}

/// Centres become the means of their groups; one without a row goes to the row that is farthest from its own.
void moveCentres(const MatrixView& rows, KMeans& state, std::vector<float>& distances) {
    const std::int64_t columns = rows.columns, count = static_cast<std::int64_t>(state.centres.size()) / columns;
    std::vector<double> sums(state.centres.size(), 0.0);
    std::vector<std::int64_t> sizes(at(count), 0);
    for (std::int64_t i = 0; i < rows.rows; ++i) {
        const std::int64_t group = state.groups[at(i)];
        ++sizes[at(group)];
        for (std::int64_t c = 0; c < columns; ++c) sums[at(group * columns + c)] += static_cast<double>(rows.row(i)[c]);
    }
    for (std::int64_t g = 0; g < count; ++g) {
        if (sizes[at(g)] > 0) {
            for (std::int64_t c = 0; c < columns; ++c)
                state.centres[at(g * columns + c)] = static_cast<float>(sums[at(g * columns + c)] / static_cast<double>(sizes[at(g)]));
            continue;
        }
        const auto farthest = std::max_element(distances.begin(), distances.end());
        std::copy_n(rows.row(farthest - distances.begin()), columns, state.centres.begin() + g * columns);
        *farthest = 0;
    }
}

/// Numbers the groups by size, so that a seed changes their numbers as little as can be.
void orderBySize(std::int64_t columns, KMeans& state) {
    const std::int64_t count = static_cast<std::int64_t>(state.centres.size()) / columns;
    std::vector<std::int64_t> sizes(at(count), 0), order(at(count));
    for (const std::int32_t group : state.groups) ++sizes[at(group)];
    std::iota(order.begin(), order.end(), std::int64_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return sizes[at(a)] > sizes[at(b)]; });
    std::vector<std::int32_t> placeOf(at(count));
    std::vector<float> centres;
    for (std::int64_t place = 0; place < count; ++place) {
        const auto from = state.centres.begin() + order[at(place)] * columns;
        centres.insert(centres.end(), from, from + columns);
        placeOf[at(order[at(place)])] = static_cast<std::int32_t>(place);
    }
    state.centres = std::move(centres);
    for (std::int32_t& group : state.groups) group = placeOf[at(group)];
}

}  // namespace

KMeans kMeans(const MatrixView& rows, const KMeansOptions& options, const Watch& watch) {
    KMeans best;
    if (rows.rows == 0 || rows.columns == 0) return best;
    const std::int64_t count = std::clamp<std::int64_t>(options.count, 1, rows.rows);
    best.inertia = std::numeric_limits<double>::max();
    std::vector<float> distances(at(rows.rows));
    for (int start = 0; start < std::max(1, options.starts); ++start) {
        Random random(deriveSeed(options.seed, "k-means start", static_cast<std::uint64_t>(start)));
        KMeans state;
        state.groups.assign(at(rows.rows), -1);
        state.centres = spreadStart(rows, count, random);
        for (int round = 0; round < options.rounds; ++round) {
            watch.tell(start, options.starts);
            if (!assign(rows, state, distances)) break;
            moveCentres(rows, state, distances);
        }
        if (state.inertia < best.inertia) best = std::move(state);
    }
    orderBySize(rows.columns, best);
    return best;
}

}  // namespace tomoloupe
