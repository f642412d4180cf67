#include "ui/models/tomogram_model.h"

#include <QSignalSpy>
#include <QTest>
#include <fstream>

#include "core/base/error.h"
#include "tests/core/io/made_mrc.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/models/column_cache.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// A volume in memory that counts the voxels read of it.
class CountedFile : public VolumeFile {
  public:
    explicit CountedFile(Volume volume) : volume_(std::move(volume)) {
        info_.shape = volume_.shape();
        info_.voxelSizeAngstrom = {10, 10, 10};
    }
    const VolumeInfo& info() const override { return info_; }
    Volume read(const Box& box, std::int64_t) const override {
        voxels += box.size.product();
        return crop(volume_, box);
    }
    mutable std::int64_t voxels = 0;

  private:
    static Volume crop(const Volume& volume, const Box& box) {
        std::vector<float> part;
        for (std::int64_t z = box.start.z; z < box.end().z; ++z)
            for (std::int64_t y = box.start.y; y < box.end().y; ++y)
                for (std::int64_t x = box.start.x; x < box.end().x; ++x) part.push_back(volume.at(x, y, z));
        return Volume(box.size, std::move(part), volume.voxelSizeAngstrom());
    }
    Volume volume_;
    VolumeInfo info_;
};

constexpr std::chrono::milliseconds kForEver{100000};
const auto kNever = [] { return false; };

}  // namespace

TEST_CASE("slab, has as many slices below as above and none beyond the volume") {
    const Index3 shape{40, 30, 20};
    const auto is = [](const SlabRange& range, std::int64_t first, std::int64_t count) {
        return range.first == first && range.count == count;
    };
    CHECK(is(slabRange(Plane::XY, shape, 10, 1), 10, 1));
    CHECK(is(slabRange(Plane::XY, shape, 10, 5), 8, 5));
    CHECK(is(slabRange(Plane::XY, shape, 10, 4), 9, 4));
    CHECK(is(slabRange(Plane::XY, shape, 0, 5), 0, 3));
    CHECK(is(slabRange(Plane::XY, shape, 19, 64), 0, 20));
    CHECK(is(slabRange(Plane::YZ, shape, 39, 3), 38, 2));
    CHECK(is(slabRange(Plane::XZ, shape, 700, 1), 29, 1));
}

TEST_CASE("slab, is the mean over its slices in every plane, from memory and from a file") {
    const Volume volume = test::ramp({40, 30, 20});
    const CountedFile file(volume);
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        const Volume one = slabOf(volume, plane, 7, 1), five = slabOf(volume, plane, 7, 5);
        const Volume slice = sliceOf(volume, plane, 7);
        CHECK(one.shape() == slice.shape());
        CHECK(std::equal(one.voxels().begin(), one.voxels().end(), slice.voxels().begin()));
        // The middle of a ramp is its mean.
        CHECK(five.at(3, 4, 0) == Approx(slice.at(3, 4, 0)));
        const Volume read = readSlab(file, plane, slabRange(plane, volume.shape(), 7, 4), kNever);
        const double half = plane == Plane::XY ? 5000 : plane == Plane::XZ ? 50 : 0.5;
        CHECK(read.at(3, 4, 0) == Approx(slice.at(3, 4, 0) + half));
    }
    CHECK_THROWS_AS(readSlab(file, Plane::XY, {0, 5}, [] { return true; }), Cancelled);
}

TEST_CASE("columns, give the slices that the file gives, and read no voxel twice") {
    const Volume volume = test::ramp({50, 12, 33});
    const auto file = std::make_shared<CountedFile>(volume);
    ColumnCache columns(file, 4 * 8 * 4 * 12 * 33);  // four blocks of eight columns
    for (const auto& [index, thickness] : {std::pair{20, 1}, {21, 1}, {22, 5}, {0, 1}, {49, 4}, {23, 1}, {24, 1}}) {
        const SlabRange range = slabRange(Plane::YZ, volume.shape(), index, thickness);
        CHECK(columns.readOn(range, kForEver) == 1);
        const Volume expected = slabOf(volume, Plane::YZ, index, thickness), got = columns.mean(range);
        REQUIRE(got.shape() == expected.shape());
        for (std::size_t i = 0; i < got.voxels().size(); ++i) REQUIRE(got.voxels()[i] == Approx(expected.voxels()[i]));
    }
    // Columns 0-7, 16-23, 24-31 and 48-49: each of their voxels once.
    CHECK(file->voxels == (8 + 8 + 8 + 2) * 12 * 33);
    const SlabRange next = columns.neighbours({23, 1});
    CHECK(next.first == 24);
    CHECK(next.count == 8);
    CHECK(columns.neighbours({0, 1}).count == 0);
}

TEST_CASE("columns, are read in steps and show a coarse picture that gets finer") {
    const Volume volume = test::ramp({16, 4, 64});
    ColumnCache columns(std::make_shared<CountedFile>(volume), 1 << 20);
    const SlabRange range{3, 1};
    CHECK(columns.mean(range).empty());
    double share = 0;
    int steps = 0;
    while (share < 1) {
        share = columns.readOn(range, std::chrono::milliseconds(0));
        CHECK(share == Approx(++steps / 64.0));
        if (steps != 4) continue;
        const Volume coarse = columns.mean(range);  // sections 0, 16, 32, 48; the ramp is straight between them
        REQUIRE_FALSE(coarse.empty());
        CHECK(coarse.at(10, 2, 0) == Approx(volume.at(3, 2, 10)));
        CHECK(coarse.at(60, 2, 0) == Approx(volume.at(3, 2, 48)));
    }
    CHECK(columns.mean(range).at(60, 2, 0) == Approx(volume.at(3, 2, 60)));
}

TEST_CASE("tomogram model, shows slabs through a filter, and greys that follow") {
    test::TemporaryFolder folder;
    test::makeProject(folder / "made.tomoloupe");
    IoQueue io(makeThreadRunner());
    TomogramModel tomogram(std::make_shared<const ReaderRegistry>(builtInReaders()), io);
    QSignalSpy ready(&tomogram, &TomogramModel::opened), greys(&tomogram, &TomogramModel::greysChanged);
    Volume slice;
    QObject::connect(&tomogram, &TomogramModel::sliceArrived, &tomogram,
                     [&](Plane, std::int64_t, const Volume& v) { slice = v; });
    tomogram.open(folder / "made.mrc");
    REQUIRE(QTest::qWaitFor([&] { return ready.count() > 0; }));
    std::int64_t counted = 0;
    for (const std::int64_t bin : tomogram.greys().histogram) counted += bin;
    CHECK(counted >= 3 * 40 * 30 * 99 / 100);
    tomogram.setStyle({.slab = 4, .filter = {}});
    tomogram.requestSlice(Plane::XY, 9);
    REQUIRE(QTest::qWaitFor([&] { return !slice.empty() && greys.count() == 1; }));
    CHECK(slice.at(3, 2, 0) == Approx(3 + 200 + 95000));
    slice = {};
    tomogram.setStyle({.slab = 1, .filter = {.kind = DisplayFilter::Kind::DifferenceOfGaussians}});
    tomogram.requestSlice(Plane::XY, 9);
    REQUIRE(QTest::qWaitFor([&] { return !slice.empty() && greys.count() == 2; }));
    CHECK(slice.at(20, 15, 0) == Approx(0).margin(1));  // nothing but a slope
    CHECK(tomogram.contrast().high < 1000);
}

TEST_CASE("tomogram model, of many wishes the newest is shown") {
    test::TemporaryFolder folder;
    const auto path = test::MadeMrc(512, 512, 260, 2).write(folder / "large.mrc");
    std::filesystem::resize_file(path, 1024 + 4ull * 512 * 512 * 260);  // too large to be read whole; takes no room
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        const float mark = 64;
        file.seekp(1024 + 4ll * (300 + 512 * (20 + 512 * 100)));
        file.write(reinterpret_cast<const char*>(&mark), 4);
    }
    IoQueue io(makeThreadRunner());
    TomogramModel tomogram(std::make_shared<const ReaderRegistry>(builtInReaders()), io);
    QSignalSpy ready(&tomogram, &TomogramModel::opened);
    std::vector<std::pair<std::int64_t, Volume>> arrived;
    QObject::connect(&tomogram, &TomogramModel::sliceArrived, &tomogram,
                     [&](Plane, std::int64_t index, const Volume& v) { arrived.emplace_back(index, v); });
    tomogram.open(path);
    REQUIRE(QTest::qWaitFor([&] { return ready.count() > 0; }));
    tomogram.setStyle({.slab = 16, .filter = {}});
    for (std::int64_t x = 200; x <= 300; ++x) tomogram.requestSlice(Plane::YZ, x);
    REQUIRE(QTest::qWaitFor([&] { return io.idle(); }, 30000));
    REQUIRE_FALSE(arrived.empty());
    CHECK(arrived.size() < 10);
    CHECK(arrived.back().first == 300);
    CHECK(arrived.back().second.at(100, 20, 0) == 4);
}
