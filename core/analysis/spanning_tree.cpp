#include "core/analysis/spanning_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis/kd_tree.h"

namespace tomoloupe {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Boruvka's rounds: each part of the forest gets its shortest way out, until one is left. Points go by their place in the k-d tree.
class Forest {
  public:
    Forest(const KdTree& tree, int minSamples, const Watch& watch)
        : tree_(tree), watch_(watch), sets_(at(tree.count())), parts_(at(tree.count())), cores_(at(tree.count())),
          leastCore_(tree.nodes().size()), partOf_(tree.nodes().size()) {
        const std::int32_t count = tree.count();
#pragma omp parallel for schedule(dynamic, 256)
        for (std::int32_t i = 0; i < count; ++i) cores_[at(i)] = tree_.distanceToNeighbour(i, minSamples - 1);
        for (std::size_t n = tree.nodes().size(); n-- > 0;) {
            const KdTree::Node& node = tree.nodes()[n];
            leastCore_[n] = node.left >= 0 ? std::min(leastCore_[at(node.left)], leastCore_[at(node.right)])
                                           : *std::min_element(cores_.begin() + node.first, cores_.begin() + node.last);
        }
    }

    std::vector<TreeEdge> grown() {
        std::vector<TreeEdge> edges;
        const std::int32_t count = tree_.count();
        while (static_cast<std::int32_t>(edges.size()) + 1 < count) {
            watch_.tell(static_cast<double>(edges.size()), count);
            notePartsOfNodes();
            best_.assign(at(count), {0, 0, std::numeric_limits<float>::infinity()});
            for (std::int32_t i = 0; i < count; ++i) {
                if (i % 4096 == 0) watch_.stop.throwIfCancelled();
                lookAround(i);
            }
            const std::size_t before = edges.size();
            for (std::int32_t part = 0; part < count; ++part) {
                const TreeEdge& edge = best_[at(part)];
                if (edge.length == std::numeric_limits<float>::infinity() || sets_.find(edge.a) == sets_.find(edge.b)) continue;
                sets_.join(edge.a, edge.b);
                edges.push_back({tree_.rowAt(edge.a), tree_.rowAt(edge.b), edge.length});
            }
            if (edges.size() == before) break;  // coordinates that are no numbers
        }
        return edges;
    }

  private:
    void notePartsOfNodes() {
        for (std::int32_t i = 0; i < tree_.count(); ++i) parts_[at(i)] = sets_.find(i);
        for (std::size_t n = tree_.nodes().size(); n-- > 0;) {
            const KdTree::Node& node = tree_.nodes()[n];
            if (node.left >= 0) {
                const std::int32_t left = partOf_[at(node.left)];
                partOf_[n] = left == partOf_[at(node.right)] ? left : -1;
            } else {
                const auto first = parts_.begin() + node.first;
                partOf_[n] = std::all_of(first, parts_.begin() + node.last, [&](std::int32_t part) { return part == *first; }) ? *first : -1;
            }
        }
    }

    /// The shortest way from this point to another part, where it is shorter than what its part has found so far.
    void lookAround(std::int32_t point) {
        const std::int32_t part = parts_[at(point)];
        TreeEdge& best = best_[at(part)];
        if (cores_[at(point)] >= best.length) return;
        open_.assign(1, 0);
        while (!open_.empty()) {
            const std::int32_t n = open_.back();
            open_.pop_back();
            const KdTree::Node& node = tree_.nodes()[at(n)];
            const float away = std::sqrt(KdTree::squaredDistanceToBox(tree_.pointAt(point), node));
            if (partOf_[at(n)] == part || std::max(away, leastCore_[at(n)]) >= best.length) continue;
            if (node.left >= 0) {
                const bool leftFirst = KdTree::squaredDistanceToBox(tree_.pointAt(point), tree_.nodes()[at(node.left)]) <=
                                       KdTree::squaredDistanceToBox(tree_.pointAt(point), tree_.nodes()[at(node.right)]);
                open_.push_back(leftFirst ? node.right : node.left);
                open_.push_back(leftFirst ? node.left : node.right);
                continue;
            }
            for (std::int32_t other = node.first; other < node.last; ++other) {
                if (parts_[at(other)] == part) continue;
                const float length = std::max({std::sqrt(KdTree::squaredDistance(tree_.pointAt(point), tree_.pointAt(other))), cores_[at(point)],
                                               cores_[at(other)]});
                if (length < best.length) best = {point, other, length};
            }
        }
    }

    const KdTree& tree_;
    const Watch& watch_;
    DisjointSets sets_;
    std::vector<std::int32_t> parts_;  // of points
    std::vector<float> cores_;
    std::vector<float> leastCore_;      // of nodes
    std::vector<std::int32_t> partOf_;  // of nodes; -1: several
    std::vector<TreeEdge> best_;
    std::vector<std::int32_t> open_;
};

}  // namespace

std::vector<TreeEdge> mutualReachabilityTree(const MatrixView& points, int minSamples, const Watch& watch) {
    if (points.rows < 2) return {};
    const KdTree tree(points);
    std::vector<TreeEdge> edges = Forest(tree, minSamples, watch).grown();
    for (TreeEdge& edge : edges)
        if (edge.a > edge.b) std::swap(edge.a, edge.b);
    std::sort(edges.begin(), edges.end(), [](const TreeEdge& x, const TreeEdge& y) {
        return x.length != y.length ? x.length < y.length : x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    return edges;
}

DisjointSets::DisjointSets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }

std::int32_t DisjointSets::find(std::int32_t member) {
    while (parent_[at(member)] != member) {
        parent_[at(member)] = parent_[at(parent_[at(member)])];
        member = parent_[at(member)];
    }
    return member;
}

std::int32_t DisjointSets::join(std::int32_t a, std::int32_t b) {
    const std::int32_t first = find(a), second = find(b);
    parent_[at(std::max(first, second))] = std::min(first, second);
    return std::min(first, second);
}

}  // namespace tomoloupe
