#include "core/io/tiff_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/base/error.h"
#include "core/io/file_volume.h"
#include "core/io/positioned_file.h"
#include "core/io/tiff_handle.h"
#include "core/io/tiff_metadata.h"

namespace tomoloupe {
namespace {

class TiffFile : public VolumeFile {
  public:
    explicit TiffFile(const std::filesystem::path& path) : file_(path) {
        auto handle = std::make_unique<TiffHandle>(file_);
        swapBytes_ = handle->swapsBytes();
        pages_ = handle->readPages();
        idle_.push_back(std::move(handle));
        dropReducedPages();
        checkAlike();
        describe();
    }

    const VolumeInfo& info() const override { return info_; }

    Volume read(const Box& box, std::int64_t index) const override {
        checkRequest(info_, box, index, file_.path());
        std::vector<float> voxels(static_cast<std::size_t>(box.size.product()));
        const std::int64_t channel = index % channels_, frame = index / channels_;
        for (std::int64_t z = 0; z < box.size.z; ++z) {
            const std::int64_t plane =
                channel + channels_ * (box.start.z + z + info_.shape.z * frame);  // ImageJ: channel, z, time
            readPlane(plane, box, voxels.data() + z * box.size.x * box.size.y);
        }
        return fileVolume(info_, box, std::move(voxels));
    }

  private:
    [[noreturn]] void fail(const std::string& sentence) const {
        throw ReadError(fmt::format("{}: {}", file_.path().string(), sentence));
    }

    void dropReducedPages() {
        const std::size_t before = pages_.size();
        pages_.erase(
            std::remove_if(pages_.begin() + 1, pages_.end(), [](const TiffPage& page) { return page.reduced; }),
            pages_.end());
        if (pages_.size() < before)
            info_.warnings.push_back(
                fmt::format("{} smaller copies of the picture are left out", before - pages_.size()));
    }

    void checkAlike() const {
        const TiffPage& first = pages_.front();
        for (std::size_t i = 1; i < pages_.size(); ++i)
            if (pages_[i].width != first.width || pages_[i].height != first.height || pages_[i].type != first.type)
                fail(fmt::format("page {} is {} x {} {}, page 1 is {} x {} {}; the pages of a volume must be alike",
                                 i + 1, pages_[i].width, pages_[i].height, nameOf(pages_[i].type), first.width,
                                 first.height, nameOf(first.type)));
    }

    void describe() {
        const TiffPage& first = pages_.front();
        const TiffStack stack = readTiffMetadata(first);
        info_.warnings.insert(info_.warnings.end(), stack.warnings.begin(), stack.warnings.end());
        planes_ = static_cast<std::int64_t>(pages_.size());
        if (planes_ == 1 && stack.images > 1) takeRawPlanes(stack.images);
        info_.format = "TIFF";
        info_.valueType = nameOf(first.type);
        info_.shape = {first.width, first.height, planes_};
        arrange(stack);
        info_.voxelSizeKnown = stack.pixelAngstrom > 0;
        if (info_.voxelSizeKnown) {
            const double z = stack.sliceAngstrom > 0 ? stack.sliceAngstrom : stack.pixelAngstrom;
            info_.voxelSizeAngstrom = {stack.pixelAngstrom, stack.pixelAngstrom, z};
            if (std::abs(z - stack.pixelAngstrom) > 0.001 * stack.pixelAngstrom)
                info_.warnings.push_back(fmt::format("The voxels are not cubes: {:.4g} Å in x and y, {:.4g} Å in z",
                                                     stack.pixelAngstrom, z));
        }
        if (first.whiteIsZero)
            info_.warnings.emplace_back("The file says that 0 is white (tag 262); the values are kept as they are");
        if (!first.description.empty()) info_.labels.push_back(oneLine(first.description.substr(0, 400)));
    }

    static std::string oneLine(std::string text) {
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        for (char& c : text)
            if (static_cast<unsigned char>(c) < ' ') c = ' ';
        return text;
    }

    // ImageJ writes more than 4 GB as one page followed by the other planes without any directory.
    void takeRawPlanes(std::int64_t images) {
        const TiffPage& first = pages_.front();
        const std::uint64_t rest = first.plainOffset ? file_.size() - *first.plainOffset : 0;
        if (!first.plainOffset || static_cast<std::uint64_t>(images) > rest / first.bytes()) {
            const std::uint64_t there = first.plainOffset ? rest / first.bytes() : 1;
            fail(
                fmt::format("ImageJ's description (tag 270) claims {} planes of {} x {}, but the file holds only {}; "
                            "it is cut off or "
                            "was written by a program that does not keep to its own description",
                            images, first.width, first.height, there));
        }
        rawPlanes_ = true;
        planes_ = images;
    }

    void arrange(const TiffStack& stack) {
        const std::int64_t slices =
            stack.slices > 0 ? stack.slices : planes_ / std::max<std::int64_t>(stack.channels * stack.frames, 1);
        const double told = double(slices) * double(stack.channels) * double(stack.frames);
        if (told != double(planes_)) {
            info_.warnings.push_back(fmt::format(
                "The description (tag 270) claims {} slices, {} channels and {} frames, but there are {} pages; "
                "they are read as z",
                slices, stack.channels, stack.frames, planes_));
            return;
        }
        channels_ = stack.channels;
        info_.shape.z = slices;
        info_.count = stack.channels * stack.frames;
        if (info_.count > 1)
            info_.warnings.push_back(fmt::format("{} channels and {} time points are read as {} volumes",
                                                 stack.channels, stack.frames, info_.count));
    }

    void readPlane(std::int64_t plane, const Box& box, float* target) const {
        const TiffPage& page = pages_[rawPlanes_ ? 0 : static_cast<std::size_t>(plane)];
        if (page.plainOffset)
            return readPlain(page,
                             *page.plainOffset + (rawPlanes_ ? static_cast<std::uint64_t>(plane) * page.bytes() : 0),
                             box, target);
        std::unique_ptr<TiffHandle> handle = borrow();
        handle->read(page, box.start.x, box.start.y, box.size.x, box.size.y, target);
        const std::lock_guard lock(idleMutex_);
        idle_.push_back(std::move(handle));
    }

    void readPlain(const TiffPage& page, std::uint64_t offset, const Box& box, float* target) const {
        const std::uint64_t voxel = bytesOf(page.type), row = static_cast<std::uint64_t>(page.width) * voxel;
        const std::uint64_t piece = static_cast<std::uint64_t>(box.size.x) * voxel;
        // Whole runs of rows while they are short or mostly wanted, in pieces of bounded memory.
        const std::int64_t together = row <= 8192 || piece * 4 >= row
                                          ? std::max<std::int64_t>(1, static_cast<std::int64_t>((4u << 20) / row))
                                          : 1;
        std::vector<std::byte> buffer;
        for (std::int64_t y = 0; y < box.size.y; y += together) {
            const std::int64_t rows = std::min(together, box.size.y - y);
            buffer.resize(static_cast<std::uint64_t>(rows - 1) * row + piece);
            file_.readAt(offset + static_cast<std::uint64_t>(box.start.y + y) * row +
                             static_cast<std::uint64_t>(box.start.x) * voxel,
                         buffer);
            for (std::int64_t i = 0; i < rows; ++i)
                convertVoxels(page.type, swapBytes_, buffer.data() + static_cast<std::uint64_t>(i) * row, box.size.x,
                              target + (y + i) * box.size.x, 1);
        }
    }

    // A handle serves one thread at a time; there are as many as threads that read at once.
    std::unique_ptr<TiffHandle> borrow() const {
        {
            const std::lock_guard lock(idleMutex_);
            if (!idle_.empty()) {
                std::unique_ptr<TiffHandle> handle = std::move(idle_.back());
                idle_.pop_back();
                return handle;
            }
        }
        return std::make_unique<TiffHandle>(file_);
    }

    PositionedFile file_;
    std::vector<TiffPage> pages_;
    VolumeInfo info_;
    bool swapBytes_ = false, rawPlanes_ = false;
    std::int64_t planes_ = 1, channels_ = 1;
    mutable std::mutex idleMutex_;
    mutable std::vector<std::unique_ptr<TiffHandle>> idle_;
};

}  // namespace

Probe TiffReader::probe(const std::filesystem::path&, std::span<const std::byte> head) const {
    if (head.size() < 4) return Probe::No;
    const auto byte = [&](std::size_t i) { return std::to_integer<int>(head[i]); };
    const bool little = byte(0) == 'I' && byte(1) == 'I' && (byte(2) == 42 || byte(2) == 43) && byte(3) == 0;
    const bool big = byte(0) == 'M' && byte(1) == 'M' && byte(2) == 0 && (byte(3) == 42 || byte(3) == 43);
    return little || big ? Probe::Sure : Probe::No;
}

std::shared_ptr<const VolumeFile> TiffReader::open(const std::filesystem::path& path) const {
    return std::make_shared<TiffFile>(path);
}

}  // namespace tomoloupe
