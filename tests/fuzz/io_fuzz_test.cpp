// Valid files with random damage: a reader gives a volume or says what is wrong, without large allocations. The seed is
// fixed; a failure prints the case, from which the same bytes are made again.
#include <tiffio.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "core/io/reader.h"
#include "core/io/safetensors.h"
#include "core/io/star.h"
#include "tests/fuzz/allocation_watch.h"
#include "tests/fuzz/mutation.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr std::size_t kAllowedBytes = std::size_t(200) << 20;  // the files are kilobytes; libtiff's floor is 64 MiB

std::string bytesOf(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// TOMOLOUPE_FUZZ_FACTOR=50 makes a long run of it, for a night or a sanitizer.
int factor() {
    const char* given = std::getenv("TOMOLOUPE_FUZZ_FACTOR");
    return given ? std::max(std::atoi(given), 1) : 1;
}

/// Damages `original` `cases` times; `read` gets the path of the damaged file and may throw Error.
void damage(const std::string& original, const std::string& name, int cases,
            const std::function<void(const std::filesystem::path&)>& read) {
    const test::TemporaryFolder folder;
    int refused = 0;
    cases *= factor();
    for (int i = 0; i < cases; ++i) {
        Random random(deriveSeed(20260101, name, static_cast<std::uint64_t>(i)));
        std::ofstream(folder / name, std::ios::binary) << test::mutated(original, random);
        CAPTURE(name, i);
        test::resetLargestAllocation();
        try {
            read(folder / name);
        } catch (const Error&) {
            ++refused;
        } catch (const std::exception& error) {
            FAIL("another exception: " << error.what());
        }
        REQUIRE(test::largestAllocation() < kAllowedBytes);
    }
    // Damage must be noticed often, else nothing was tested.
    CHECK(refused > cases / 20);
}

void readVolume(const std::filesystem::path& path) {
    static const ReaderRegistry readers = builtInReaders();
    const auto file = readers.open(path);
    const Index3 shape = file->info().shape;
    const Volume corner = file->read({{shape.x - 1, shape.y - 1, shape.z - 1}, {1, 1, 1}}, file->info().count - 1);
    if (shape.product() < 100000) static_cast<void>(readWhole(*file));
    static_cast<void>(corner);
}

std::string tiffBytes(const char* mode, std::uint16_t compression, bool tiled, const char* description) {
    const test::TemporaryFolder folder;
    TIFF* tiff = TIFFOpen((folder / "a.tif").c_str(), mode);
    std::vector<std::uint16_t> voxels(32 * 32);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<std::uint16_t>(i * 37 % 1000);
    for (int page = 0; page < 3; ++page) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 32);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 32);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
        TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description);
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 0.4f);
        if (tiled) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
            for (std::uint32_t tile = 0; tile < 4; ++tile) TIFFWriteEncodedTile(tiff, tile, voxels.data(), 512);
        } else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
            for (std::uint32_t strip = 0; strip < 4; ++strip) TIFFWriteEncodedStrip(tiff, strip, voxels.data(), 512);
        }
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return bytesOf(folder / "a.tif");
}

std::string mrcBytes() {
    const test::TemporaryFolder folder;
    std::vector<float> voxels(12 * 11 * 10);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(i % 97);
    writeMrc(folder / "a.mrc", Volume({12, 11, 10}, std::move(voxels), 10));
    return bytesOf(folder / "a.mrc");
}

}  // namespace

TEST_CASE("damaged MRC files") {
    damage(mrcBytes(), "a.mrc", 1500, readVolume);
}

TEST_CASE("damaged packed MRC files, damaged inside and outside") {
    const test::TemporaryFolder folder;
    const auto packed = [&](const std::string& bytes) {
        gzFile file = gzopen((folder / "p").c_str(), "wb");
        gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
        gzclose(file);
        return bytesOf(folder / "p");
    };
    damage(packed(mrcBytes()), "a.mrc.gz", 300, readVolume);
    damage(mrcBytes(), "b.mrc.gz", 300, [&](const std::filesystem::path& path) {
        std::ofstream(folder / "inner.mrc.gz", std::ios::binary) << packed(bytesOf(path));
        readVolume(folder / "inner.mrc.gz");
    });
}

TEST_CASE("damaged TIFF files") {
    const char* imagej = "ImageJ=1.53t\nimages=3\nslices=3\nunit=nm\nspacing=2.5\n";
    damage(tiffBytes("w", COMPRESSION_NONE, false, imagej), "a.tif", 700, readVolume);
    damage(tiffBytes("wb", COMPRESSION_LZW, false, "plain"), "b.tif", 500, readVolume);
    damage(tiffBytes("w8", COMPRESSION_ADOBE_DEFLATE, true, imagej), "c.tif", 500, readVolume);
}

TEST_CASE("damaged STAR files are refused, or go out as they came in") {
    const std::string text =
        "data_optics\n\n_rlnVoltage 300.0\n_rlnNote 'two words'\n\ndata_particles # here\n\nloop_\n_rlnX #1\n_rlnName "
        "#2\n_rlnNote #3\n"
        "1.5 a/b.mrc \"x y\"\n-2 <NA> ''\n3 data_3 _four\n\ndata_last\n_key\n;long\ntext\n;\n";
    damage(text, "a.star", 2000, [](const std::filesystem::path& path) {
        const StarFile file = readStar(path);
        std::filesystem::path copy = path;
        copy += ".copy.star";
        writeStar(copy, file);
        const StarFile again = readStar(copy);
        REQUIRE(again.blocks.size() == file.blocks.size());
        for (std::size_t i = 0; i < file.blocks.size(); ++i) {
            REQUIRE(again.blocks[i].name == file.blocks[i].name);
            REQUIRE(again.blocks[i].columns == file.blocks[i].columns);
            REQUIRE(again.blocks[i].rows == file.blocks[i].rows);
        }
    });
}

TEST_CASE("damaged safetensors files") {
    const test::TemporaryFolder folder;
    const std::vector<float> weights(50, 1.5f);
    const std::vector<SafetensorInput> tensors{{"a", "F32", {5, 10}, std::as_bytes(std::span(weights))},
                                               {"b", "U8", {200}, std::as_bytes(std::span(weights))}};
    writeSafetensors(folder / "a", tensors, {{"manifest", "{}"}});
    damage(bytesOf(folder / "a"), "a.safetensors", 2000, [](const std::filesystem::path& path) {
        const SafetensorsReader reader(path);
        for (const SafetensorEntry& entry : reader.entries()) {
            std::vector<std::byte> bytes(entry.bytes);
            reader.read(entry, bytes);
        }
    });
}
