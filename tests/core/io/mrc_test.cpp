#include <bzlib.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/io/mrc_writer.h"
#include "core/io/reader.h"
#include "tests/core/io/made_mrc.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::MadeMrc;

namespace {

std::string gzipped(const std::string& bytes) {
    std::string packed(compressBound(bytes.size()) + 64, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string bzipped(const std::string& bytes) {
    std::string packed(bytes.size() + bytes.size() / 50 + 600, '\0');
    auto length = static_cast<unsigned>(packed.size());
    BZ2_bzBuffToBuffCompress(packed.data(), &length, const_cast<char*>(bytes.data()),
                             static_cast<unsigned>(bytes.size()), 9, 0, 0);
    packed.resize(length);
    return packed;
}

void writeText(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

MadeMrc numbered(std::int32_t nx, std::int32_t ny, std::int32_t nz) {
    MadeMrc made(nx, ny, nz, 1);
    for (int i = 0; i < nx * ny * nz; ++i) made.add(static_cast<std::int16_t>(i));
    return made;
}

std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) {
    return builtInReaders().open(path);
}

std::string refusal(const std::filesystem::path& path) {
    try {
        static_cast<void>(open(path));
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("any box of an MRC file is the same part of the whole, for every order of axes") {
    const test::TemporaryFolder folder;
    std::array<std::int32_t, 3> axes{1, 2, 3};
    do {
        CAPTURE(axes[0], axes[1], axes[2]);
        MadeMrc made = numbered(5, 6, 7);
        for (std::size_t i = 0; i < 3; ++i) made.put(64 + 4 * i, axes[i]);
        const auto file = open(made.write(folder / "a.mrc"));
        const Volume whole = readWhole(*file);
        std::array<std::int64_t, 3> at{};
        at[static_cast<std::size_t>(axes[0] - 1)] = 2;
        at[static_cast<std::size_t>(axes[1] - 1)] = 3;
        at[static_cast<std::size_t>(axes[2] - 1)] = 4;
        CHECK(whole.at(at[0], at[1], at[2]) == 2 + 5 * (3 + 6 * 4));
        const Box box{{1, 2, 1}, {3, 2, 3}};
        const Volume part = file->read(box);
        for (std::int64_t z = 0; z < 3; ++z)
            for (std::int64_t y = 0; y < 2; ++y)
                for (std::int64_t x = 0; x < 3; ++x) REQUIRE(part.at(x, y, z) == whole.at(x + 1, y + 2, z + 1));
        CHECK(part.originAngstrom().y == Approx(2 * file->info().voxelSizeAngstrom.y));
    } while (std::next_permutation(axes.begin(), axes.end()));
}

TEST_CASE("long rows are read piece by piece with the same result") {
    const test::TemporaryFolder folder;
    const auto file = open(numbered(9001, 3, 2).write(folder / "wide.mrc"));
    const Volume part = file->read({{8000, 1, 0}, {2, 2, 2}});
    const auto expected = [](int x, int y, int z) {
        return static_cast<float>(static_cast<std::int16_t>(x + 9001 * (y + 3 * z)));
    };
    CHECK(part.at(1, 0, 0) == expected(8001, 1, 0));
    CHECK(part.at(0, 1, 1) == expected(8000, 2, 1));
}

TEST_CASE("a box outside the volume is refused") {
    const test::TemporaryFolder folder;
    const auto file = open(numbered(4, 4, 4).write(folder / "a.mrc"));
    CHECK_THROWS_AS(file->read({{0, 0, 1}, {4, 4, 4}}), Error);
    CHECK_THROWS_AS(file->read({{-1, 0, 0}, {2, 2, 2}}), Error);
    CHECK_THROWS_AS(file->read({{0, 0, 0}, {0, 1, 1}}), Error);
    CHECK_THROWS_AS(file->read({{0, 0, 0}, {1, 1, 1}}, 1), Error);
}

TEST_CASE("four-bit voxels: low half first, rows end on whole bytes") {
    const test::TemporaryFolder folder;
    MadeMrc made(3, 2, 1, 101);
    for (const int byte : {0x21, 0x03, 0x54, 0x06}) made.add(static_cast<std::uint8_t>(byte));
    const auto file = open(made.write(folder / "a.mrc"));
    const Volume volume = readWhole(*file);
    CHECK(std::equal(volume.voxels().begin(), volume.voxels().end(), std::array<float, 6>{1, 2, 3, 4, 5, 6}.begin()));
    CHECK(file->read({{1, 1, 0}, {2, 1, 1}}).at(0, 0, 0) == 5);
}

TEST_CASE("IMOD says whether bytes are signed, else the extrema do, else MRC2014") {
    const test::TemporaryFolder folder;
    const auto type = [&](const MadeMrc& made) { return open(made.write(folder / "b.mrc"))->info().valueType; };
    const auto bytes = [] { return MadeMrc(2, 1, 1, 0).add(std::uint8_t(200)).add(std::uint8_t(1)); };
    CHECK(type(bytes()) == "int8");
    CHECK(type(bytes().put(152, std::int32_t(1146047817))) == "uint8");
    CHECK(type(bytes().put(152, std::int32_t(1146047817)).put(156, std::int32_t(1))) == "int8");
    CHECK(type(bytes().put(76, 1.0f).put(80, 200.0f).put(84, 100.0f)) == "uint8");
    CHECK(type(bytes().erase(208, 8)) == "uint8");
    CHECK(type(bytes().erase(208, 8).put(76, -56.0f).put(80, 1.0f)) == "int8");
    CHECK(type(bytes().put(152, std::int32_t(1146047817)).put(156, std::int32_t(16))) == "uint4");
}

TEST_CASE("a header without machine stamp is read in the byte order that makes sense") {
    const test::TemporaryFolder folder;
    std::string big = numbered(4, 3, 2).bytes();
    for (std::size_t i = 0; i < 208; i += 4)
        std::reverse(big.begin() + static_cast<long>(i), big.begin() + static_cast<long>(i) + 4);
    for (std::size_t i = 1024; i < big.size(); i += 2) std::swap(big[i], big[i + 1]);
    std::fill(big.begin() + 212, big.begin() + 216, '\0');
    writeText(folder / "big.mrc", big);
    const auto file = open(folder / "big.mrc");
    CHECK(file->info().shape == Index3{4, 3, 2});
    CHECK(readWhole(*file).at(3, 2, 1) == 23);
    REQUIRE(file->info().warnings.size() == 1);
    CHECK(file->info().warnings.front().find("big endian") != std::string::npos);
}

TEST_CASE("MX of zero leaves the voxel size unknown; impossible stacks are one volume") {
    const test::TemporaryFolder folder;
    const auto zero = open(numbered(4, 4, 4).put(28, std::int32_t(0)).write(folder / "a.mrc"));
    CHECK_FALSE(zero->info().voxelSizeKnown);
    CHECK(zero->info().voxelSize() == 1);
    CHECK(zero->info().warnings.front().find("MX, MY, MZ at byte 28") != std::string::npos);
    const auto odd =
        open(numbered(4, 4, 4).put(88, std::int32_t(401)).put(36, std::int32_t(3)).write(folder / "b.mrc"));
    CHECK(odd->info().count == 1);
    CHECK(odd->info().shape.z == 4);
}

TEST_CASE("gzip and bzip2 by content, in one piece and in several") {
    const test::TemporaryFolder folder;
    const std::string bytes = numbered(20, 20, 20).bytes();
    writeText(folder / "a.mrc.gz", gzipped(bytes));
    writeText(folder / "b.mrc.gz", gzipped(bytes.substr(0, 5000)) + gzipped(bytes.substr(5000)));
    writeText(folder / "c.mrc.bz2", bzipped(bytes));
    writeText(folder / "d.mrc.bz2", bzipped(bytes.substr(0, 1500)) + bzipped(bytes.substr(1500)));
    for (const char* name : {"a.mrc.gz", "b.mrc.gz", "c.mrc.bz2", "d.mrc.bz2"}) {
        CAPTURE(name);
        const auto file = open(folder / name);
        CHECK(file->info().warnings.empty());
        CHECK(readWhole(*file).at(19, 19, 19) == 7999);
    }
}

TEST_CASE("packed files that are cut, damaged or hold more than they say are refused") {
    const test::TemporaryFolder folder;
    const std::string bytes = numbered(20, 20, 20).bytes();
    std::string packed = gzipped(bytes), bzip = bzipped(bytes);
    writeText(folder / "cut.mrc.gz", packed.substr(0, packed.size() / 2));
    writeText(folder / "cut.mrc.bz2", bzip.substr(0, bzip.size() / 2));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    writeText(folder / "bad.mrc.gz", packed);
    writeText(folder / "bomb.mrc.gz", gzipped(bytes + std::string(30 << 20, '\0')));
    writeText(folder / "claim.mrc.gz",
              gzipped(numbered(2, 2, 2).put(0, std::int32_t(100000)).put(4, std::int32_t(100000)).bytes()));
    for (const char* name : {"cut.mrc.gz", "cut.mrc.bz2", "bad.mrc.gz"}) CHECK_FALSE(refusal(folder / name).empty());
    CHECK(refusal(folder / "bomb.mrc.gz").find("more than its header says") != std::string::npos);
    CHECK(refusal(folder / "claim.mrc.gz").find("cannot be packed") != std::string::npos);
}

TEST_CASE("an MRC file that we write is read back exactly and carries no warning") {
    const test::TemporaryFolder folder;
    std::vector<float> voxels(3 * 4 * 5);
    std::iota(voxels.begin(), voxels.end(), -7.5f);
    const Volume volume({3, 4, 5}, voxels, 13.48, {-20, 30, 1.5});
    writeMrc(folder / "out.mrc", volume, "by a test");
    const auto file = open(folder / "out.mrc");
    CHECK(file->info().warnings.empty());
    CHECK(file->info().labels == std::vector<std::string>{"by a test"});
    CHECK(file->info().voxelSize() == Approx(13.48));
    CHECK(file->info().originAngstrom == Vec3{-20, 30, 1.5});
    REQUIRE(file->info().headerStatistics);
    CHECK(file->info().headerStatistics->mean == Approx(22));
    CHECK(std::ranges::equal(readWhole(*file).voxels(), voxels));
    CHECK(builtInReaders().readerFor(folder / "out.mrc").validate(folder / "out.mrc").empty());
    CHECK_THROWS_AS(writeMrc(folder / "no" / "such.mrc", volume), Error);
}

TEST_CASE("boxes are read by several threads at once, also through the cache") {
    const test::TemporaryFolder folder;
    const auto plain = open(numbered(100, 90, 30).write(folder / "a.mrc"));
    const auto cache = cached(plain, 3 << 20);
    const Volume whole = readWhole(*plain);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 60; ++i) {
                const Box box{{(i * 13 + t) % 60, (i * 7) % 50, i % 20}, {37, 33, 9}};
                const Volume part = (i + t) % 2 ? plain->read(box) : cache->read(box);
                for (const Index3 p : {Index3{0, 0, 0}, Index3{36, 32, 8}, Index3{5, 20, 3}})
                    if (part.at(p.x, p.y, p.z) != whole.at(box.start.x + p.x, box.start.y + p.y, box.start.z + p.z))
                        ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(std::ranges::equal(readWhole(*cache).voxels(), whole.voxels()));
    CHECK_THROWS_AS(cache->read({{90, 0, 0}, {20, 1, 1}}), Error);
}

TEST_CASE("statistics go by slabs, stop when asked, and whole volumes have a limit") {
    const test::TemporaryFolder folder;
    const auto file = open(numbered(30, 30, 30).write(folder / "a.mrc"));
    CHECK(statisticsOf(*file, StopToken()).mean == Approx(26999 / 2.0));
    StopSource source;
    source.request(StopWish::Cancel);
    CHECK_THROWS_AS(statisticsOf(*file, source.token()), Cancelled);
    CHECK_THROWS_AS(readWhole(*file, 0, 1000), Error);
}

TEST_CASE("folders, missing files and files of no known kind") {
    const test::TemporaryFolder folder;
    CHECK(refusal(folder.path()).find("folder") != std::string::npos);
    CHECK(refusal(folder / "missing.mrc").find("No such file") != std::string::npos);
    writeText(folder / "a.txt", "hello");
    CHECK_THROWS_AS(open(folder / "a.txt"), UnsupportedFormat);
    writeText(folder / "empty.bin", "");
    CHECK(refusal(folder / "empty.bin").find("empty") != std::string::npos);
}
