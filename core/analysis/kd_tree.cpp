#include "core/analysis/kd_tree.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tomoloupe {
namespace {

constexpr std::int32_t kLeaf = 12;

}  // namespace

KdTree::KdTree(const MatrixView& points) : order_(static_cast<std::size_t>(points.rows)), points_(order_.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const float* row = points.row(static_cast<std::int64_t>(i));
        points_[i] = {row[0], row[1]};
    }
    Node root;
    root.last = count();
    nodes_.push_back(root);
    for (std::size_t node = 0; node < nodes_.size(); ++node) split(node);
    std::vector<std::array<float, 2>> sorted(points_.size());
    for (std::size_t place = 0; place < order_.size(); ++place) sorted[place] = points_[static_cast<std::size_t>(order_[place])];
    points_ = std::move(sorted);
}

/// While the tree is made, points_ is in the order of the rows.
void KdTree::split(std::size_t at) {
    Node node = nodes_[at];
    for (const std::size_t axis : {std::size_t(0), std::size_t(1)}) {
        node.low[axis] = INFINITY;
        node.high[axis] = -INFINITY;
        for (std::int32_t place = node.first; place < node.last; ++place) {
            const float value = points_[static_cast<std::size_t>(order_[static_cast<std::size_t>(place)])][axis];
            node.low[axis] = std::min(node.low[axis], value);
            node.high[axis] = std::max(node.high[axis], value);
        }
    }
    if (node.last - node.first > kLeaf) {
        const std::size_t axis = node.high[0] - node.low[0] >= node.high[1] - node.low[1] ? 0 : 1;
        const std::int32_t middle = (node.first + node.last) / 2;
        std::nth_element(order_.begin() + node.first, order_.begin() + middle, order_.begin() + node.last, [&](std::int32_t a, std::int32_t b) {
            const float va = points_[static_cast<std::size_t>(a)][axis], vb = points_[static_cast<std::size_t>(b)][axis];
            return va != vb ? va < vb : a < b;
        });
        node.left = static_cast<std::int32_t>(nodes_.size());
        node.right = node.left + 1;
        Node left, right;
        left.first = node.first;
        left.last = right.first = middle;
        right.last = node.last;
        nodes_.push_back(left);
        nodes_.push_back(right);
    }
    nodes_[at] = node;
}

float KdTree::squaredDistance(const std::array<float, 2>& a, const std::array<float, 2>& b) {
    return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
}

float KdTree::squaredDistanceToBox(const std::array<float, 2>& point, const Node& node) {
    float sum = 0;
    for (const std::size_t axis : {std::size_t(0), std::size_t(1)}) {
        const float beyond = std::max({node.low[axis] - point[axis], point[axis] - node.high[axis], 0.0f});
        sum += beyond * beyond;
    }
    return sum;
}

float KdTree::distanceToNeighbour(std::int32_t place, int neighbour) const {
    const auto wanted = static_cast<std::size_t>(std::clamp(neighbour, 0, count() - 1));
    if (wanted == 0) return 0;
    const std::array<float, 2>& point = pointAt(place);
    std::vector<float> nearest;  // a heap, the farthest on top
    std::vector<std::int32_t> open{0};
    while (!open.empty()) {
        const Node& node = nodes_[static_cast<std::size_t>(open.back())];
        open.pop_back();
        if (nearest.size() == wanted && squaredDistanceToBox(point, node) >= nearest.front()) continue;
        if (node.left >= 0) {
            const bool leftFirst = squaredDistanceToBox(point, nodes_[static_cast<std::size_t>(node.left)]) <=
                                   squaredDistanceToBox(point, nodes_[static_cast<std::size_t>(node.right)]);
            open.push_back(leftFirst ? node.right : node.left);
            open.push_back(leftFirst ? node.left : node.right);
            continue;
        }
        for (std::int32_t other = node.first; other < node.last; ++other) {
            if (other == place) continue;
            const float squared = squaredDistance(point, pointAt(other));
            if (nearest.size() == wanted) {
                if (squared >= nearest.front()) continue;
                std::pop_heap(nearest.begin(), nearest.end());
                nearest.pop_back();
            }
            nearest.push_back(squared);
            std::push_heap(nearest.begin(), nearest.end());
        }
    }
    return std::sqrt(nearest.front());
}

}  // namespace tomoloupe
