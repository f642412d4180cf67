#include <tiffio.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <numeric>
#include <thread>

#include "core/base/error.h"
#include "core/io/reader.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Made {
    const char* mode = "w";
    std::uint32_t width = 7, height = 5;
    std::uint16_t bits = 16, format = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE;
    std::uint32_t rowsPerStrip = 2;
    bool tiled = false;
    int pages = 3;
    std::string description = {};
    float pixelsPerUnit = 0;
    std::uint16_t unit = RESUNIT_NONE;
};

// Voxel (x, y) of page p has the value x + 10 y + 100 p.
template <typename Value>
void writePage(TIFF* tiff, const Made& made, int page) {
    const auto value = [&](std::uint32_t x, std::uint32_t y) {
        return static_cast<Value>(x + 10 * y + 100 * static_cast<std::uint32_t>(page));
    };
    if (made.tiled) {
        std::vector<Value> tile(16 * 16);
        for (std::uint32_t y = 0; y < 16; ++y)
            for (std::uint32_t x = 0; x < 16; ++x) tile[x + 16 * y] = value(x, y);
        TIFFWriteTile(tiff, tile.data(), 0, 0, 0, 0);
        return;
    }
    std::vector<Value> row(made.width);
    for (std::uint32_t y = 0; y < made.height; ++y) {
        for (std::uint32_t x = 0; x < made.width; ++x) row[x] = value(x, y);
        TIFFWriteScanline(tiff, row.data(), y, 0);
    }
}

std::filesystem::path write(const std::filesystem::path& path, const Made& made) {
    TIFF* tiff = TIFFOpen(path.c_str(), made.mode);
    for (int page = 0; page < made.pages; ++page) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, made.width);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, made.height);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, made.bits);
        TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, made.format);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, made.compression);
        if (made.tiled) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
        } else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, made.rowsPerStrip);
        }
        if (!made.description.empty() && page == 0)
            TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, made.description.c_str());
        if (made.pixelsPerUnit > 0) {
            TIFFSetField(tiff, TIFFTAG_XRESOLUTION, made.pixelsPerUnit);
            TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, made.unit);
        }
        if (made.bits == 8) writePage<std::uint8_t>(tiff, made, page);
        if (made.bits == 16) writePage<std::uint16_t>(tiff, made, page);
        if (made.bits == 32 && made.format == SAMPLEFORMAT_IEEEFP) writePage<float>(tiff, made, page);
        if (made.bits == 32 && made.format != SAMPLEFORMAT_IEEEFP) writePage<std::uint32_t>(tiff, made, page);
        if (made.bits == 64) writePage<double>(tiff, made, page);
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return path;
}

VolumeInfo infoOf(const Made& made) {
    const test::TemporaryFolder folder;
    return builtInReaders().open(write(folder / "a.tif", made))->info();
}

}  // namespace

TEST_CASE("TIFF of every number type, byte order, layout and compression gives the same voxels") {
    const test::TemporaryFolder folder;
    std::vector<Made> all{{}, {"wb"}, {"w8"}, {"w8b"}};
    for (const std::uint16_t compression : {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
        all.push_back({.mode = "wb", .compression = compression});
        all.push_back({.compression = compression, .tiled = true});
    }
    all.push_back({.bits = 8, .pages = 2});
    all.push_back({.bits = 32});
    all.push_back({.mode = "wb", .bits = 32, .format = SAMPLEFORMAT_IEEEFP});
    all.push_back({.mode = "wb", .bits = 64, .format = SAMPLEFORMAT_IEEEFP});
    all.push_back({.bits = 16, .format = SAMPLEFORMAT_INT, .rowsPerStrip = 100});
    all.push_back({.mode = "wb", .tiled = true});
    for (const Made& made : all) {
        CAPTURE(made.mode, made.bits, made.compression, made.tiled);
        const auto file = builtInReaders().open(write(folder / "a.tif", made));
        REQUIRE(file->info().shape == Index3{7, 5, made.pages});
        const Volume whole = readWhole(*file);
        CHECK(whole.at(6, 4, 1) == 146);
        CHECK(whole.at(0, 3, 0) == 30);
        const Volume part = file->read({{3, 2, 1}, {2, 3, 1}});
        CHECK(part.at(1, 2, 0) == 144);
        CHECK(part.at(0, 0, 0) == 123);
    }
}

TEST_CASE("ImageJ's description gives planes and voxel size") {
    const Made nm{
        .pages = 4, .description = "ImageJ=1.53t\nimages=4\nslices=4\nunit=nm\nspacing=2.5\n", .pixelsPerUnit = 0.4f};
    CHECK(infoOf(nm).shape == Index3{7, 5, 4});
    CHECK(infoOf(nm).voxelSize() == Approx(25));
    const auto sizeWithUnit = [](const std::string& unit, float perUnit) {
        return infoOf({.pages = 2,
                       .description = "ImageJ=1.53t\nimages=2\nslices=2\nunit=" + unit +
                                      "\nspacing=" + std::to_string(1 / perUnit) + "\n",
                       .pixelsPerUnit = perUnit});
    };
    CHECK(sizeWithUnit("\\u00B5m", 1000).voxelSize() == Approx(10));
    CHECK(sizeWithUnit("micron", 1000).voxelSize() == Approx(10));
    CHECK(sizeWithUnit("\xC3\x85", 0.1f).voxelSize() == Approx(10));
    CHECK(sizeWithUnit("angstrom", 0.1f).voxelSize() == Approx(10));
    CHECK(sizeWithUnit("inch", 25400000).voxelSize() == Approx(10).epsilon(0.2));
    CHECK_FALSE(sizeWithUnit("furlong", 5).voxelSizeKnown);
    CHECK_FALSE(infoOf({.pixelsPerUnit = 300, .unit = RESUNIT_INCH}).voxelSizeKnown);  // a printer's resolution
}

TEST_CASE("hyperstacks are volumes by channel and time; lies are read as z with a warning") {
    const test::TemporaryFolder folder;
    const auto file = builtInReaders().open(
        write(folder / "h.tif",
              {.pages = 12, .description = "ImageJ=1\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n"}));
    CHECK(file->info().shape.z == 3);
    CHECK(file->info().count == 4);
    CHECK(file->read({{0, 0, 2}, {1, 1, 1}}, 1).at(0, 0, 0) == 500);  // channel 1, z 2, time 0: page 5
    CHECK(file->read({{0, 0, 1}, {1, 1, 1}}, 2).at(0, 0, 0) == 800);  // channel 0, z 1, time 1: page 8
    CHECK(infoOf({.pages = 5, .description = "ImageJ=1\nimages=5\nframes=5\n"}).shape.z == 5);
    const VolumeInfo lie = infoOf({.pages = 5, .description = "ImageJ=1\nimages=9\nslices=9\n"});
    CHECK(lie.shape.z == 5);
    CHECK(lie.warnings.size() == 1);
}

TEST_CASE("OME-TIFF gives its physical size") {
    const VolumeInfo info = infoOf(
        {.description =
             "<?xml version=\"1.0\"?><OME><Image><Pixels SizeZ=\"3\" SizeC=\"1\" SizeT=\"1\" DimensionOrder=\"XYZCT\" "
             "PhysicalSizeX=\"1.348\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"1.348\" PhysicalSizeZ=\"1.348\" "
             "PhysicalSizeZUnit=\"nm\"></Pixels></Image></OME>"});
    CHECK(info.voxelSize() == Approx(13.48));
}

TEST_CASE("ImageJ's files beyond 4 GB: one page, then bare planes") {
    const test::TemporaryFolder folder;
    for (const char* mode : {"w", "wb"}) {
        const auto path =
            write(folder / "raw.tif",
                  {.mode = mode, .rowsPerStrip = 5, .pages = 1, .description = "ImageJ=1.53t\nimages=3\nslices=3\n"});
        // The page's voxels must be the last thing in the file, as ImageJ lays it out: append them again behind, and
        // point there.
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(file)), {});
        const bool big = mode[1] == 'b';
        std::string plane = bytes.substr(8, 70);
        const auto end = static_cast<std::uint32_t>(bytes.size());
        const auto find = [&](std::uint16_t tag) {
            std::string key{static_cast<char>(tag & 255), static_cast<char>(tag >> 8)};
            if (big) std::swap(key[0], key[1]);
            for (std::size_t i = 80; i + 12 <= bytes.size(); i += 2)
                if (bytes.compare(i, 2, key) == 0) return i;
            return std::size_t(0);
        };
        const std::size_t entry = find(TIFFTAG_STRIPOFFSETS);
        REQUIRE(entry > 0);
        for (std::size_t i = 0; i < 4; ++i) bytes[entry + 8 + i] = static_cast<char>(end >> (big ? 24 - 8 * i : 8 * i));
        for (int p = 0; p < 3; ++p) {
            plane[big ? 1 : 0] = static_cast<char>(p);  // first voxel tells the plane
            bytes += plane;
        }
        std::ofstream(folder / "made.tif", std::ios::binary) << bytes;
        const auto volume = builtInReaders().open(folder / "made.tif");
        REQUIRE(volume->info().shape == Index3{7, 5, 3});
        CHECK(readWhole(*volume).at(0, 0, 2) == 2);
        CHECK(readWhole(*volume).at(6, 4, 2) == 46);
        std::filesystem::resize_file(folder / "made.tif", bytes.size() - 1);
        CHECK_THROWS_AS(builtInReaders().open(folder / "made.tif"), ReadError);
    }
}

TEST_CASE("a compressed TIFF is read by several threads at once") {
    const test::TemporaryFolder folder;
    const auto file = builtInReaders().open(write(folder / "a.tif", {.compression = COMPRESSION_LZW, .pages = 20}));
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int z = 0; z < 20; ++z)
                if (file->read({{2, 1, z}, {1, 1, 1}}).at(0, 0, 0) != static_cast<float>(12 + 100 * z)) ++wrong;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("pages that differ and files that are cut are refused") {
    const test::TemporaryFolder folder;
    write(folder / "a.tif", {});
    Made other{.mode = "a", .width = 9, .pages = 1};
    write(folder / "a.tif", other);
    CHECK_THROWS_AS(builtInReaders().open(folder / "a.tif"), ReadError);
    write(folder / "b.tif", {.compression = COMPRESSION_LZW, .pages = 1});
    std::filesystem::resize_file(folder / "b.tif", 100);
    CHECK_THROWS_AS(builtInReaders().open(folder / "b.tif"), ReadError);
}

TEST_CASE("every TIFF of the collection gives a volume or a clear refusal") {
    const auto data = test::sharedData();
    if (!data) return;
    const ReaderRegistry readers = builtInReaders();
    int volumes = 0, refused = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*data / "odd" / "tiff")) {
        if (!entry.is_regular_file()) continue;
        CAPTURE(entry.path().filename().string());
        try {
            const auto file = readers.open(entry.path());
            CHECK(readWhole(*file).shape() == file->info().shape);
            ++volumes;
        } catch (const ReadError& error) {
            CHECK(std::strlen(error.what()) > entry.path().string().size() + 10);
            ++refused;
        }
    }
    CHECK(volumes >= 12);
    CHECK(refused >= 80);
}

TEST_CASE("the microtubule crops have their size and voxel size") {
    const auto data = test::sharedData();
    if (!data) return;
    const auto file = builtInReaders().open(*data / "tomograms" / "13pf_MT.tif");
    CHECK(file->info().shape == Index3{94, 206, 36});
    CHECK(file->info().voxelSize() == Approx(10.52).epsilon(1e-6));
    CHECK(file->info().valueType == "uint8");
    CHECK(file->info().warnings.empty());
    CHECK(statisticsOf(readWhole(*file).voxels()).mean == Approx(106.062).epsilon(1e-4));
}
