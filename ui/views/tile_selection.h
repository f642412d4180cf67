#pragma once

#include <cstdint>
#include <vector>

namespace tomoloupe {

/// Which of many tiles are selected, and from where a range grows. Ranges cost time by their length only: a million
/// tiles are taken or dropped in a millisecond.
class TileSelection {
  public:
    void resize(int count);
    [[nodiscard]] int selected() const { return selected_; }
    [[nodiscard]] bool contains(int tile) const {
        return tile >= 0 && tile < static_cast<int>(flags_.size()) && flags_[static_cast<std::size_t>(tile)] != 0;
    }
    /// In rising order.
    [[nodiscard]] std::vector<int> tiles() const;

    /// True when something changed, as in all that follows.
    bool clear();
    bool set(int tile, bool on);
    bool setRange(int first, int last, bool on);
    bool assign(const std::vector<int>& tiles);

    /// Where the next range begins; -1: nowhere yet.
    void setAnchor(int tile) { anchor_ = tile; }
    [[nodiscard]] int anchor() const { return anchor_; }

  private:
    std::vector<std::uint8_t> flags_;
    int selected_ = 0;
    int anchor_ = -1;
};

}  // namespace tomoloupe
