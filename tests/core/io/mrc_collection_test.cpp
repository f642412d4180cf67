// What is expected of every MRC file of the shared collection; voxel values were read with NumPy.
#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/io/reader.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Voxel {
    std::int64_t x, y, z;
    double value;
};

struct Sound {
    std::string file;
    Index3 shape;
    std::string type;
    double voxelSize;  // Å; 0: unknown
    std::vector<Voxel> voxels;
    std::vector<std::string> problems = {};  // words of each line of validate
    std::int64_t count = 1;
};

struct Broken {
    std::string file;
    std::vector<std::string> words;
};

const std::vector<Voxel> kFloats{{0, 0, 0, 0.34558418},
                                 {1, 0, 0, 0.82161814},
                                 {3, 0, 0, -1.30315721},
                                 {0, 1, 0, 0.36457241},
                                 {7, 6, 5, -0.03058347}};
const std::vector<Voxel> kHalves{
    {0, 0, 0, 0.34570312}, {1, 0, 0, 0.82177734}, {0, 1, 0, 0.36450195}, {7, 6, 5, -0.03057861}};
const std::vector<Voxel> kBytes{{0, 0, 0, 6}, {3, 0, 0, -26}, {0, 1, 0, 7}, {1, 1, 0, 5}, {6, 6, 5, 12}, {7, 6, 5, 0}};
const std::vector<Voxel> kShorts{{0, 0, 0, 34}, {3, 0, 0, -130}, {0, 1, 0, 36}, {7, 6, 5, -3}};
const std::vector<Voxel> kUnsignedShorts{{0, 0, 0, 20345}, {3, 0, 0, 18696}, {1, 1, 0, 20294}, {7, 6, 5, 19969}};
const Index3 kShape{8, 7, 6};

const std::vector<Sound> kSound{
    {"mrc_synth/mode0_le.mrc", kShape, "int8", 10, kBytes},
    {"mrc_synth/mode0_be.mrc", kShape, "int8", 10, kBytes},
    {"mrc_synth/mode0_unsigned_imod.mrc",
     kShape,
     "uint8",
     10,
     {{0, 0, 0, 134}, {1, 0, 0, 144}, {0, 1, 0, 135}, {7, 6, 5, 127}}},
    {"mrc_synth/mode1_le.mrc", kShape, "int16", 10, kShorts},
    {"mrc_synth/mode1_be.mrc", kShape, "int16", 10, kShorts},
    {"mrc_synth/mode2_le.mrc", kShape, "float32", 10, kFloats},
    {"mrc_synth/mode2_be.mrc", kShape, "float32", 10, kFloats},
    {"mrc_synth/mode6_le.mrc", kShape, "uint16", 10, kUnsignedShorts},
    {"mrc_synth/mode6_be.mrc", kShape, "uint16", 10, kUnsignedShorts},
    {"mrc_synth/mode12_le.mrc", kShape, "float16", 10, kHalves},
    {"mrc_synth/mode12_be.mrc", kShape, "float16", 10, kHalves},
    {"mrc_synth/mode101_4bit.mrc", kShape, "uint4", 10, {{0, 0, 0, 0}, {7, 6, 5, 0}}},
    {"mrc_synth/constant.mrc", kShape, "float32", 10, {{0, 0, 0, 3}, {7, 6, 5, 3}}},
    {"mrc_synth/one_voxel.mrc", {1, 1, 1}, "float32", 10, {{0, 0, 0, 1}}},
    {"mrc_synth/ext_header_ccp4.mrc", kShape, "float32", 10, kFloats},
    {"mrc_synth/ext_header_seri.mrc", kShape, "float32", 10, kFloats},
    {"mrc_synth/ext_header_huge_nsymbt.mrc", kShape, "float32", 10, kFloats, {"NSYMBT at byte 92"}},
    {"mrc_synth/gz_named_mrc.mrc", kShape, "float32", 10, kFloats, {"packed with gzip"}},
    {"mrc_synth/lying_stats.mrc", kShape, "float32", 10, kFloats, {"header claims values from -1e+09"}},
    {"mrc_synth/mapc_000.mrc", kShape, "float32", 10, kFloats, {"MAPC, MAPR, MAPS at byte 64"}},
    {"mrc_synth/mapc_321.mrc",
     {6, 7, 8},
     "float32",
     10,
     {{0, 0, 1, 0.82161814}, {0, 1, 0, 0.36457241}, {5, 6, 7, -0.03058347}}},
    {"mrc_synth/nan_inf.mrc", kShape, "float32", 10, {{1, 0, 0, 0.82161814}}, {"3 voxels are not finite"}},
    {"mrc_synth/no_magic.mrc", kShape, "float32", 10, kFloats, {"no \"MAP\" at byte 208"}},
    {"mrc_synth/origin_nstart.mrc", kShape, "float32", 10, kFloats},
    {"mrc_synth/stack_ispg0.mrcs", kShape, "float32", 10, kFloats},
    {"mrc_synth/volume_stack_ispg401.mrc", {8, 7, 3}, "float32", 10, {{0, 0, 0, 0.34558418}}, {}, 2},
    {"mrc_synth/trailing_bytes.mrc", kShape, "float32", 10, kFloats, {"333 bytes follow the voxels"}},
    {"mrc_synth/voxel_aniso.mrc", kShape, "float32", 40.0 / 3, kFloats, {"not cubes"}},
    {"mrc_synth/voxel_zero.mrc", kShape, "float32", 0, kFloats, {"CELLA at byte 40"}},
    {"mrc_synth/wrong_stamp_be_data_le.mrc", kShape, "float32", 10, kFloats, {"machine stamp at byte 212"}},
    {"mrc/EMD-3197.map", {20, 20, 20}, "float32", 11.4, {{0, 0, 0, -1.80130911}, {19, 19, 19, 1.30785739}}},
    {"mrc/emd_3001.map.gz",
     {43, 25, 73},
     "float32",
     0.43316,
     {{0, 0, 0, 0.04283447}, {0, 0, 1, 0.02694716}, {42, 24, 72, 0.06724498}},
     {"not cubes", "not rectangular"}},
    {"mrc/tomo_int16.mrc", {5, 6, 4}, "int16", 2.5, {{0, 0, 0, 0}}, {"no \"MAP\""}},
    {"mrc/unmergeable_7.map", {7, 7, 7}, "int8", 1, {{0, 0, 0, 1}, {1, 0, 0, 0}, {6, 6, 6, 0}}},
    {"misc/rec3D.rec", {32, 64, 78}, "uint8", 23.2, {{0, 0, 0, 152}}, {"no \"MAP\"", "header claims values from 141"}},
};

const std::vector<Broken> kBroken{
    {"mrc_synth/bad_gzip.mrc.gz", {"packed data end too early"}},
    {"mrc_synth/bad_mode.mrc", {"MODE at byte 12 is 77"}},
    {"mrc_synth/empty.mrc", {"is empty"}},
    {"mrc_synth/huge_dims.mrc", {"NX, NY, NZ at byte 0", "100000 x 100000 x 100000", "the file has 2368"}},
    {"mrc_synth/mode16_rgb.mrc", {"MODE at byte 12 is 16", "red"}},
    {"mrc_synth/mode3_complex_i2.mrc", {"MODE at byte 12 is 3", "complex"}},
    {"mrc_synth/mode4_complex.mrc", {"MODE at byte 12 is 4", "complex"}},
    {"mrc_synth/negative_dims.mrc", {"NX at byte 0 is -8"}},
    {"mrc_synth/negative_nsymbt.mrc", {"NSYMBT at byte 92 is -80"}},
    {"mrc_synth/text.mrc", {"not an MRC file"}},
    {"mrc_synth/truncated_data.mrc", {"2368 bytes are needed", "2267"}},
    {"mrc_synth/truncated_header.mrc", {"500 bytes", "1024"}},
    {"mrc_synth/zero_nz.mrc", {"NZ at byte 8 is 0"}},
    {"mrc/RUN001.mrc", {"10 bytes", "1024"}},
};

std::vector<std::string> validated(const ReaderRegistry& readers, const std::filesystem::path& path) {
    try {
        return readers.readerFor(path).validate(path);
    } catch (const Error& error) {
        return {error.what()};
    }
}

}  // namespace

TEST_CASE("every sound MRC file of the collection gives the right volume") {
    const auto data = test::sharedData();
    if (!data) return;
    const ReaderRegistry readers = builtInReaders();
    for (const Sound& expected : kSound) {
        CAPTURE(expected.file);
        const auto file = readers.open(*data / "odd" / expected.file);
        CHECK(file->info().shape == expected.shape);
        CHECK(file->info().count == expected.count);
        CHECK(file->info().valueType == expected.type);
        CHECK(file->info().voxelSizeKnown == (expected.voxelSize > 0));
        if (expected.voxelSize > 0) CHECK(file->info().voxelSize() == Approx(expected.voxelSize).epsilon(1e-4));
        const Volume volume = readWhole(*file);
        for (const Voxel& voxel : expected.voxels)
            CHECK(volume.at(voxel.x, voxel.y, voxel.z) == Approx(voxel.value).epsilon(1e-6));
        const std::vector<std::string> problems = validated(readers, *data / "odd" / expected.file);
        CAPTURE(problems);
        REQUIRE(problems.size() == expected.problems.size());
        for (std::size_t i = 0; i < problems.size(); ++i)
            CHECK(problems[i].find(expected.problems[i]) != std::string::npos);
    }
}

TEST_CASE("every broken MRC file of the collection is refused in one line that says why") {
    const auto data = test::sharedData();
    if (!data) return;
    const ReaderRegistry readers = builtInReaders();
    for (const Broken& expected : kBroken) {
        CAPTURE(expected.file);
        CHECK_THROWS_AS(readers.open(*data / "odd" / expected.file), ReadError);
        const std::vector<std::string> problems = validated(readers, *data / "odd" / expected.file);
        REQUIRE(problems.size() == 1);
        CAPTURE(problems.front());
        for (const std::string& word : expected.words) CHECK(problems.front().find(word) != std::string::npos);
    }
}

TEST_CASE("the tables above name every MRC file of the collection") {
    const auto data = test::sharedData();
    if (!data) return;
    std::set<std::string> named;
    for (const Sound& one : kSound) named.insert(one.file);
    for (const Broken& one : kBroken) named.insert(one.file);
    for (const char* folder : {"mrc", "mrc_synth"})
        for (const auto& entry : std::filesystem::directory_iterator(*data / "odd" / folder))
            CHECK(named.count(std::string(folder) + "/" + entry.path().filename().string()) == 1);
}

TEST_CASE("origins and kinds of stacks of the collection") {
    const auto data = test::sharedData();
    if (!data) return;
    const ReaderRegistry readers = builtInReaders();
    const auto info = [&](const std::string& name) { return readers.open(*data / "odd" / name)->info(); };
    CHECK(info("mrc_synth/origin_nstart.mrc").originAngstrom == Vec3{-40, -35, -30});
    CHECK(info("mrc/EMD-3197.map").originAngstrom.x == Approx(-22.8));
    CHECK(info("mrc/emd_3001.map.gz").originAngstrom.x == Approx(-21 * 17.93 / 40));
    CHECK(info("mrc_synth/stack_ispg0.mrcs").imageStack);
    CHECK_FALSE(info("mrc_synth/volume_stack_ispg401.mrc").imageStack);
    CHECK_FALSE(info("misc/rec3D.rec").imageStack);
    const auto stack = readers.open(*data / "odd" / "mrc_synth" / "volume_stack_ispg401.mrc");
    CHECK(readWhole(*stack, 1).at(7, 6, 2) == Approx(-0.03058347));
    CHECK_THROWS_AS(readWhole(*stack, 2), Error);
}

TEST_CASE("the HIV tomogram has its size, type and voxel size in spite of swapped MX and MY") {
    const auto data = test::sharedData();
    if (!data) return;
    const auto file = builtInReaders().open(*data / "tomograms" / "emd_1155.ccp4");
    CHECK(file->info().shape == Index3{141, 91, 281});
    CHECK(file->info().valueType == "int8");
    CHECK(file->info().voxelSize() == Approx(16.4).epsilon(1e-9));
    REQUIRE(file->info().warnings.size() == 1);
    CHECK(file->info().warnings.front().find("swapped") != std::string::npos);
    const Statistics statistics = statisticsOf(readWhole(*file).voxels());
    CHECK(statistics.mean == Approx(5.038940388754881));
    CHECK(statistics.standardDeviation == Approx(12.399856).epsilon(1e-6));
}

TEST_CASE("files of other kinds are not taken for MRC") {
    const auto data = test::sharedData();
    if (!data) return;
    const ReaderRegistry readers = builtInReaders();
    for (const char* name : {"misc/test30.spi", "misc/am2D.am", "em/au_1.em", "em/human_ribo_21A.em", "misc/coord2D.npy"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(readers.open(*data / "odd" / name), UnsupportedFormat);
    }
}
