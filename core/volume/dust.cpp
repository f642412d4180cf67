#include "core/volume/dust.h"

#include <utility>
#include <vector>

namespace tomoloupe {
namespace {

/// Voxels still to be looked at, as indices into a volume.
class Pieces {
  public:
    Pieces(const Volume& volume, float level, bool darkOnLight) : shape_(volume.shape()) {
        beyond_.reserve(volume.voxels().size());
        for (const float value : volume.voxels()) beyond_.push_back(darkOnLight ? value < level : value > level);
    }

    /// The piece that `start` belongs to, taken out of what remains; empty where there is none.
    const std::vector<std::int64_t>& take(std::int64_t start) {
        piece_.clear();
        visit(start);
        for (std::size_t next = 0; next < piece_.size(); ++next) {
            const std::int64_t place = piece_[next], row = shape_.x, section = shape_.x * shape_.y;
            const std::int64_t x = place % row, y = place / row % shape_.y, z = place / section;
            if (x > 0) visit(place - 1);
            if (x + 1 < shape_.x) visit(place + 1);
            if (y > 0) visit(place - row);
            if (y + 1 < shape_.y) visit(place + row);
            if (z > 0) visit(place - section);
            if (z + 1 < shape_.z) visit(place + section);
        }
        return piece_;
    }

  private:
    void visit(std::int64_t place) {
        char& flag = beyond_[static_cast<std::size_t>(place)];
        if (!flag) return;
        flag = 0;
        piece_.push_back(place);
    }

    Index3 shape_;
    std::vector<char> beyond_;
    std::vector<std::int64_t> piece_;
};

}  // namespace

Volume withoutDust(const Volume& volume, float level, bool darkOnLight, std::int64_t leastVoxels) {
    if (volume.empty() || leastVoxels <= 1) return volume;
    Pieces pieces(volume, level, darkOnLight);
    std::vector<float> voxels(volume.voxels().begin(), volume.voxels().end());
    for (std::int64_t start = 0; start < volume.shape().product(); ++start) {
        const std::vector<std::int64_t>& piece = pieces.take(start);
        if (static_cast<std::int64_t>(piece.size()) >= leastVoxels) continue;
        for (const std::int64_t place : piece) voxels[static_cast<std::size_t>(place)] = level;
    }
    return Volume(volume.shape(), std::move(voxels), volume.voxelSizeAngstrom(), volume.originAngstrom());
}

}  // namespace tomoloupe
