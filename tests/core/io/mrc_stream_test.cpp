#include "core/io/mrc_stream.h"

#include <numeric>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::vector<float> ramp(Index3 shape) {
    std::vector<float> voxels(static_cast<std::size_t>(shape.product()));
    std::iota(voxels.begin(), voxels.end(), -17.0f);
    return voxels;
}

void putBox(MrcStream& stream, const Volume& volume, const Box& box) {
    std::vector<float> part;
    for (std::int64_t z = box.start.z; z < box.end().z; ++z)
        for (std::int64_t y = box.start.y; y < box.end().y; ++y)
            for (std::int64_t x = box.start.x; x < box.end().x; ++x) part.push_back(volume.at(x, y, z));
    stream.write(box, part);
}

bool isEmpty(const std::filesystem::path& folder) { return std::filesystem::directory_iterator(folder) == std::filesystem::directory_iterator(); }

}  // namespace

TEST_CASE("a streamed MRC file, boxes in any order, has the bytes of one written at once") {
    const test::TemporaryFolder folder;
    const Volume volume({7, 5, 4}, ramp({7, 5, 4}), 9.5, {1, 2, 3});
    writeMrc(folder / "whole.mrc", volume, "made up");
    MrcStream stream(folder / "stream.mrc", {7, 5, 4}, 9.5, {1, 2, 3});
    putBox(stream, volume, {{3, 0, 0}, {4, 5, 4}});
    putBox(stream, volume, {{0, 2, 1}, {3, 3, 3}});
    putBox(stream, volume, {{0, 0, 0}, {7, 5, 1}});
    putBox(stream, volume, {{0, 0, 1}, {3, 2, 3}});
    CHECK_FALSE(std::filesystem::exists(folder / "stream.mrc"));
    stream.commit("made up");
    CHECK(readTextFile(folder / "stream.mrc") == readTextFile(folder / "whole.mrc"));
    CHECK_THROWS_WITH(stream.write({{0, 0, 0}, {1, 1, 1}}, std::vector<float>(1)), test::contains("already in place"));
}

TEST_CASE("a streamed MRC file reads back what was put, and 0 elsewhere") {
    const test::TemporaryFolder folder;
    MrcStream stream(folder / "a.mrc", {6, 4, 3}, 1);
    stream.write({{2, 1, 1}, {2, 2, 1}}, std::vector<float>{1, 2, 3, 4});
    std::vector<float> section(24);
    stream.read({{0, 0, 1}, {6, 4, 1}}, section);
    CHECK(section == std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("a streamed MRC file that is not finished leaves nothing, and an older one in its place") {
    const test::TemporaryFolder folder;
    {
        MrcStream stream(folder / "a.mrc", {6, 4, 3}, 1);
        CHECK_FALSE(isEmpty(folder.path()));
    }
    CHECK(isEmpty(folder.path()));
    writeMrc(folder / "a.mrc", Volume({1, 1, 1}, {5.0f}));
    const std::string before = readTextFile(folder / "a.mrc");
    { MrcStream stream(folder / "a.mrc", {6, 4, 3}, 1); }
    CHECK(readTextFile(folder / "a.mrc") == before);
}

TEST_CASE("a streamed MRC file names what is wrong") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(MrcStream(folder / "no" / "a.mrc", {1, 1, 1}, 1), test::contains("Cannot create"));
    CHECK_THROWS_AS(MrcStream(folder / "a.mrc", {0, 1, 1}, 1), Error);
    CHECK_THROWS_WITH(MrcStream(folder / "a.mrc", {1, 1, 1}, -1), test::contains("voxel size"));
    CHECK_THROWS_WITH(MrcStream(folder / "a.mrc", {std::int64_t(1) << 40, 1, 1}, 1), test::contains("so large"));
    MrcStream stream(folder / "a.mrc", {4, 4, 4}, 1);
    CHECK_THROWS_WITH(stream.write({{2, 0, 0}, {3, 1, 1}}, std::vector<float>(3)), test::contains("does not lie within"));
    CHECK_THROWS_WITH(stream.write({{0, 0, 0}, {3, 1, 1}}, std::vector<float>(2)), test::contains("does not lie within"));
}
