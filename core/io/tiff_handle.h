#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/io/positioned_file.h"
#include "core/io/voxel_convert.h"

struct tiff;

namespace tomoloupe {

/// What one page (image file directory) of a TIFF says, checked: one sample a voxel, a number type that is read here.
struct TiffPage {
    std::uint64_t directoryOffset = 0;
    std::int64_t width = 0, height = 0;
    RawType type = RawType::Uint8;
    bool reduced = false;  ///< a thumbnail or a step of a pyramid
    bool whiteIsZero = false;
    std::string description;
    double pixelsPerUnit = 0;  ///< XResolution; 0: not given
    int resolutionUnit = 1;    ///< 1 none, 2 inch, 3 centimetre
    /// Where the voxels start when they lie uncompressed, row after row; then libtiff is not needed to read them.
    std::optional<std::uint64_t> plainOffset;
    [[nodiscard]] std::uint64_t bytes() const {
        return static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) * bytesOf(type);
    }
};

/// libtiff over positioned reads of a shared file; its messages are kept instead of printed. One thread at a time.
class TiffHandle {
  public:
    /// Throws ReadError. `file` must outlive the handle.
    explicit TiffHandle(const PositionedFile& file);
    ~TiffHandle();
    TiffHandle(const TiffHandle&) = delete;
    TiffHandle& operator=(const TiffHandle&) = delete;

    [[nodiscard]] bool swapsBytes() const;
    /// Goes through every page once. Throws ReadError or UnsupportedFormat that names the page.
    [[nodiscard]] std::vector<TiffPage> readPages();
    /// Columns x .. x + w - 1 of rows y .. y + h - 1 into `target`, row after row of w floats.
    void read(const TiffPage& page, std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h, float* target);

    // For libtiff's callbacks.
    const PositionedFile& file() const { return file_; }
    std::uint64_t position = 0;
    std::string error;

  private:
    struct Window;
    [[nodiscard]] TiffPage readPage(std::size_t number);
    [[nodiscard]] RawType readType(std::size_t number) const;
    void checkColours(std::size_t number, TiffPage& page) const;
    [[nodiscard]] std::optional<std::uint64_t> plainOffset(const TiffPage& page) const;
    void readStrips(const TiffPage& page, const Window& window);
    void readTiles(const TiffPage& page, const Window& window);
    [[noreturn]] void fail(std::size_t number, const std::string& sentence) const;

    const PositionedFile& file_;
    ::tiff* tiff_ = nullptr;
};

}  // namespace tomoloupe
