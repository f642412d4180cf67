#include "core/pick/dog_response.h"

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

#include "core/fourier/parallel.h"

namespace tomoloupe {
namespace {

constexpr float kNothing = -std::numeric_limits<float>::infinity();
constexpr std::int64_t kBand = 32;       // rows smoothed along y together, so that they stay in the cache
constexpr std::int64_t kReadAtOnce = 8;  // planes

std::int64_t wholeTiles(std::int64_t width) { return (width + kGaussianTile - 1) / kGaussianTile * kGaussianTile; }

/// The region with the voxels that its response depends on, as far as there are any.
Box withSupport(const Box& region, Index3 shape, std::int64_t radius) {
    const Box grown{region.start - Index3{radius, radius, radius}, region.size + Index3{2 * radius, 2 * radius, 2 * radius}};
    return grown.intersection({{0, 0, 0}, shape});
}

class Response {
  public:
    Response(const VolumeFile& file, const DogFilter& filter, const Box& region, std::int64_t planesAtOnce, const StopToken& stop)
        : file_(file), filter_(filter), stop_(stop), shape_(file.info().shape), region_(region),
          radius_(filter.pair.radius()), support_(withSupport(region, shape_, radius_)), atOnce_(std::min(planesAtOnce, region.size.z)),
          ring_(std::min(support_.size.z, atOnce_ + 2 * radius_)), loadedUntil_(support_.start.z),
          input_(ring_, support_.size.y, support_.size.x, 0), narrow_(atOnce_, support_.size.y, support_.size.x, 0),
          wide_(atOnce_, support_.size.y, support_.size.x, 0), response_(atOnce_ + 2, region.size.y + 2, region.size.x, 16) {
        for (std::int64_t plane = 0; plane < atOnce_ + 2; ++plane) response_.fillPlane(plane, kNothing);
    }

    void run(const std::function<void(const ResponseSlab&)>& sink) {
        for (std::int64_t z = region_.start.z; z < region_.end().z; z += atOnce_) {
            const std::int64_t count = std::min(atOnce_, region_.end().z - z);
            load(std::min(support_.end().z, z + count + radius_));
            smoothAlongZ(z, count);
            finish(count);
            // Plane 1 is the last of the planes before; at the beginning there is none.
            const std::int64_t first = z == region_.start.z ? 1 : 0;
            if (count > first) sink({&response_, first, z - 1 + first, count - first});
            response_.copyPlane(count, 0);
            response_.copyPlane(count + 1, 1);
        }
        response_.fillPlane(2, kNothing);
        sink({&response_, 0, region_.end().z - 1, 1});
    }

  private:
    void load(std::int64_t end) {
        const std::int64_t begin = loadedUntil_, groups = (end - begin + kReadAtOnce - 1) / kReadAtOnce;
        parallelFor(0, std::max<std::int64_t>(groups, 0), 1, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t group = first; group < last; ++group) {
                stop_.throwIfCancelled();
                const std::int64_t z = begin + group * kReadAtOnce;
                take(z, std::min(kReadAtOnce, end - z));
            }
        });
        loadedUntil_ = std::max(loadedUntil_, end);
    }

    void take(std::int64_t z, std::int64_t count) {
        const Volume read = file_.read({{support_.start.x, support_.start.y, z}, {support_.size.x, support_.size.y, count}});
        const float* from = read.voxels().data();
        for (std::int64_t i = 0; i < count; ++i)
            for (std::int64_t y = 0; y < support_.size.y; ++y, from += support_.size.x) {
                float* to = input_.row(slot(z + i), y);
                for (std::int64_t x = 0; x < support_.size.x; ++x) {
                    const float value = std::clamp(from[x] - filter_.offset, -filter_.furthest, filter_.furthest);
                    to[x] = std::isfinite(from[x]) ? value : 0.0f;
                }
            }
    }

    [[nodiscard]] std::int64_t slot(std::int64_t z) const { return (z - support_.start.z) % ring_; }

    void smoothAlongZ(std::int64_t z, std::int64_t count) {
        parallelFor(0, support_.size.y, 1, [&](std::int64_t first, std::int64_t last) {
            std::vector<const float*> rows(std::size_t(count + 2 * radius_));
            std::vector<float*> narrow(std::size_t(count), nullptr), wide(std::size_t(count), nullptr);
            for (std::int64_t y = first; y < last; ++y) {
                stop_.throwIfCancelled();
                for (std::int64_t i = 0; i < count + 2 * radius_; ++i)
                    rows[std::size_t(i)] = input_.row(slot(mirrored(z - radius_ + i, shape_.z)), y);
                for (std::int64_t i = 0; i < count; ++i) narrow[std::size_t(i)] = narrow_.row(i, y), wide[std::size_t(i)] = wide_.row(i, y);
                smoothAcross(filter_.pair, rows.data() + radius_, count, support_.size.x, narrow.data(), wide.data());
            }
        });
    }

    /// Along y, then x, and the difference into planes 2 ... of the response.
    void finish(std::int64_t count) {
        const std::int64_t bands = (region_.size.y + kBand - 1) / kBand;
        parallelFor(0, count * bands, 1, [&](std::int64_t first, std::int64_t last) {
            Planes smooth(2, kBand, support_.size.x, radius_ + kGaussianTile);
            for (std::int64_t item = first; item < last; ++item) {
                stop_.throwIfCancelled();
                const std::int64_t y = item % bands * kBand;
                finishBand(item / bands, y, std::min(kBand, region_.size.y - y), smooth);
            }
        });
    }

    void finishBand(std::int64_t plane, std::int64_t firstRow, std::int64_t count, Planes& smooth) {
        std::vector<const float*> narrowRows, wideRows;
        for (std::int64_t i = -radius_; i < count + radius_; ++i) {
            const std::int64_t y = mirrored(region_.start.y + firstRow + i, shape_.y) - support_.start.y;
            narrowRows.push_back(narrow_.row(plane, y));
            wideRows.push_back(wide_.row(plane, y));
        }
        std::vector<float*> narrow, wide;
        for (std::int64_t i = 0; i < count; ++i) narrow.push_back(smooth.row(0, i)), wide.push_back(smooth.row(1, i));
        smoothAcross(filter_.pair, narrowRows.data() + radius_, wideRows.data() + radius_, count, support_.size.x, narrow.data(), wide.data());
        const std::int64_t start = region_.start.x - support_.start.x, width = region_.size.x;
        for (std::int64_t i = 0; i < count; ++i) {
            mirrorEnds(smooth.row(0, i));
            mirrorEnds(smooth.row(1, i));
            float* out = response_.row(plane + 2, firstRow + i + 1);
            differenceAlong(filter_.pair, smooth.row(0, i) + start, smooth.row(1, i) + start, width, filter_.scale, out);
            std::fill(out + width, out + wholeTiles(width), kNothing);
        }
    }

    /// What lies beyond the tomogram's faces along x.
    void mirrorEnds(float* row) const {
        const std::int64_t from = support_.start.x;
        for (std::int64_t x = region_.start.x - radius_; x < 0; ++x) row[x - from] = row[mirrored(x, shape_.x) - from];
        for (std::int64_t x = shape_.x; x < region_.end().x + radius_; ++x) row[x - from] = row[mirrored(x, shape_.x) - from];
    }

    const VolumeFile& file_;
    const DogFilter& filter_;
    const StopToken& stop_;
    Index3 shape_;
    Box region_;
    std::int64_t radius_;
    Box support_;
    std::int64_t atOnce_, ring_, loadedUntil_;
    Planes input_, narrow_, wide_, response_;
};

}  // namespace

Planes::Planes(std::int64_t planes, std::int64_t rows, std::int64_t width, std::int64_t margin)
    : margin_((margin + 15) / 16 * 16), pitch_(wholeTiles(width) + 2 * margin_ + 16),
      stride_((pitch_ * rows + 1023) / 1024 * 1024 + 64) {
    // Whole huge pages: the passes walk across rows and planes, each of which would else be a page of its own.
    constexpr std::size_t kHugePage = std::size_t(2) << 20;
    const std::size_t wanted = std::size_t(planes * stride_ + 2 * margin_ + 16) * sizeof(float);
    const std::size_t alignment = wanted >= kHugePage ? kHugePage : 64, bytes = (wanted + alignment - 1) / alignment * alignment;
    values_.reset(static_cast<float*>(std::aligned_alloc(alignment, bytes)));
    if (!values_) throw std::bad_alloc();
    if (alignment == kHugePage) madvise(values_.get(), bytes, MADV_HUGEPAGE);
    first_ = values_.get() + margin_;
}

void Planes::copyPlane(std::int64_t from, std::int64_t to) { std::copy_n(row(from, 0) - margin_, stride_, row(to, 0) - margin_); }

void Planes::fillPlane(std::int64_t plane, float value) { std::fill_n(row(plane, 0) - margin_, stride_, value); }

void dogResponse(const VolumeFile& file, const DogFilter& filter, const Box& region, std::int64_t planesAtOnce,
                 const std::function<void(const ResponseSlab&)>& sink, const StopToken& stop) {
    Response(file, filter, region, planesAtOnce, stop).run(sink);
}

}  // namespace tomoloupe
