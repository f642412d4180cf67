#include "core/io/mrc_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/mrc_header.h"
#include "core/io/mrc_writer.h"

namespace tomoloupe {

MrcStream::MrcStream(const std::filesystem::path& path, Index3 shape, double voxelSizeAngstrom, Vec3 originAngstrom)
    : path_(path), part_(path), shape_(shape), voxelSizeAngstrom_(voxelSizeAngstrom), originAngstrom_(originAngstrom) {
    static std::atomic<int> serial{0};
    if (shape.x < 1 || shape.y < 1 || shape.z < 1) throw Error(fmt::format("There is nothing to write into {}: the volume is empty", path.string()));
    if (!std::isfinite(voxelSizeAngstrom) || voxelSizeAngstrom <= 0)
        throw Error(fmt::format("{} cannot have a voxel size of {} Å", path.string(), voxelSizeAngstrom));
    (void)makeMrcHeader(shape, voxelSizeAngstrom, originAngstrom, {}, {});  // checks the shape
    part_ += fmt::format(".{}-{}.mrc.part", ::getpid(), serial++);
    descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw Error(fmt::format("Cannot create {}: {}", path.string(), std::strerror(errno)));
    const auto bytes = static_cast<off_t>(kMrcHeaderBytes) + static_cast<off_t>(sizeof(float)) * shape.product();
    // Space taken now is space that cannot run out hours later.
    const int failed = ::posix_fallocate(descriptor_, 0, bytes);
    const bool full = failed == ENOSPC || failed == EFBIG;
    if (!full && (failed == 0 || ::ftruncate(descriptor_, bytes) == 0)) return;
    const int reason = full ? failed : errno;
    close();
    throw Error(fmt::format("Cannot write {} of {:.1f} GB: {}", path.string(), double(bytes) / 1e9, std::strerror(reason)));
}

MrcStream::~MrcStream() { close(); }

void MrcStream::close() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    descriptor_ = -1;
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
}

template <typename Row>
void MrcStream::forEachStretch(const Box& box, std::size_t floats, Row row) const {
    if (!box.within(shape_) || std::int64_t(floats) != box.size.product())
        throw Error(fmt::format("A box of {} x {} x {} voxels does not lie within {}", box.size.x, box.size.y, box.size.z, path_.string()));
    if (descriptor_ < 0) throw Error(fmt::format("{} is already in place", path_.string()));
    // Whole rows of a section follow each other in the file.
    const bool wholeRows = box.size.x == shape_.x;
    const std::int64_t stretch = wholeRows ? box.size.x * box.size.y : box.size.x, perSection = wholeRows ? 1 : box.size.y;
    std::size_t first = 0;
    for (std::int64_t z = box.start.z; z < box.end().z; ++z) {
        for (std::int64_t i = 0; i < perSection; ++i, first += std::size_t(stretch)) {
            const std::int64_t index = box.start.x + shape_.x * (box.start.y + i + shape_.y * z);
            row(kMrcHeaderBytes + sizeof(float) * std::uint64_t(index), first, std::size_t(stretch));
        }
    }
}

void MrcStream::write(const Box& box, std::span<const float> voxels) {
    forEachStretch(box, voxels.size(), [&](std::uint64_t offset, std::size_t first, std::size_t count) {
        writeAt(offset, std::as_bytes(voxels.subspan(first, count)));
    });
}

void MrcStream::read(const Box& box, std::span<float> voxels) const {
    forEachStretch(box, voxels.size(), [&](std::uint64_t offset, std::size_t first, std::size_t count) {
        readAt(offset, std::as_writable_bytes(voxels.subspan(first, count)));
    });
}

void MrcStream::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) throw Error(fmt::format("Writing {} failed: {}", path_.string(), std::strerror(errno)));
        bytes = bytes.subspan(std::size_t(done));
        offset += std::uint64_t(done);
    }
}

void MrcStream::readAt(std::uint64_t offset, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t done = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) throw Error(fmt::format("Reading back {} failed: {}", path_.string(), done == 0 ? "it is too short" : std::strerror(errno)));
        bytes = bytes.subspan(std::size_t(done));
        offset += std::uint64_t(done);
    }
}

void MrcStream::commit(const std::string& label) {
    StatisticsAccumulator statistics;
    std::vector<float> rows;
    const std::int64_t atATime = std::max<std::int64_t>(1, (1 << 20) / shape_.x);
    for (std::int64_t z = 0; z < shape_.z; ++z) {
        for (std::int64_t y = 0; y < shape_.y; y += atATime) {
            const Box box{{0, y, z}, {shape_.x, std::min(atATime, shape_.y - y), 1}};
            rows.resize(std::size_t(box.size.product()));
            read(box, rows);
            statistics.add(rows);
        }
    }
    const std::string header = makeMrcHeader(shape_, voxelSizeAngstrom_, originAngstrom_, statistics.result(), label);
    writeAt(0, std::as_bytes(std::span(header)));
    writeAtomically(path_, [&](const std::filesystem::path& temporary) { std::filesystem::rename(part_, temporary); });
    close();  // its name is gone; the file stays
}

}  // namespace tomoloupe
