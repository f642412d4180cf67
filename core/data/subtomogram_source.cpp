#include "core/data/subtomogram_source.h"

#include <list>
#include <mutex>
#include <unordered_map>

#include "core/io/stack.h"

namespace tomoloupe {
namespace {

class StackSource : public SubtomogramSource {
  public:
    explicit StackSource(const std::filesystem::path& path) : reader_(path) {}
    [[nodiscard]] std::int64_t count() const override { return reader_.count(); }
    [[nodiscard]] Index3 boxShape() const override { return reader_.boxShape(); }
    [[nodiscard]] double voxelSizeAngstrom() const override { return reader_.voxelSizeAngstrom(); }
    [[nodiscard]] Volume read(std::int64_t index) const override { return reader_.read(index); }

  private:
    StackReader reader_;
};

/// Least recently used goes first.
class CachedSource : public SubtomogramSource {
  public:
    CachedSource(std::shared_ptr<const SubtomogramSource> source, std::int64_t budgetBytes)
        : source_(std::move(source)), budgetBytes_(budgetBytes) {}
    [[nodiscard]] std::int64_t count() const override { return source_->count(); }
    [[nodiscard]] Index3 boxShape() const override { return source_->boxShape(); }
    [[nodiscard]] double voxelSizeAngstrom() const override { return source_->voxelSizeAngstrom(); }

    [[nodiscard]] Volume read(std::int64_t index) const override {
        {
            const std::lock_guard lock(cacheMutex_);
            if (const auto found = places_.find(index); found != places_.end()) {
                recent_.splice(recent_.begin(), recent_, found->second);
                return found->second->volume;
            }
        }
        // Read without the lock: a miss must not hold up the hits of other threads.
        Volume volume = source_->read(index);
        keep(index, volume);
        return volume;
    }

  private:
    struct Entry {
        std::int64_t index;
        Volume volume;
    };

    static std::int64_t bytesOf(const Volume& volume) {
        return volume.shape().product() * static_cast<std::int64_t>(sizeof(float));
    }

    void keep(std::int64_t index, const Volume& volume) const {
        const std::lock_guard lock(cacheMutex_);
        if (places_.count(index)) return;
        recent_.push_front({index, volume});
        places_[index] = recent_.begin();
        bytes_ += bytesOf(volume);
        while (bytes_ > budgetBytes_ && !recent_.empty()) {
            bytes_ -= bytesOf(recent_.back().volume);
            places_.erase(recent_.back().index);
            recent_.pop_back();
        }
    }

    std::shared_ptr<const SubtomogramSource> source_;
    std::int64_t budgetBytes_;
    mutable std::mutex cacheMutex_;
    mutable std::list<Entry> recent_;
    mutable std::unordered_map<std::int64_t, std::list<Entry>::iterator> places_;
    mutable std::int64_t bytes_ = 0;
};

}  // namespace

std::shared_ptr<const SubtomogramSource> openStackSource(const std::filesystem::path& path) {
    return std::make_shared<StackSource>(path);
}

std::shared_ptr<const SubtomogramSource> cachedSource(std::shared_ptr<const SubtomogramSource> source,
                                                      std::int64_t budgetBytes) {
    return std::make_shared<CachedSource>(std::move(source), budgetBytes);
}

}  // namespace tomoloupe
