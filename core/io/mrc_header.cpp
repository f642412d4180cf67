#include "core/io/mrc_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/io/mrc_fields.h"

namespace tomoloupe {
namespace {

constexpr std::array<char, 3> kAxisName{'X', 'Y', 'Z'};

// The shortest decimal number that gives this float: a cell of 1492.4 Å is meant, not 1492.4000244.
double asWritten(double value) {
    if (!std::isfinite(value)) return value;
    const std::string text = fmt::format("{}", static_cast<float>(value));
    double result = value;
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

/// Turns the raw fields into a layout, step by step; each step repairs or refuses one group of fields.
class MrcHeaderParser {
  public:
    MrcHeaderParser(std::span<const std::byte> header, std::uint64_t fileBytes, const std::filesystem::path& path)
        : fields_(mrcFieldsOf(header, fileBytes)), fileBytes_(fileBytes), path_(path), stamp_(mrcStampOrder(header)) {}

    MrcLayout parse() {
        layout_.swapBytes = fields_.swapped();
        layout_.info.format = "MRC";
        readExtents();
        readMode();
        checkIdentity();
        readAxes();
        splitStack();
        placeVoxels();
        readVoxelSize();
        readOrigin();
        readStatistics();
        readLabels();
        return std::move(layout_);
    }

  private:
    [[noreturn]] void fail(const std::string& sentence) const {
        throw ReadError(fmt::format("{}: {}", path_.string(), sentence));
    }
    void warn(std::string sentence) { layout_.info.warnings.push_back(std::move(sentence)); }

    void readExtents() {
        extents_ = fields_.wholes(mrc_offset::kExtents);
        // Without a legal mode a bad extent would hide that this is no MRC file at all.
        if (mrcBitsOfMode(mode()) == 0) failMode();
        for (std::size_t axis = 0; axis < 3; ++axis)
            if (extents_[axis] <= 0)
                fail(
                    fmt::format("N{} at byte {} is {}; it must be above 0", kAxisName[axis], 4 * axis, extents_[axis]));
    }

    std::int32_t mode() const { return fields_.whole(mrc_offset::kMode); }

    [[noreturn]] void failMode() const {
        if (!fields_.hasMap()) fail(fmt::format("MODE at byte 12 is {}; this is not an MRC file", mode()));
        fail(fmt::format("MODE at byte 12 is {}, which no version of the format defines", mode()));
    }

    void readMode() {
        switch (mode()) {
            case 0:
                layout_.type = MrcType::Int8;
                readByteSign();
                break;
            case 1:
                layout_.type = MrcType::Int16;
                break;
            case 2:
                layout_.type = MrcType::Float32;
                break;
            case 6:
                layout_.type = MrcType::Uint16;
                break;
            case 12:
                layout_.type = MrcType::Float16;
                break;
            case 101:
                layout_.type = MrcType::Uint4;
                break;
            case 3:
            case 4:
                fail(
                    fmt::format("MODE at byte 12 is {}: complex numbers (a Fourier transform), not a density", mode()));
            case 16:
                fail("MODE at byte 12 is 16: red, green and blue bytes, not a density; convert it to grey first");
            default:
                fail(fmt::format("MODE at byte 12 is {}, a type that this program does not read; convert it to mode 2",
                                 mode()));
        }
        static constexpr std::array<const char*, 7> kNames{"int8",    "uint8",   "int16", "uint16",
                                                           "float16", "float32", "uint4"};
        layout_.info.valueType = kNames[static_cast<std::size_t>(layout_.type)];
    }

    // IMOD says it in a flag (mrc_format.txt, imodFlags); else the extrema tell; else MRC2014 says signed.
    void readByteSign() {
        const double minimum = fields_.real(mrc_offset::kMinimum), maximum = fields_.real(mrc_offset::kMaximum);
        if (fields_.hasImodStamp()) {
            const std::int32_t flags = fields_.whole(mrc_offset::kImodFlags);
            if ((flags & 16) != 0) {
                layout_.type = MrcType::Uint4;
                extents_[0] *= 2;
                fourBitBytes_ = true;
            } else if ((flags & 1) == 0) {
                layout_.type = MrcType::Uint8;
            }
        } else if (minimum >= 0 && maximum > 127 && maximum <= 255) {
            layout_.type = MrcType::Uint8;
        } else if (!fields_.hasMap() && !(minimum < 0 && minimum <= maximum)) {
            layout_.type = MrcType::Uint8;
        }
    }

    void checkIdentity() {
        const char order = fields_.swapped() ? '>' : '<';
        if (!fields_.hasMap())
            warn("There is no \"MAP\" at byte 208: the file is older than the year 2000 or was written carelessly");
        else if (stamp_ != 0 && stamp_ != order)
            warn(fmt::format("The machine stamp at byte 212 says {} endian, but the data are {} endian",
                             stamp_ == '>' ? "big" : "little", order == '>' ? "big" : "little"));
        else if (stamp_ == 0)
            warn(fmt::format("The machine stamp at byte 212 is none that is known; read as {} endian",
                             order == '>' ? "big" : "little"));
    }

    void readAxes() {
        const auto axes = fields_.wholes(mrc_offset::kAxes);
        std::array<std::int64_t, 3> sorted = axes;
        std::sort(sorted.begin(), sorted.end());
        if (sorted != std::array<std::int64_t, 3>{1, 2, 3}) {
            warn(
                fmt::format("MAPC, MAPR, MAPS at byte 64 are {}, {}, {}; taken as 1, 2, 3", axes[0], axes[1], axes[2]));
            return;
        }
        for (std::size_t i = 0; i < 3; ++i) layout_.volumeAxis[i] = static_cast<int>(axes[i] - 1);
    }

    // ISPG 401 to 630: NZ / MZ volumes of MZ sections (MRC2014). Images: RELION and IMOD say so by name or by ISPG 0,
    // MZ 1.
    void splitStack() {
        const std::int32_t group = fields_.whole(mrc_offset::kSpaceGroup);
        const std::int64_t sections = fields_.wholes(mrc_offset::kIntervals)[2];
        layout_.fileShape = extents_;
        if (group >= 401 && group <= 630) {
            if (sections <= 0 || extents_[2] % sections != 0) {
                warn(
                    fmt::format("ISPG at byte 88 is {}, a stack of volumes, but NZ ({}) is not a multiple of MZ ({}); "
                                "read as one volume",
                                group, extents_[2], sections));
                return;
            }
            layout_.fileShape[2] = sections;
            layout_.info.count = extents_[2] / sections;
        } else {
            const std::string extension = path_.extension().string();
            layout_.info.imageStack =
                extension == ".mrcs" || extension == ".st" || (group == 0 && sections == 1 && extents_[2] > 1);
        }
    }

    void placeVoxels() {
        static constexpr std::array<std::uint64_t, 7> kBits{8, 8, 16, 16, 16, 32, 4};
        const std::uint64_t bits = kBits[static_cast<std::size_t>(layout_.type)];
        layout_.rowBytes = (static_cast<std::uint64_t>(extents_[0]) * bits + 7) / 8;
        std::uint64_t bytes = layout_.rowBytes;
        const bool countable = !__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extents_[1]), &bytes) &&
                               !__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extents_[2]), &bytes) &&
                               bytes < std::uint64_t(1) << 62;
        const std::string what =
            fmt::format("{} x {} x {} voxels of {}", extents_[0], extents_[1], extents_[2], layout_.info.valueType);
        if (!countable) fail(fmt::format("NX, NY, NZ at byte 0 claim {}, more than any file can hold", what));
        const std::int64_t extended = fields_.whole(mrc_offset::kExtendedBytes);
        if (extended < 0)
            fail(
                fmt::format("NSYMBT at byte 92 is {}; the length of the extended header cannot be negative", extended));
        layout_.dataOffset = kMrcHeaderBytes + static_cast<std::uint64_t>(extended);
        if (extended > 0 && fileBytes_ == kMrcHeaderBytes + bytes) {
            warn(
                fmt::format("NSYMBT at byte 92 claims {} bytes of extended header that are not there; "
                            "the voxels start at byte 1024",
                            extended));
            layout_.dataOffset = kMrcHeaderBytes;
        }
        const std::uint64_t needed = layout_.dataOffset + bytes;
        if (needed > fileBytes_)
            fail(fmt::format(
                "NX, NY, NZ at byte 0 claim {} from byte {}: {} bytes are needed, but the file has {}; it is cut "
                "off or its header is wrong",
                what, layout_.dataOffset, needed, fileBytes_));
        if (needed < fileBytes_)
            warn(fmt::format("{} bytes follow the voxels, from byte {}", fileBytes_ - needed, needed));
        Index3& shape = layout_.info.shape;
        for (std::size_t i = 0; i < 3; ++i)
            (layout_.volumeAxis[i] == 0   ? shape.x
             : layout_.volumeAxis[i] == 1 ? shape.y
                                          : shape.z) = layout_.fileShape[i];
    }

    void readVoxelSize() {
        const auto intervals = fields_.wholes(mrc_offset::kIntervals);
        const auto cell = fields_.reals(mrc_offset::kCell);
        std::array<double, 3> size{};
        for (std::size_t i = 0; i < 3; ++i) {
            size[i] = intervals[i] > 0 ? asWritten(asWritten(cell[i]) / static_cast<double>(intervals[i])) : 0;
            if (fourBitBytes_ && i == 0 && intervals[0] * 2 == extents_[0]) size[0] /= 2;
        }
        const bool intervalsBad =
            std::any_of(intervals.begin(), intervals.end(), [](std::int64_t m) { return m <= 0; });
        if (intervalsBad)
            warn(fmt::format("MX, MY, MZ at byte 28 are {}, {}, {}: the voxel size is unknown", intervals[0],
                             intervals[1], intervals[2]));
        else if (!std::all_of(size.begin(), size.end(), [](double s) { return std::isfinite(s) && s > 0; }))
            warn(fmt::format("CELLA at byte 40 is {:g}, {:g}, {:g} Å: the voxel size is unknown", cell[0], cell[1],
                             cell[2]));
        else
            acceptVoxelSize(size, intervals);
    }

    void acceptVoxelSize(const std::array<double, 3>& size, const std::array<std::int64_t, 3>& intervals) {
        VolumeInfo& info = layout_.info;
        info.voxelSizeAngstrom = {size[0], size[1], size[2]};
        info.voxelSizeKnown = true;
        const auto [least, most] = std::minmax_element(size.begin(), size.begin() + (info.imageStack ? 2 : 3));
        // Warp writes cells that are off by rounding.
        if (*most > *least * 1.001)
            warn(fmt::format("The voxels are not cubes: {:.4g} x {:.4g} x {:.4g} Å (CELLA at byte 40)", size[0],
                             size[1], size[2]));
        const bool plainAxes = layout_.volumeAxis == std::array<int, 3>{0, 1, 2};
        if (plainAxes && intervals[0] != intervals[1] && intervals[0] == extents_[1] && intervals[1] == extents_[0])
            warn(fmt::format("MX, MY at byte 28 are {}, {}, swapped against NX, NY; the voxel size follows the cell",
                             intervals[0], intervals[1]));
        const auto angles = fields_.reals(mrc_offset::kAngles);
        for (const double angle : angles)
            if (angle != 0 && std::abs(angle - 90) > 0.01) {
                warn(
                    fmt::format("The cell is not rectangular (CELLB at byte 52 is {:.4g}, {:.4g}, {:.4g} degrees); "
                                "it is shown as if it were",
                                angles[0], angles[1], angles[2]));
                break;
            }
    }

    // ORIGIN where it is given, else NSTART, which counts in file axes (MRC2014); absurd values count as none
    // (ChimeraX).
    void readOrigin() {
        auto origin = fields_.reals(mrc_offset::kOrigin);
        const Vec3 step = layout_.info.voxelSizeAngstrom;
        const std::array<double, 3> steps{step.x, step.y, step.z};
        const auto usable = [](const std::array<double, 3>& o) {
            return std::all_of(o.begin(), o.end(), [](double v) { return std::isfinite(v) && std::abs(v) < 1e7; }) &&
                   std::any_of(o.begin(), o.end(), [](double v) { return std::abs(v) > 1e-20; });
        };
        if (!fields_.hasMap() || !usable(origin)) {
            origin = {};
            const auto start = fields_.wholes(mrc_offset::kStart);
            const std::int64_t limit = 10 * *std::max_element(extents_.begin(), extents_.end());
            if (std::all_of(start.begin(), start.end(), [&](std::int64_t s) { return std::abs(s) <= limit; }))
                for (std::size_t i = 0; i < 3; ++i) {
                    const auto axis = static_cast<std::size_t>(layout_.volumeAxis[i]);
                    origin[axis] = static_cast<double>(start[i]) * steps[axis];
                }
        }
        for (double& value : origin) value = asWritten(value);
        layout_.info.originAngstrom = {origin[0], origin[1], origin[2]};
    }

    // "Undetermined" is DMAX < DMIN or DMEAN below both (MRC2014); many programs leave zeros.
    void readStatistics() {
        const double minimum = fields_.real(mrc_offset::kMinimum), maximum = fields_.real(mrc_offset::kMaximum),
                     mean = fields_.real(mrc_offset::kMean), rms = fields_.real(mrc_offset::kRms);
        const bool told = std::isfinite(minimum) && std::isfinite(maximum) && std::isfinite(mean) &&
                          maximum >= minimum && mean >= minimum && mean <= maximum && !(minimum == 0 && maximum == 0);
        if (!told) return;
        Statistics statistics;
        statistics.minimum = minimum;
        statistics.maximum = maximum;
        statistics.mean = mean;
        statistics.standardDeviation = fields_.hasMap() && rms > 0 ? rms : std::numeric_limits<double>::quiet_NaN();
        statistics.count = extents_[0] * extents_[1] * extents_[2];
        layout_.info.headerStatistics = statistics;
    }

    void readLabels() {
        const std::int32_t count = std::clamp(fields_.whole(mrc_offset::kLabelCount), 0, 10);
        for (std::int32_t i = 0; i < count; ++i) {
            std::string label = fields_.text(mrc_offset::kLabels + 80 * static_cast<std::size_t>(i), 80);
            for (char& c : label)
                if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = ' ';
            label.erase(label.find_last_not_of(' ') + 1);
            if (!label.empty()) layout_.info.labels.push_back(std::move(label));
        }
    }

    MrcFields fields_;
    std::uint64_t fileBytes_;
    std::filesystem::path path_;
    char stamp_;
    std::array<std::int64_t, 3> extents_{};
    bool fourBitBytes_ = false;  // IMOD's old way: mode 0, two voxels a byte
    MrcLayout layout_;
};

}  // namespace

bool looksLikeMrc(std::span<const std::byte> head) {
    if (head.size() < kMrcHeaderBytes) return false;
    const MrcFields fields = mrcFieldsOf(head, 0);
    const auto extents = fields.wholes(mrc_offset::kExtents);
    return mrcBitsOfMode(fields.whole(mrc_offset::kMode)) > 0 &&
           std::all_of(extents.begin(), extents.end(), [](std::int64_t n) { return n > 0 && n < 1 << 24; });
}

MrcLayout parseMrcHeader(std::span<const std::byte> header, std::uint64_t fileBytes,
                         const std::filesystem::path& path) {
    if (header.size() < kMrcHeaderBytes)
        throw ReadError(fmt::format("{} has {} bytes; the MRC header alone needs 1024", path.string(), header.size()));
    return MrcHeaderParser(header, fileBytes, path).parse();
}

}  // namespace tomoloupe
