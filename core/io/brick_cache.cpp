#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/io/file_volume.h"
#include "core/io/volume_file.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kBrick = 64;
using BrickKey = std::array<std::int64_t, 4>;  // volume, then brick index along z, y, x

/// Copies what `source` (the voxels of `sourceBox`) and `targetBox` have in common.
void copyCommon(const Volume& source, const Box& sourceBox, const Box& targetBox, float* target) {
    const Box part = sourceBox.intersection(targetBox);
    for (std::int64_t z = part.start.z; z < part.end().z; ++z)
        for (std::int64_t y = part.start.y; y < part.end().y; ++y) {
            const Index3 from = Index3{part.start.x, y, z} - sourceBox.start,
                         to = Index3{part.start.x, y, z} - targetBox.start;
            const float* row =
                source.voxels().data() + from.x + sourceBox.size.x * (from.y + sourceBox.size.y * from.z);
            std::copy_n(row, part.size.x, target + to.x + targetBox.size.x * (to.y + targetBox.size.y * to.z));
        }
}

class BrickCache : public VolumeFile {
  public:
    BrickCache(std::shared_ptr<const VolumeFile> file, std::int64_t budgetBytes)
        : file_(std::move(file)), budget_(budgetBytes) {}

    const VolumeInfo& info() const override { return file_->info(); }

    Volume read(const Box& box, std::int64_t index) const override {
        if (index < 0 || index >= info().count || !box.within(info().shape) || !worthwhile(box))
            return file_->read(box, index);
        std::vector<float> voxels(static_cast<std::size_t>(box.size.product()));
        const Index3 last = box.end() - Index3{1, 1, 1};
        for (std::int64_t z = box.start.z / kBrick; z <= last.z / kBrick; ++z)
            for (std::int64_t y = box.start.y / kBrick; y <= last.y / kBrick; ++y)
                for (std::int64_t x = box.start.x / kBrick; x <= last.x / kBrick; ++x)
                    copyCommon(brick({index, z, y, x}), brickBox(x, y, z), box, voxels.data());
        return fileVolume(info(), box, std::move(voxels));
    }

  private:
    struct Entry {
        BrickKey key;
        Volume voxels;
    };

    // A thin slice through a large tomogram touches bricks that hold many times its voxels; it is read straight.
    bool worthwhile(const Box& box) const {
        const Index3 first = box.start, last = box.end() - Index3{1, 1, 1};
        const auto bricks = [](std::int64_t a, std::int64_t b) {
            return static_cast<double>(b / kBrick - a / kBrick + 1);
        };
        const double bytes = 4.0 * kBrick * kBrick * kBrick * bricks(first.x, last.x) * bricks(first.y, last.y) *
                             bricks(first.z, last.z);
        constexpr double kCheap = 64 << 20;
        const double wanted = 4.0 * static_cast<double>(box.size.product());
        return bytes <= static_cast<double>(budget_) && (bytes <= kCheap || bytes <= 4 * wanted);
    }

    Box brickBox(std::int64_t x, std::int64_t y, std::int64_t z) const {
        return Box{{x * kBrick, y * kBrick, z * kBrick}, {kBrick, kBrick, kBrick}}.intersection(
            {{0, 0, 0}, info().shape});
    }

    Volume brick(const BrickKey& key) const {
        if (std::optional<Volume> found = lookUp(key)) return *found;
        // Read without the lock: two threads may read the same brick, none waits for another's file.
        Volume made = file_->read(brickBox(key[3], key[2], key[1]), key[0]);
        insert(key, made);
        return made;
    }

    std::optional<Volume> lookUp(const BrickKey& key) const {
        const std::lock_guard lock(entriesMutex_);
        const auto found = places_.find(key);
        if (found == places_.end()) return std::nullopt;
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->voxels;
    }

    void insert(const BrickKey& key, const Volume& voxels) const {
        const std::lock_guard lock(entriesMutex_);
        if (places_.contains(key)) return;
        entries_.push_front({key, voxels});
        places_[key] = entries_.begin();
        used_ += 4 * voxels.shape().product();
        while (used_ > budget_ && entries_.size() > 1) {
            used_ -= 4 * entries_.back().voxels.shape().product();
            places_.erase(entries_.back().key);
            entries_.pop_back();
        }
    }

    std::shared_ptr<const VolumeFile> file_;
    std::int64_t budget_;
    mutable std::mutex entriesMutex_;   // guards the three below
    mutable std::list<Entry> entries_;  // most recently used first
    mutable std::map<BrickKey, std::list<Entry>::iterator> places_;
    mutable std::int64_t used_ = 0;
};

}  // namespace

std::shared_ptr<const VolumeFile> cached(std::shared_ptr<const VolumeFile> file, std::int64_t budgetBytes) {
    return std::make_shared<BrickCache>(std::move(file), budgetBytes);
}

}  // namespace tomoloupe
