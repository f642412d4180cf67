#include "core/io/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/io/hdf5_reader.h"
#include "core/io/mrc_reader.h"
#include "core/io/positioned_file.h"
#include "core/io/sampled_statistics.h"
#include "core/io/tiff_reader.h"
#include "core/io/unpack.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kHeadBytes = 1024;

// What the voxels say that the header does not. Of the deviation nothing is asked: programs disagree on what RMS means.
void compareVoxels(const VolumeFile& file, std::vector<std::string>& problems) {
    const VolumeInfo& info = file.info();
    const Statistics all = statisticsOfAll(file, StopToken());
    if (all.notFinite > 0)
        problems.push_back(fmt::format("{} voxels are not finite numbers (NaN or infinite)", all.notFinite));
    if (!info.headerStatistics || all.count == 0) return;
    const Statistics& told = *info.headerStatistics;
    const double tolerance =
        0.01 * (all.maximum - all.minimum) + 1e-3 * std::max(std::abs(all.minimum), std::abs(all.maximum));
    const auto off = [&](double a, double b) { return !(std::abs(a - b) <= tolerance); };
    if (off(told.minimum, all.minimum) || off(told.maximum, all.maximum) || off(told.mean, all.mean))
        problems.push_back(
            fmt::format("The header claims values from {:.6g} to {:.6g}, mean {:.6g}; the voxels have {:.6g} to "
                        "{:.6g}, mean {:.6g}",
                        told.minimum, told.maximum, told.mean, all.minimum, all.maximum, all.mean));
}

}  // namespace

std::vector<std::string> VolumeReader::validate(const std::filesystem::path& path) const {
    try {
        const std::shared_ptr<const VolumeFile> file = open(path);
        std::vector<std::string> problems = file->info().warnings;
        try {
            compareVoxels(*file, problems);
        } catch (const std::exception& error) {
            problems.emplace_back(error.what());
        }
        return problems;
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

void ReaderRegistry::add(std::unique_ptr<VolumeReader> reader) {
    readers_.push_back(std::move(reader));
}

const VolumeReader& ReaderRegistry::readerFor(const std::filesystem::path& path) const {
    const PositionedFile file(path);
    const std::vector<std::byte> head = unpackedHead(file, kHeadBytes);
    const VolumeReader* maybe = nullptr;
    for (const auto& reader : readers_) {
        const Probe probe = reader->probe(path, head);
        if (probe == Probe::Sure) return *reader;
        if (probe == Probe::Maybe && !maybe) maybe = reader.get();
    }
    if (file.size() == 0) throw ReadError(fmt::format("{} is empty (0 bytes)", path.string()));
    if (maybe) return *maybe;
    std::string names;
    for (const auto& reader : readers_) names += (names.empty() ? "" : ", ") + std::string(reader->name());
    throw UnsupportedFormat(fmt::format("{} is no kind of volume that is known here ({})", path.string(), names));
}

std::shared_ptr<const VolumeFile> ReaderRegistry::open(const std::filesystem::path& path) const {
    return readerFor(path).open(path);
}

ReaderRegistry builtInReaders() {
    ReaderRegistry registry;
    registry.add(std::make_unique<TiffReader>());
    registry.add(std::make_unique<Hdf5StackReader>());
    registry.add(std::make_unique<MrcReader>());
    return registry;
}

}  // namespace tomoloupe
