#include "core/io/tiff_handle.h"

#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

// No compression in libtiff packs tighter than this by much; a page that claims more is broken or hostile.
constexpr std::uint64_t kMostRatio = 5000, kAlwaysAllowed = std::uint64_t(64) << 20;

TiffHandle& self(thandle_t data) {
    return *static_cast<TiffHandle*>(data);
}

tmsize_t readProc(thandle_t data, void* target, tmsize_t size) {
    TiffHandle& handle = self(data);
    const std::uint64_t end = handle.file().size();
    if (size <= 0 || handle.position >= end) return 0;
    const std::uint64_t length = std::min<std::uint64_t>(static_cast<std::uint64_t>(size), end - handle.position);
    try {
        handle.file().readAt(handle.position, {static_cast<std::byte*>(target), length});
    } catch (const std::exception& cause) {
        handle.error = cause.what();
        return -1;
    }
    handle.position += length;
    return static_cast<tmsize_t>(length);
}

tmsize_t writeProc(thandle_t, void*, tmsize_t) {
    return -1;
}

toff_t seekProc(thandle_t data, toff_t offset, int whence) {
    TiffHandle& handle = self(data);
    if (whence == SEEK_CUR) offset += handle.position;
    if (whence == SEEK_END) offset += handle.file().size();
    return handle.position = offset;
}

int closeProc(thandle_t) {
    return 0;
}
toff_t sizeProc(thandle_t data) {
    return self(data).file().size();
}

int errorHandler(TIFF*, void* data, const char* /*module*/, const char* format, va_list arguments) {
    char text[400];
    std::vsnprintf(text, sizeof text, format, arguments);
    // The first message is the cause, later ones follow from it.
    std::string& error = static_cast<TiffHandle*>(data)->error;
    if (error.empty()) error = text;
    return 1;
}

int warningHandler(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

const char* colourName(int photometric) {
    switch (photometric) {
        case PHOTOMETRIC_RGB:
            return "red, green and blue";
        case PHOTOMETRIC_PALETTE:
            return "colours of a palette";
        case PHOTOMETRIC_MASK:
            return "a transparency mask";
        case PHOTOMETRIC_SEPARATED:
            return "printing inks (CMYK)";
        case PHOTOMETRIC_YCBCR:
            return "colours (YCbCr)";
        case PHOTOMETRIC_CIELAB:
        case PHOTOMETRIC_ICCLAB:
        case PHOTOMETRIC_ITULAB:
            return "colours (Lab)";
        default:
            return "colours of another kind";
    }
}

}  // namespace

struct TiffHandle::Window {
    std::int64_t x, y, w, h;
    float* target;
    // The part of a decoded block of `width` columns at (left, top) that lies in the window.
    void take(const std::byte* block, RawType type, std::int64_t left, std::int64_t top, std::int64_t width,
              std::int64_t height) const {
        const std::int64_t x0 = std::max(left, x), x1 = std::min(left + width, x + w);
        for (std::int64_t row = std::max(top, y); row < std::min(top + height, y + h) && x0 < x1; ++row)
            convertVoxels(type, false,
                          block + static_cast<std::size_t>((row - top) * width + x0 - left) * bytesOf(type), x1 - x0,
                          target + (row - y) * w + x0 - x, 1);
    }
};

TiffHandle::TiffHandle(const PositionedFile& file) : file_(file) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, errorHandler, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options, warningHandler, this);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(kAlwaysAllowed + 4 * file.size()));
    tiff_ = TIFFClientOpenExt(file.path().c_str(), "rm", this, readProc, writeProc, seekProc, closeProc, sizeProc,
                              nullptr, nullptr, options);
    TIFFOpenOptionsFree(options);
    if (!tiff_)
        throw ReadError(fmt::format("{} is not a sound TIFF file: {}", file.path().string(),
                                    error.empty() ? "it is cut off" : error));
}

TiffHandle::~TiffHandle() {
    TIFFClose(tiff_);
}

bool TiffHandle::swapsBytes() const {
    return TIFFIsByteSwapped(tiff_) != 0;
}

void TiffHandle::fail(std::size_t number, const std::string& sentence) const {
    throw ReadError(fmt::format("{}, page {}: {}", file_.path().string(), number + 1, sentence));
}

std::vector<TiffPage> TiffHandle::readPages() {
    std::vector<TiffPage> pages;
    error.clear();
    do {
        pages.push_back(readPage(pages.size()));
        // 18 bytes are the smallest directory: more pages than that are a loop.
        if (pages.size() > file_.size() / 18) fail(pages.size(), "the pages form a loop");
        error.clear();
    } while (TIFFReadDirectory(tiff_));
    if (!error.empty()) fail(pages.size(), error);
    return pages;
}

TiffPage TiffHandle::readPage(std::size_t number) {
    TiffPage page;
    page.directoryOffset = TIFFCurrentDirOffset(tiff_);
    std::uint32_t width = 0, height = 0, subfile = 0;
    TIFFGetField(tiff_, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff_, TIFFTAG_IMAGELENGTH, &height);
    if (width == 0 || height == 0)
        fail(number, fmt::format("ImageWidth (tag 256) is {}, ImageLength (tag 257) is {}", width, height));
    page.width = width;
    page.height = height;
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_SUBFILETYPE, &subfile);
    page.reduced = (subfile & FILETYPE_REDUCEDIMAGE) != 0;
    if (page.reduced && number > 0) return page;
    checkColours(number, page);
    page.type = readType(number);
    char* description = nullptr;
    if (TIFFGetField(tiff_, TIFFTAG_IMAGEDESCRIPTION, &description) && description) page.description = description;
    float resolution = 0;
    std::uint16_t unit = 1;
    if (TIFFGetField(tiff_, TIFFTAG_XRESOLUTION, &resolution) && resolution > 0)
        page.pixelsPerUnit = static_cast<double>(resolution);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_RESOLUTIONUNIT, &unit);
    page.resolutionUnit = unit;
    const double bytes = double(width) * double(height) * double(bytesOf(page.type));
    if (bytes > double(kAlwaysAllowed) && bytes > double(kMostRatio) * double(file_.size()))
        fail(number, fmt::format("{} x {} voxels are claimed (tags 256, 257), far more than {} bytes can hold", width,
                                 height, file_.size()));
    page.plainOffset = plainOffset(page);
    return page;
}

void TiffHandle::checkColours(std::size_t number, TiffPage& page) const {
    std::uint16_t samples = 1, photometric = PHOTOMETRIC_MINISBLACK, compression = COMPRESSION_NONE;
    TIFFGetField(tiff_, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_COMPRESSION, &compression);
    if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_MINISWHITE)
        fail(number, fmt::format("the voxels are {} (tag 262 is {}), not grey values; convert the file to grey first",
                                 colourName(photometric), photometric));
    if (samples != 1)
        fail(number,
             fmt::format(
                 "SamplesPerPixel (tag 277) is {}; one grey value a voxel is needed, convert the file to grey first",
                 samples));
    if (!TIFFIsCODECConfigured(compression))
        fail(number,
             fmt::format("the compression {} (tag 259) is not known here; save the file uncompressed", compression));
    page.whiteIsZero = photometric == PHOTOMETRIC_MINISWHITE;
}

RawType TiffHandle::readType(std::size_t number) const {
    std::uint16_t bits = 1, format = SAMPLEFORMAT_UINT;
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_SAMPLEFORMAT, &format);
    const bool whole = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_INT || format == SAMPLEFORMAT_VOID;
    const bool negative = format == SAMPLEFORMAT_INT;
    if (whole && bits == 8) return negative ? RawType::Int8 : RawType::Uint8;
    if (whole && bits == 16) return negative ? RawType::Int16 : RawType::Uint16;
    if (whole && bits == 32) return negative ? RawType::Int32 : RawType::Uint32;
    if (format == SAMPLEFORMAT_IEEEFP && bits == 16) return RawType::Float16;
    if (format == SAMPLEFORMAT_IEEEFP && bits == 32) return RawType::Float32;
    if (format == SAMPLEFORMAT_IEEEFP && bits == 64) return RawType::Float64;
    fail(
        number,
        fmt::format("BitsPerSample (tag 258) is {} with SampleFormat (tag 339) {}; whole numbers of 8, 16, 32 bits and "
                    "floats of 16, 32, 64 bits are read",
                    bits, format));
}

std::optional<std::uint64_t> TiffHandle::plainOffset(const TiffPage& page) const {
    std::uint16_t compression = COMPRESSION_NONE, fillOrder = FILLORDER_MSB2LSB;
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_FILLORDER, &fillOrder);
    if (compression != COMPRESSION_NONE || fillOrder != FILLORDER_MSB2LSB || TIFFIsTiled(tiff_)) return std::nullopt;
    const std::uint32_t strips = TIFFNumberOfStrips(tiff_);
    if (strips == 0 || strips > page.height) return std::nullopt;
    const std::uint64_t start = TIFFGetStrileOffset(tiff_, 0);
    std::uint64_t next = start;
    for (std::uint32_t i = 0; i < strips; ++i) {
        if (TIFFGetStrileOffset(tiff_, i) != next) return std::nullopt;
        next += TIFFGetStrileByteCount(tiff_, i);
    }
    // Some writers give a wrong byte count; the one-strip page is whole when the file goes on far enough.
    const bool enough = strips == 1 || next - start >= page.bytes();
    if (!enough || start == 0 || start > file_.size() || page.bytes() > file_.size() - start) return std::nullopt;
    return start;
}

void TiffHandle::read(const TiffPage& page, std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h,
                      float* target) {
    error.clear();
    if (!TIFFSetSubDirectory(tiff_, page.directoryOffset))
        throw ReadError(fmt::format("{}: the page at byte {} cannot be read: {}", file_.path().string(),
                                    page.directoryOffset, error));
    const Window window{x, y, w, h, target};
    TIFFIsTiled(tiff_) ? readTiles(page, window) : readStrips(page, window);
}

void TiffHandle::readStrips(const TiffPage& page, const Window& window) {
    std::uint32_t rows = 0;
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_ROWSPERSTRIP, &rows);
    const std::int64_t perStrip = std::clamp<std::int64_t>(rows, 1, page.height);
    const std::size_t rowBytes = static_cast<std::size_t>(page.width) * bytesOf(page.type);
    std::vector<std::byte> block(rowBytes * static_cast<std::size_t>(perStrip));
    for (std::int64_t strip = window.y / perStrip; strip * perStrip < window.y + window.h; ++strip) {
        const std::int64_t top = strip * perStrip, height = std::min(perStrip, page.height - top);
        const auto wanted = static_cast<tmsize_t>(rowBytes * static_cast<std::size_t>(height));
        const tmsize_t got = TIFFReadEncodedStrip(tiff_, static_cast<std::uint32_t>(strip), block.data(), wanted);
        if (got != wanted)
            throw ReadError(fmt::format("{}: strip {} of the page at byte {} cannot be read: {}", file_.path().string(),
                                        strip, page.directoryOffset, error.empty() ? "it is too short" : error));
        window.take(block.data(), page.type, 0, top, page.width, height);
    }
}

void TiffHandle::readTiles(const TiffPage& page, const Window& window) {
    std::uint32_t tileWidth = 0, tileHeight = 0;
    TIFFGetField(tiff_, TIFFTAG_TILEWIDTH, &tileWidth);
    TIFFGetField(tiff_, TIFFTAG_TILELENGTH, &tileHeight);
    const double bytes = double(tileWidth) * double(tileHeight) * double(bytesOf(page.type));
    if (bytes <= 0 || (bytes > double(kAlwaysAllowed) && bytes > double(kMostRatio) * double(file_.size())))
        throw ReadError(fmt::format("{}: tiles of {} x {} (tags 322, 323) make no sense", file_.path().string(),
                                    tileWidth, tileHeight));
    std::vector<std::byte> block(static_cast<std::size_t>(bytes));
    for (std::int64_t top = window.y / tileHeight * tileHeight; top < window.y + window.h; top += tileHeight)
        for (std::int64_t left = window.x / tileWidth * tileWidth; left < window.x + window.w; left += tileWidth) {
            const auto tile =
                TIFFComputeTile(tiff_, static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(top), 0, 0);
            const auto wanted = static_cast<tmsize_t>(block.size());
            if (TIFFReadEncodedTile(tiff_, tile, block.data(), wanted) != wanted)
                throw ReadError(fmt::format("{}: tile {} of the page at byte {} cannot be read: {}",
                                            file_.path().string(), tile, page.directoryOffset,
                                            error.empty() ? "it is too short" : error));
            window.take(block.data(), page.type, left, top, tileWidth, tileHeight);
        }
}

}  // namespace tomoloupe
