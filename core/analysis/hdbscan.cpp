#include "core/analysis/hdbscan.h"

#include <algorithm>
#include <numeric>

#include "core/analysis/spanning_tree.h"

namespace tomoloupe {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// The merges of single linkage: nodes 0..n-1 are points, n.. are merges in the order of their distance; the last holds everything.
struct Merges {
    struct Merge {
        std::int32_t left = 0, right = 0;
        double density = 0;  ///< 1 / distance
    };
    std::int32_t points = 0;
    std::vector<Merge> merges;
    std::vector<std::int32_t> sizes;  // of all nodes

    [[nodiscard]] std::int32_t root() const { return static_cast<std::int32_t>(sizes.size()) - 1; }
    [[nodiscard]] const Merge& merge(std::int32_t node) const { return merges[at(node - points)]; }
};

Merges singleLinkage(const std::vector<TreeEdge>& edges, std::int32_t points) {
    constexpr double kNearest = 1e-9;  // of the longest edge: points in the same place are infinitely dense otherwise
    Merges result;
    result.points = points;
    result.sizes.assign(at(points), 1);
    DisjointSets sets(at(points));
    std::vector<std::int32_t> nodeOf(at(points));  // of the set's representative
    std::iota(nodeOf.begin(), nodeOf.end(), 0);
    const double least = edges.empty() ? 1 : std::max(1e-30, static_cast<double>(edges.back().length) * kNearest);
    for (const TreeEdge& edge : edges) {
        const std::int32_t left = nodeOf[at(sets.find(edge.a))], right = nodeOf[at(sets.find(edge.b))];
        result.merges.push_back({left, right, 1 / std::max(least, static_cast<double>(edge.length))});
        result.sizes.push_back(result.sizes[at(left)] + result.sizes[at(right)]);
        nodeOf[at(sets.join(edge.a, edge.b))] = result.root();
    }
    return result;
}

/// The tree of clusters that stay at least so large while density rises. Children have larger numbers than their parents.
class Condensed {
  public:
    Condensed(const Merges& merges, int minSize) : merges_(merges), minSize_(minSize), clusterOf_(at(merges.points), 0) {
        clusters_.push_back({});
        open_.push_back({merges.root(), 0});
        while (!open_.empty()) {
            const auto [node, cluster] = open_.back();
            open_.pop_back();
            descend(node, cluster);
        }
    }

    /// Group of each point by excess of mass.
    std::vector<std::int32_t> groups() {
        std::vector<double> below(clusters_.size(), 0.0);  // the most that clusters within give
        std::vector<char> chosen(clusters_.size(), 0);
        for (std::size_t c = clusters_.size(); c-- > 1;) {
            chosen[c] = clusters_[c].stability >= below[c];
            below[at(clusters_[c].parent)] += chosen[c] ? clusters_[c].stability : below[c];
        }
        std::vector<std::int32_t> groupOf(clusters_.size(), -1);
        std::int32_t groups = 0;
        for (std::size_t c = 1; c < clusters_.size(); ++c) {
            const std::int32_t above = groupOf[at(clusters_[c].parent)];
            groupOf[c] = above >= 0 ? above : chosen[c] ? groups++ : -1;
        }
        std::vector<std::int32_t> result;
        for (const std::int32_t cluster : clusterOf_) result.push_back(groupOf[at(cluster)]);
        return result;
    }

  private:
    struct Cluster {
        std::int32_t parent = 0;
        double birth = 0;
        double stability = 0;
    };

    void descend(std::int32_t node, std::int32_t cluster) {
        while (node >= merges_.points) {
            const Merges::Merge& merge = merges_.merge(node);
            const std::int32_t left = merges_.sizes[at(merge.left)], right = merges_.sizes[at(merge.right)];
            const double risen = merge.density - clusters_[at(cluster)].birth;
            if (left >= minSize_ && right >= minSize_) {
                clusters_[at(cluster)].stability += risen * (left + right);
                for (const std::int32_t child : {merge.left, merge.right}) {
                    open_.push_back({child, static_cast<std::int32_t>(clusters_.size())});
                    clusters_.push_back({cluster, merge.density, 0});
                }
                return;
            }
            if (left < minSize_) leave(merge.left, cluster, risen);
            if (right < minSize_) leave(merge.right, cluster, risen);
            if (left < minSize_ && right < minSize_) return;
            node = left < minSize_ ? merge.right : merge.left;
        }
        clusterOf_[at(node)] = cluster;
    }

    void leave(std::int32_t node, std::int32_t cluster, double risen) {
        clusters_[at(cluster)].stability += risen * merges_.sizes[at(node)];
        leaving_.assign(1, node);
        while (!leaving_.empty()) {
            const std::int32_t next = leaving_.back();
            leaving_.pop_back();
            if (next < merges_.points) {
                clusterOf_[at(next)] = cluster;
                continue;
            }
            leaving_.push_back(merges_.merge(next).left);
            leaving_.push_back(merges_.merge(next).right);
        }
    }

    const Merges& merges_;
    int minSize_;
    std::vector<Cluster> clusters_;
    std::vector<std::int32_t> clusterOf_;  // the last one that a point was in
    std::vector<std::pair<std::int32_t, std::int32_t>> open_;
    std::vector<std::int32_t> leaving_;
};

/// The largest group becomes 0.
void orderBySize(std::vector<std::int32_t>& groups) {
    const std::int32_t count = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
    std::vector<std::int64_t> sizes(at(count), 0);
    for (const std::int32_t group : groups)
        if (group >= 0) ++sizes[at(group)];
    std::vector<std::int32_t> order(at(count)), placeOf(at(count));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) { return sizes[at(a)] > sizes[at(b)]; });
    for (std::int32_t place = 0; place < count; ++place) placeOf[at(order[at(place)])] = place;
    for (std::int32_t& group : groups)
        if (group >= 0) group = placeOf[at(group)];
}

}  // namespace

std::vector<std::int32_t> hdbscan(const MatrixView& points, const HdbscanOptions& options, const Watch& watch) {
    const int minSize = std::max(2, options.minClusterSize);
    const int minSamples = options.minSamples > 0 ? options.minSamples : minSize;
    const std::vector<TreeEdge> edges = mutualReachabilityTree(points, minSamples, watch);
    if (static_cast<std::int64_t>(edges.size()) + 1 != points.rows) return std::vector<std::int32_t>(at(points.rows), -1);
    const Merges merges = singleLinkage(edges, static_cast<std::int32_t>(points.rows));
    std::vector<std::int32_t> groups = Condensed(merges, minSize).groups();
    orderBySize(groups);
    return groups;
}

}  // namespace tomoloupe
