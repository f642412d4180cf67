#include "core/analysis/neighbours.h"

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "core/analysis/distances.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kChunk = 256;  // rows between looks at the stop token

struct Near {
    float squared;
    std::int32_t index;
    friend bool operator<(const Near& a, const Near& b) { return a.squared != b.squared ? a.squared < b.squared : a.index < b.index; }
};

/// The `wanted` smallest of `squared`, but for `self`, in rising order.
void takeNearest(const float* squared, std::int64_t rows, std::int64_t self, int wanted, std::vector<Near>& nearest) {
    nearest.clear();
    for (std::int64_t j = 0; j < rows; ++j) {
        if (j == self) continue;
        const Near candidate{squared[j], static_cast<std::int32_t>(j)};
        if (static_cast<int>(nearest.size()) == wanted) {
            if (!(candidate.squared < nearest.front().squared)) continue;
            std::pop_heap(nearest.begin(), nearest.end());
            nearest.back() = candidate;
        } else {
            nearest.push_back(candidate);
        }
        std::push_heap(nearest.begin(), nearest.end());
    }
    std::sort_heap(nearest.begin(), nearest.end());
}

void store(const std::vector<Near>& nearest, std::int64_t row, Neighbours& result) {
    for (std::size_t k = 0; k < nearest.size(); ++k) {
        const auto at = static_cast<std::size_t>(row * result.count) + k;
        result.indices[at] = nearest[k].index;
        result.distances[at] = std::sqrt(nearest[k].squared);
    }
}

void searchAll(const MatrixView& rows, Neighbours& result, const Watch& watch) {
    const PackedRows packed(rows);
    for (std::int64_t first = 0; first < rows.rows; first += kChunk) {
        watch.tell(static_cast<double>(first), static_cast<double>(rows.rows));
        const std::int64_t last = std::min(rows.rows, first + kChunk);
#pragma omp parallel
        {
            constexpr std::int64_t kTogether = PackedRows::kTogether;
            std::vector<float> squared(static_cast<std::size_t>(kTogether * packed.paddedCount()));
            std::vector<Near> nearest;
#pragma omp for schedule(dynamic, 4)
            for (std::int64_t i = first; i < last; i += kTogether) {
                const std::int64_t together = std::min(kTogether, last - i);
                if (together == kTogether) packed.squaredDistancesOfSeveral(rows.row(i), squared.data());
                for (std::int64_t r = 0; r < together; ++r) {
                    float* own = squared.data() + r * packed.paddedCount();
                    if (together < kTogether) packed.squaredDistances(rows.row(i + r), own);
                    takeNearest(own, rows.rows, i + r, result.count, nearest);
                    store(nearest, i + r, result);
                }
            }
        }
    }
}

/// One that was found twice, or a row that found too few, would be a hole: exact distances fill it.
void storeFound(hnswlib::HierarchicalNSW<float>& graph, const MatrixView& rows, std::int64_t row, Neighbours& result, std::vector<Near>& nearest) {
    auto found = graph.searchKnn(rows.row(row), static_cast<std::size_t>(result.count) + 1);
    nearest.clear();
    for (; !found.empty(); found.pop())
        if (found.top().second != static_cast<hnswlib::labeltype>(row))
            nearest.push_back({found.top().first, static_cast<std::int32_t>(found.top().second)});
    std::sort(nearest.begin(), nearest.end());
    if (nearest.size() > static_cast<std::size_t>(result.count)) nearest.resize(static_cast<std::size_t>(result.count));
    if (nearest.size() < static_cast<std::size_t>(result.count)) {
        std::vector<float> squared(static_cast<std::size_t>(rows.rows));
        for (std::int64_t j = 0; j < rows.rows; ++j) squared[static_cast<std::size_t>(j)] = squaredDistance(rows.row(row), rows.row(j), rows.columns);
        takeNearest(squared.data(), rows.rows, row, result.count, nearest);
    }
    store(nearest, row, result);
}

void searchGraph(const MatrixView& rows, const NeighbourOptions& options, Neighbours& result, const Watch& watch) {
    constexpr std::size_t kLinks = 16, kBuildWidth = 100;
    constexpr double kBuildShare = 0.8;  // of the time
    hnswlib::L2Space space(static_cast<std::size_t>(rows.columns));
    hnswlib::HierarchicalNSW<float> graph(&space, static_cast<std::size_t>(rows.rows), kLinks, kBuildWidth, options.seed);
    const auto total = static_cast<double>(rows.rows);
    for (std::int64_t i = 0; i < rows.rows; ++i) {  // one after the other: the graph depends on the order
        if (i % kChunk == 0) watch.tell(kBuildShare * static_cast<double>(i), total);
        graph.addPoint(rows.row(i), static_cast<hnswlib::labeltype>(i));
    }
    graph.setEf(static_cast<std::size_t>(std::max(60, 4 * result.count)));
    constexpr std::int64_t kMany = 4096;
    for (std::int64_t first = 0; first < rows.rows; first += kMany) {
        watch.tell(kBuildShare * total + (1 - kBuildShare) * static_cast<double>(first), total);
        const std::int64_t last = std::min(rows.rows, first + kMany);
#pragma omp parallel
        {
            std::vector<Near> nearest;
#pragma omp for schedule(dynamic, 64)
            for (std::int64_t i = first; i < last; ++i) storeFound(graph, rows, i, result, nearest);
        }
    }
}

}  // namespace

Neighbours nearestNeighbours(const MatrixView& rows, int count, const NeighbourOptions& options, const Watch& watch) {
    Neighbours result;
    result.rows = rows.rows;
    result.count = static_cast<int>(std::clamp<std::int64_t>(count, 0, std::max<std::int64_t>(0, rows.rows - 1)));
    result.indices.resize(static_cast<std::size_t>(rows.rows * result.count));
    result.distances.resize(result.indices.size());
    if (result.count == 0) return result;
    if (rows.rows <= options.exactRows)
        searchAll(rows, result, watch);
    else
        searchGraph(rows, options, result, watch);
    return result;
}

std::vector<std::int64_t> nearestTo(const MatrixView& rows, std::int64_t row, int count) {
    std::vector<float> squared(static_cast<std::size_t>(rows.rows));
    for (std::int64_t j = 0; j < rows.rows; ++j) squared[static_cast<std::size_t>(j)] = squaredDistance(rows.row(row), rows.row(j), rows.columns);
    std::vector<Near> nearest;
    const int wanted = static_cast<int>(std::clamp<std::int64_t>(count, 0, std::max<std::int64_t>(0, rows.rows - 1)));
    if (wanted == 0) return {};
    takeNearest(squared.data(), rows.rows, row, wanted, nearest);
    std::vector<std::int64_t> found;
    for (const Near& near : nearest) found.push_back(near.index);
    return found;
}

}  // namespace tomoloupe
