#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"

namespace tomoloupe {

/// Points in the plane, ordered so that the near ones are found without looking at all. Exact. A copy; read from any thread.
class KdTree {
  public:
    /// `points`: two columns.
    explicit KdTree(const MatrixView& points);

    struct Node {
        std::array<float, 2> low{}, high{};  ///< the box of its points
        std::int32_t first = 0, last = 0;    ///< places of its points
        std::int32_t left = -1, right = -1;  ///< -1: a leaf. Both come after this node
    };
    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
    [[nodiscard]] std::int32_t count() const { return static_cast<std::int32_t>(order_.size()); }
    /// Row of the point at a place; its coordinates.
    [[nodiscard]] std::int32_t rowAt(std::int32_t place) const { return order_[static_cast<std::size_t>(place)]; }
    [[nodiscard]] const std::array<float, 2>& pointAt(std::int32_t place) const { return points_[static_cast<std::size_t>(place)]; }

    /// Distance of the point at `place` to its `neighbour`-th nearest other.
    [[nodiscard]] float distanceToNeighbour(std::int32_t place, int neighbour) const;

    [[nodiscard]] static float squaredDistance(const std::array<float, 2>& a, const std::array<float, 2>& b);
    /// 0 within.
    [[nodiscard]] static float squaredDistanceToBox(const std::array<float, 2>& point, const Node& node);

  private:
    void split(std::size_t node);

    std::vector<std::int32_t> order_;
    std::vector<std::array<float, 2>> points_;
    std::vector<Node> nodes_;
};

}  // namespace tomoloupe
