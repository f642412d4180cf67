#include "ui/views/tile_selection.h"

#include <algorithm>

namespace tomoloupe {

void TileSelection::resize(int count) {
    flags_.assign(static_cast<std::size_t>(std::max(0, count)), 0);
    selected_ = 0;
    anchor_ = -1;
}

std::vector<int> TileSelection::tiles() const {
    std::vector<int> tiles;
    tiles.reserve(static_cast<std::size_t>(selected_));
    if (selected_ == 0) return tiles;
    for (std::size_t i = 0; i < flags_.size(); ++i) {
        if (flags_[i]) tiles.push_back(static_cast<int>(i));
    }
    return tiles;
}

bool TileSelection::clear() {
    if (selected_ == 0) return false;
    std::fill(flags_.begin(), flags_.end(), std::uint8_t(0));
    selected_ = 0;
    return true;
}

bool TileSelection::set(int tile, bool on) {
    return setRange(tile, tile, on);
}

bool TileSelection::setRange(int first, int last, bool on) {
    if (first > last) std::swap(first, last);
    first = std::max(first, 0);
    last = std::min(last, static_cast<int>(flags_.size()) - 1);
    int changed = 0;
    for (int tile = first; tile <= last; ++tile) {
        std::uint8_t& flag = flags_[static_cast<std::size_t>(tile)];
        changed += (flag != 0) != on;
        flag = on;
    }
    selected_ += on ? changed : -changed;
    return changed > 0;
}

bool TileSelection::assign(const std::vector<int>& tiles) {
    const bool same = static_cast<int>(tiles.size()) == selected_ &&
                      std::all_of(tiles.begin(), tiles.end(), [this](int tile) { return contains(tile); });
    if (same) return false;
    clear();
    for (const int tile : tiles) setRange(tile, tile, true);
    return true;
}

}  // namespace tomoloupe
