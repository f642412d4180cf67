#include "core/io/mrc_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "core/base/error.h"
#include "core/io/file_volume.h"
#include "core/io/mrc_fields.h"
#include "core/io/mrc_header.h"
#include "core/io/positioned_file.h"
#include "core/io/unpack.h"
#include "core/io/voxel_convert.h"

namespace tomoloupe {
namespace {

RawType rawType(MrcType type) {
    switch (type) {
        case MrcType::Int8:
            return RawType::Int8;
        case MrcType::Uint8:
        case MrcType::Uint4:
            return RawType::Uint8;
        case MrcType::Int16:
            return RawType::Int16;
        case MrcType::Uint16:
            return RawType::Uint16;
        case MrcType::Float16:
            return RawType::Float16;
        case MrcType::Float32:
            break;
    }
    return RawType::Float32;
}

/// A run of voxels along the file's columns, `first` counted from the start of `row`. Four-bit voxels: low half first.
void convertRow(const MrcLayout& layout, const std::byte* row, std::int64_t first, std::int64_t count, float* target,
                std::int64_t stride) {
    if (layout.type != MrcType::Uint4) {
        const RawType type = rawType(layout.type);
        convertVoxels(type, layout.swapBytes, row + first * static_cast<std::int64_t>(bytesOf(type)), count, target,
                      stride);
        return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        const int both = std::to_integer<int>(row[(first + i) / 2]);
        target[i * stride] = static_cast<float>((first + i) % 2 == 0 ? both & 15 : both >> 4);
    }
}

class MrcFile : public VolumeFile {
  public:
    MrcFile(PositionedFile file, MrcLayout layout) : file_(std::move(file)), layout_(std::move(layout)) {}

    const VolumeInfo& info() const override { return layout_.info; }

    Volume read(const Box& box, std::int64_t index) const override {
        checkRequest(layout_.info, box, index, file_.path());
        std::vector<float> voxels(static_cast<std::size_t>(box.size.product()));
        const std::uint64_t volumeStart =
            layout_.dataOffset + static_cast<std::uint64_t>(index) * layout_.volumeBytes();
        const Request request = inFileAxes(box);
        std::vector<std::byte> buffer;
        for (std::int64_t section = 0; section < request.size[2]; ++section) {
            const auto rowsBefore = static_cast<std::uint64_t>((request.start[2] + section) * layout_.fileShape[1]);
            readSection(request, volumeStart + rowsBefore * layout_.rowBytes,
                        voxels.data() + section * request.stride[2], buffer);
        }
        return fileVolume(layout_.info, box, std::move(voxels));
    }

  private:
    struct Request {
        std::array<std::int64_t, 3> start{}, size{}, stride{};  // along columns, rows, sections; stride in the target
    };

    Request inFileAxes(const Box& box) const {
        const std::array<std::int64_t, 3> start{box.start.x, box.start.y, box.start.z},
            size{box.size.x, box.size.y, box.size.z};
        const std::array<std::int64_t, 3> stride{1, box.size.x, box.size.x * box.size.y};
        Request request;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto axis = static_cast<std::size_t>(layout_.volumeAxis[i]);
            request.start[i] = start[axis];
            request.size[i] = size[axis];
            request.stride[i] = stride[axis];
        }
        return request;
    }

    // Rows are read in one go while what lies between the wanted pieces costs less than more reads would.
    void readSection(const Request& request, std::uint64_t sectionStart, float* target,
                     std::vector<std::byte>& buffer) const {
        // The buffer fits into the processor's second cache: what was read is converted from there.
        constexpr std::uint64_t kBuffer = std::uint64_t(512) << 10, kShortRow = 8192;
        const std::uint64_t first = byteOfColumn(request.start[0]);
        const std::uint64_t piece = byteOfColumn(request.start[0] + request.size[0] - 1) + voxelBytes() - first;
        if (asInMemory(request)) {  // neither buffer nor conversion: a slice of floats costs its reading alone
            file_.readAt(sectionStart + static_cast<std::uint64_t>(request.start[1]) * layout_.rowBytes,
                         std::as_writable_bytes(std::span(target, static_cast<std::size_t>(request.size[0] * request.size[1]))));
            return;
        }
        const bool together = layout_.rowBytes <= kShortRow || piece * 4 >= layout_.rowBytes;
        const std::int64_t rowsAtOnce =
            together ? static_cast<std::int64_t>(std::max<std::uint64_t>(kBuffer / layout_.rowBytes, 1)) : 1;
        for (std::int64_t row = 0; row < request.size[1]; row += rowsAtOnce) {
            const std::int64_t rows = std::min(rowsAtOnce, request.size[1] - row);
            buffer.resize(static_cast<std::uint64_t>(rows - 1) * layout_.rowBytes + piece);
            file_.readAt(sectionStart + static_cast<std::uint64_t>(request.start[1] + row) * layout_.rowBytes + first,
                         buffer);
            for (std::int64_t i = 0; i < rows; ++i)
                convertRow(layout_, buffer.data() + static_cast<std::uint64_t>(i) * layout_.rowBytes,
                           request.start[0] - columnOfByte(first), request.size[0],
                           target + (row + i) * request.stride[1], request.stride[0]);
        }
    }

    /// Whole rows one after the other, in the file as in the target, of floats as this machine has them.
    bool asInMemory(const Request& request) const {
        return layout_.type == MrcType::Float32 && !layout_.swapBytes && request.stride[0] == 1 &&
               request.size[0] == layout_.fileShape[0] && request.stride[1] == request.size[0] &&
               layout_.rowBytes == static_cast<std::uint64_t>(request.size[0]) * sizeof(float);
    }

    std::uint64_t voxelBytes() const { return layout_.type == MrcType::Uint4 ? 1 : bytesOf(rawType(layout_.type)); }
    std::uint64_t byteOfColumn(std::int64_t column) const {
        const auto c = static_cast<std::uint64_t>(column);
        return layout_.type == MrcType::Uint4 ? c / 2 : c * voxelBytes();
    }
    std::int64_t columnOfByte(std::uint64_t byte) const {
        return static_cast<std::int64_t>(layout_.type == MrcType::Uint4 ? byte * 2 : byte / voxelBytes());
    }

    PositionedFile file_;
    MrcLayout layout_;
};

// Unpacks no more than the header warrants, plus a little so that bytes behind the voxels are seen.
PositionedFile unpackMrc(const PositionedFile& packed, Packing packing) {
    const std::vector<std::byte> head = unpackedHead(packed, kMrcHeaderBytes);
    const std::uint64_t most = mostUnpackedBytes(packing, packed.size());
    if (head.size() < kMrcHeaderBytes)
        throw ReadError(fmt::format("{}: unpacking gives {} bytes; the MRC header alone needs 1024",
                                    packed.path().string(), head.size()));
    const MrcFields fields = mrcFieldsOf(head, most);
    const std::uint64_t claimed = mrcClaimedBytes(fields);
    if (claimed > most) {
        const auto n = fields.wholes(mrc_offset::kExtents);
        throw ReadError(
            fmt::format("{}: NX, NY, NZ at byte 0 claim {} x {} x {} voxels; so many cannot be packed into {} bytes",
                        packed.path().string(), n[0], n[1], n[2], packed.size()));
    }
    return unpacked(packed, claimed + (std::uint64_t(1) << 20));
}

}  // namespace

std::vector<std::string> MrcReader::extensions() const {
    return {"mrc", "mrcs", "map", "ccp4", "rec", "st", "ali", "preali", "mrc.gz", "map.gz", "mrc.bz2", "map.bz2"};
}

Probe MrcReader::probe(const std::filesystem::path& path, std::span<const std::byte> head) const {
    const bool legal = looksLikeMrc(head);
    if (legal && MrcFields(head, false).hasMap()) return Probe::Sure;
    // A broken file of ours by name gets an error that tells what is wrong with it.
    const std::string name = path.filename().string();
    for (const std::string& extension : extensions())
        if (name.ends_with("." + extension)) return Probe::Maybe;
    // Without MAP and with a foreign name a few legal numbers are no proof: SPIDER's floats look like MODE 0.
    const auto axes = legal ? mrcFieldsOf(head, 0).wholes(mrc_offset::kAxes) : std::array<std::int64_t, 3>{};
    if (axes[0] + axes[1] + axes[2] == 6 && axes[0] * axes[1] * axes[2] == 6) return Probe::Maybe;
    return Probe::No;
}

std::shared_ptr<const VolumeFile> MrcReader::open(const std::filesystem::path& path) const {
    PositionedFile file(path);
    const Packing packing = packingOf(file);
    if (packing == Packing::None) {
        const std::vector<std::byte> header = unpackedHead(file, kMrcHeaderBytes);
        MrcLayout layout = parseMrcHeader(header, file.size(), path);
        return std::make_shared<MrcFile>(std::move(file), std::move(layout));
    }
    PositionedFile plain = unpackMrc(file, packing);
    MrcLayout layout = parseMrcHeader(unpackedHead(plain, kMrcHeaderBytes), plain.size(), path);
    const char* ending = packing == Packing::Gzip ? ".gz" : ".bz2";
    if (path.extension() != ending)
        layout.info.warnings.push_back(fmt::format("The file is packed with {}, though its name does not end in {}",
                                                   packing == Packing::Gzip ? "gzip" : "bzip2", ending));
    return std::make_shared<MrcFile>(std::move(plain), std::move(layout));
}

}  // namespace tomoloupe
