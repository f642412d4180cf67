#include "core/io/volume_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/io/file_volume.h"
#include "core/io/sampled_statistics.h"

namespace tomoloupe {

void checkRequest(const VolumeInfo& info, const Box& box, std::int64_t index, const std::filesystem::path& path) {
    if (index < 0 || index >= info.count)
        throw Error(fmt::format("{} holds {} volumes; there is no number {}", path.string(), info.count, index));
    if (!box.within(info.shape))
        throw Error(fmt::format("The box of {} x {} x {} voxels at {}, {}, {} does not lie within {} ({} x {} x {})",
                                box.size.x, box.size.y, box.size.z, box.start.x, box.start.y, box.start.z,
                                path.string(), info.shape.x, info.shape.y, info.shape.z));
}

Volume fileVolume(const VolumeInfo& info, const Box& box, std::vector<float> voxels) {
    const Vec3 step = info.voxelSizeAngstrom;
    const Vec3 shift{step.x * static_cast<double>(box.start.x), step.y * static_cast<double>(box.start.y),
                     step.z * static_cast<double>(box.start.z)};
    return Volume(box.size, std::move(voxels), info.voxelSize(), info.originAngstrom + shift);
}

namespace {

void addVolume(const VolumeFile& file, const StopToken& stop, std::int64_t index, StatisticsAccumulator& accumulator) {
    constexpr std::int64_t kSlabVoxels = std::int64_t(4) << 20;
    const Index3 shape = file.info().shape;
    const std::int64_t rows = std::clamp<std::int64_t>(kSlabVoxels / shape.x, 1, shape.y);
    const std::int64_t sections =
        rows < shape.y ? 1 : std::clamp<std::int64_t>(kSlabVoxels / (shape.x * shape.y), 1, shape.z);
    for (std::int64_t z = 0; z < shape.z; z += sections)
        for (std::int64_t y = 0; y < shape.y; y += rows) {
            stop.throwIfCancelled();
            const Box slab{{0, y, z}, {shape.x, std::min(rows, shape.y - y), std::min(sections, shape.z - z)}};
            accumulator.add(file.read(slab, index).voxels());
        }
}

}  // namespace

Statistics statisticsOf(const VolumeFile& file, const StopToken& stop, std::int64_t index) {
    StatisticsAccumulator accumulator;
    addVolume(file, stop, index, accumulator);
    return accumulator.result();
}

Statistics statisticsOfAll(const VolumeFile& file, const StopToken& stop) {
    StatisticsAccumulator accumulator;
    for (std::int64_t index = 0; index < file.info().count; ++index) addVolume(file, stop, index, accumulator);
    return accumulator.result();
}

Statistics sampledStatistics(const VolumeFile& file, std::int64_t voxels) {
    constexpr std::int64_t kPieces = 32;
    const Index3 shape = file.info().shape;
    const std::int64_t rows = std::clamp<std::int64_t>(voxels / kPieces / shape.x, 1, shape.y);
    const std::int64_t sections = shape.z * file.info().count;
    StatisticsAccumulator accumulator;
    for (std::int64_t piece = 0; piece < kPieces; ++piece) {
        const std::int64_t section = piece * (sections - 1) / (kPieces - 1),
                           row = piece * 7 % kPieces * (shape.y - rows) / (kPieces - 1);
        accumulator.add(file.read({{0, row, section % shape.z}, {shape.x, rows, 1}}, section / shape.z).voxels());
    }
    return accumulator.result();
}

Volume readWhole(const VolumeFile& file, std::int64_t index, std::int64_t limitBytes) {
    const Index3 shape = file.info().shape;
    const double bytes =
        4.0 * static_cast<double>(shape.x) * static_cast<double>(shape.y) * static_cast<double>(shape.z);
    if (bytes > static_cast<double>(limitBytes))
        throw Error(
            fmt::format("A volume of {} x {} x {} needs {:.1f} GiB of memory; at most {:.1f} GiB are allowed here. "
                        "Bin or crop it first",
                        shape.x, shape.y, shape.z, bytes / (1 << 30), double(limitBytes) / (1 << 30)));
    return file.read({{0, 0, 0}, shape}, index);
}

}  // namespace tomoloupe
