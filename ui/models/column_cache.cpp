#include "ui/models/column_cache.h"

#include <algorithm>
#include <array>

namespace tomoloupe {
namespace {

constexpr std::int64_t kCoarse = 16;         // every 16th section comes first
constexpr std::int64_t kBlocksInBudget = 4;  // the one in sight, its neighbours, one that was left
constexpr std::int64_t kMostColumns = 64;

std::vector<std::int64_t> coarseFirst(std::int64_t sections) {
    std::vector<std::int64_t> order;
    for (std::int64_t step = kCoarse; step >= 1; step /= 2)
        for (std::int64_t z = 0; z < sections; z += step)
            if (step == kCoarse || z % (2 * step) != 0) order.push_back(z);
    return order;
}

/// Four sums at a time: one would wait for itself at every step.
float sumOf(const float* values, std::int64_t count) {
    std::array<float, 4> sums{};
    std::int64_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += values[i + static_cast<std::int64_t>(lane)];
    for (; i < count; ++i) sums[0] += values[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// Straight lines between the columns of `picture` that are there; beyond the last one, its values.
void fillBetween(const std::vector<std::int64_t>& there, std::int64_t width, std::vector<float>& picture) {
    if (static_cast<std::int64_t>(there.size()) == width) return;
    const std::int64_t height = static_cast<std::int64_t>(picture.size()) / width;
    for (std::size_t i = 0; i < there.size(); ++i) {
        const std::int64_t a = there[i], b = i + 1 < there.size() ? there[i + 1] : width;
        for (std::int64_t y = 0; y < height && b > a + 1; ++y) {
            float* line = picture.data() + width * y;
            const float rise = b < width ? (line[b] - line[a]) / static_cast<float>(b - a) : 0;
            for (std::int64_t z = a + 1; z < b; ++z) line[z] = line[a] + rise * static_cast<float>(z - a);
        }
    }
}

}  // namespace

ColumnCache::ColumnCache(std::shared_ptr<const VolumeFile> file, std::int64_t budgetBytes)
    : file_(std::move(file)), shape_(file_->info().shape), budget_(budgetBytes), order_(coarseFirst(shape_.z)) {
    const std::int64_t columnBytes = 4 * shape_.y * shape_.z;
    width_ = std::clamp<std::int64_t>(budget_ / kBlocksInBudget / columnBytes, 1, std::min(kMostColumns, shape_.x));
}

std::int64_t ColumnCache::columnsOf(std::int64_t block) const {
    return std::min(width_, shape_.x - block * width_);
}

void ColumnCache::prepare(std::int64_t first, std::int64_t last) {
    ++turn_;
    for (std::int64_t number = first; number <= last; ++number) {
        Block& block = blocks_[number];
        block.used = turn_;
        if (block.voxels) continue;
        // Not zeroed: each page is first touched when its section is read.
        block.voxels =
            std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(columnsOf(number) * shape_.y * shape_.z));
        block.there.assign(static_cast<std::size_t>(shape_.z), 0);
    }
    const std::int64_t most = std::max(budget_ / (4 * width_ * shape_.y * shape_.z), last - first + 1);
    while (static_cast<std::int64_t>(blocks_.size()) > most) {
        const auto oldest = std::min_element(
            blocks_.begin(), blocks_.end(), [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
        blocks_.erase(oldest);
    }
}

void ColumnCache::readSection(std::int64_t first, std::int64_t last, std::int64_t z) {
    const std::int64_t start = first * width_, end = last * width_ + columnsOf(last);
    const Volume section = file_->read({{start, 0, z}, {end - start, shape_.y, 1}});
    for (std::int64_t number = first; number <= last; ++number) {
        Block& block = blocks_[number];
        const std::int64_t columns = columnsOf(number);
        float* target = block.voxels.get() + z * shape_.y * columns;
        for (std::int64_t y = 0; y < shape_.y; ++y)
            std::copy_n(section.voxels().data() + y * (end - start) + (number * width_ - start), columns,
                        target + y * columns);
        char& there = block.there[static_cast<std::size_t>(z)];
        block.sections += there ? 0 : 1;
        there = 1;
    }
}

double ColumnCache::readOn(const SlabRange& range, std::chrono::milliseconds time) {
    const std::lock_guard lock(blocksMutex_);
    const auto until = std::chrono::steady_clock::now() + time;
    const std::int64_t first = range.first / width_, last = (range.first + range.count - 1) / width_;
    prepare(first, last);
    std::int64_t done = 0;
    for (const std::int64_t z : order_) {
        std::int64_t from = last + 1, to = first - 1;  // the blocks that lack this section
        for (std::int64_t number = first; number <= last; ++number) {
            if (blocks_[number].there[static_cast<std::size_t>(z)]) continue;
            from = std::min(from, number);
            to = number;
        }
        if (from <= to) {
            // At least one section each time, or a slow file would never come to an end.
            if (done > 0 && std::chrono::steady_clock::now() > until) break;
            readSection(from, to, z);
            ++done;
        }
    }
    std::int64_t sections = 0;
    for (std::int64_t number = first; number <= last; ++number) sections += blocks_[number].sections;
    return static_cast<double>(sections) / static_cast<double>((last - first + 1) * shape_.z);
}

Volume ColumnCache::mean(const SlabRange& range) const {
    const std::lock_guard lock(blocksMutex_);
    const std::int64_t first = range.first / width_, last = (range.first + range.count - 1) / width_;
    const std::vector<std::int64_t> there = sectionsThere(first, last);
    if (there.empty() || static_cast<std::int64_t>(there.size()) * kCoarse < shape_.z) return {};
    std::vector<float> picture(static_cast<std::size_t>(shape_.z * shape_.y), 0.0f);
    for (std::int64_t number = first; number <= last; ++number) {
        const Block& block = blocks_.at(number);
        const std::int64_t columns = columnsOf(number), start = number * width_;
        const std::int64_t from = std::max(range.first, start) - start,
                           count = std::min(range.first + range.count, start + columns) - start - from;
        for (const std::int64_t z : there) {
            const float* row = block.voxels.get() + z * shape_.y * columns + from;
            for (std::int64_t y = 0; y < shape_.y; ++y, row += columns)
                picture[static_cast<std::size_t>(z + shape_.z * y)] += sumOf(row, count);
        }
    }
    for (float& value : picture) value /= static_cast<float>(range.count);
    fillBetween(there, shape_.z, picture);
    return Volume({shape_.z, shape_.y, 1}, std::move(picture), file_->info().voxelSize());
}

std::vector<std::int64_t> ColumnCache::sectionsThere(std::int64_t first, std::int64_t last) const {
    std::vector<std::int64_t> there;
    for (std::int64_t z = 0; z < shape_.z; ++z) {
        bool all = true;
        for (std::int64_t number = first; number <= last && all; ++number) {
            const auto found = blocks_.find(number);
            all = found != blocks_.end() && found->second.there[static_cast<std::size_t>(z)];
        }
        if (all) there.push_back(z);
    }
    return there;
}

SlabRange ColumnCache::neighbours(const SlabRange& range) const {
    const std::int64_t first = range.first / width_, last = (range.first + range.count - 1) / width_;
    const std::int64_t below = range.first - first * width_,
                       above = last * width_ + columnsOf(last) - (range.first + range.count);
    const std::int64_t number = below < above ? first - 1 : last + 1;
    if (number < 0 || number * width_ >= shape_.x) return {};
    return {number * width_, columnsOf(number)};
}

}  // namespace tomoloupe
