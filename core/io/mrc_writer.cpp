#include "core/io/mrc_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/mrc_header.h"
#include "core/volume/statistics.h"

static_assert(std::endian::native == std::endian::little, "the header is written as it lies in memory");

namespace tomoloupe {
namespace {

class HeaderBytes {
  public:
    template <typename Value>
    void put(std::size_t offset, Value value) {
        static_assert(sizeof(Value) == 4);
        std::memcpy(bytes_.data() + offset, &value, 4);
    }
    void put(std::size_t offset, std::string_view text, std::size_t length) {
        std::copy_n(text.data(), std::min(text.size(), length), bytes_.data() + offset);
    }
    [[nodiscard]] std::string text() const { return {bytes_.data(), bytes_.size()}; }

  private:
    std::array<char, kMrcHeaderBytes> bytes_{};
};

}  // namespace

std::string makeMrcHeader(Index3 shape, double voxelSizeAngstrom, Vec3 origin, const Statistics& statistics, const std::string& label) {
    namespace at = mrc_offset;
    const std::array<std::int64_t, 3> extents{shape.x, shape.y, shape.z};
    const std::array<double, 3> origins{origin.x, origin.y, origin.z};
    HeaderBytes header;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (extents[axis] > std::numeric_limits<std::int32_t>::max()) throw Error("MRC cannot hold so large a volume");
        const auto extent = static_cast<std::int32_t>(extents[axis]);
        header.put(at::kExtents + 4 * axis, extent);
        header.put(at::kIntervals + 4 * axis, extent);
        header.put(at::kCell + 4 * axis, static_cast<float>(voxelSizeAngstrom * extent));
        header.put(at::kAngles + 4 * axis, 90.0f);
        header.put(at::kAxes + 4 * axis, static_cast<std::int32_t>(axis + 1));
        header.put(at::kOrigin + 4 * axis, static_cast<float>(origins[axis]));
    }
    header.put(at::kMode, std::int32_t(2));
    header.put(at::kSpaceGroup, std::int32_t(1));
    header.put(at::kVersion, std::int32_t(20141));
    header.put(at::kMinimum, static_cast<float>(statistics.minimum));
    header.put(at::kMaximum, static_cast<float>(statistics.maximum));
    header.put(at::kMean, static_cast<float>(statistics.mean));
    header.put(at::kRms, static_cast<float>(statistics.standardDeviation));
    header.put(at::kMap, "MAP ", 4);
    header.put(at::kStamp, std::string_view("\x44\x44\0\0", 4), 4);
    header.put(at::kLabelCount, std::int32_t(1));
    header.put(at::kLabels, label.empty() ? "Written by Tomoloupe" : label, 80);
    return header.text();
}

void writeMrc(const std::filesystem::path& path, const Volume& volume, const std::string& label) {
    if (volume.empty())
        throw Error(fmt::format("There is nothing to write into {}: the volume is empty", path.string()));
    const std::string header =
        makeMrcHeader(volume.shape(), volume.voxelSizeAngstrom(), volume.originAngstrom(), statisticsOf(volume.voxels()), label);
    writeAtomically(path, [&](const std::filesystem::path& temporary) {
        std::ofstream file(temporary, std::ios::binary);
        file.write(header.data(), static_cast<std::streamsize>(header.size()));
        const auto bytes = std::as_bytes(volume.voxels());
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        file.close();
        if (!file) throw Error(fmt::format("writing failed: {}", std::strerror(errno)));
    });
}

}  // namespace tomoloupe
