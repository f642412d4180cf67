#include "core/io/stack.h"

#include <fstream>
#include <numeric>
#include <thread>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Volume numbered(Index3 shape, float first) {
    std::vector<float> voxels(static_cast<std::size_t>(shape.product()));
    std::iota(voxels.begin(), voxels.end(), first);
    return Volume(shape, std::move(voxels), 10);
}

void writeStack(const std::filesystem::path& path, Index3 shape, int count) {
    StackWriter writer(path, shape, 10);
    for (int i = 0; i < count; ++i) writer.append(numbered(shape, 1000.0f * static_cast<float>(i)));
    writer.commit();
}

}  // namespace

TEST_CASE("a stack gives back the volumes put into it") {
    const test::TemporaryFolder folder;
    const Index3 shape{4, 5, 6};
    writeStack(folder / "a.h5", shape, 7);
    const StackReader reader(folder / "a.h5");
    CHECK(reader.count() == 7);
    CHECK(reader.boxShape() == shape);
    CHECK(reader.voxelSizeAngstrom() == 10);
    CHECK(reader.read(3).at(1, 2, 3) == 3000 + 1 + 4 * (2 + 5 * 3));
    std::vector<float> two(static_cast<std::size_t>(2 * shape.product()));
    reader.readRange(5, 2, two);
    CHECK(two.front() == 5000);
    CHECK(two[static_cast<std::size_t>(shape.product())] == 6000);
    CHECK_THROWS_AS(reader.read(7), Error);
    CHECK_THROWS_AS(reader.read(-1), Error);
}

TEST_CASE("a stack that is not committed leaves nothing and spares the old one") {
    const test::TemporaryFolder folder;
    writeStack(folder / "a.h5", {2, 2, 2}, 1);
    {
        StackWriter writer(folder / "a.h5", {2, 2, 2}, 10);
        writer.append(numbered({2, 2, 2}, 0));
        CHECK_THROWS_AS(writer.append(numbered({3, 2, 2}, 0)), Error);
    }
    CHECK(StackReader(folder / "a.h5").count() == 1);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("an empty stack is a stack") {
    const test::TemporaryFolder folder;
    writeStack(folder / "none.h5", {8, 8, 8}, 0);
    CHECK(StackReader(folder / "none.h5").count() == 0);
}

TEST_CASE("a stack is read from several threads and from several readers at once") {
    const test::TemporaryFolder folder;
    writeStack(folder / "a.h5", {8, 8, 8}, 32);
    const StackReader shared(folder / "a.h5");
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const StackReader own(folder / "a.h5");
            for (int i = 0; i < 32; ++i)
                if (((t + i) % 2 ? own : shared).read(i).at(0, 0, 0) != 1000.0f * static_cast<float>(i)) ++wrong;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("what is no stack is refused") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_AS(StackReader(folder / "missing.h5"), ReadError);
    CHECK_THROWS_AS(StackReader(folder.path()), ReadError);
    std::ofstream(folder / "text.h5") << "not HDF5";
    CHECK_THROWS_AS(StackReader(folder / "text.h5"), ReadError);
    writeStack(folder / "cut.h5", {16, 16, 16}, 4);
    std::filesystem::resize_file(folder / "cut.h5", std::filesystem::file_size(folder / "cut.h5") / 2);
    CHECK_THROWS_AS(StackReader(folder / "cut.h5").read(3), ReadError);
    CHECK_THROWS_AS(StackWriter(folder / "no" / "folder.h5", {2, 2, 2}, 1), Error);
    CHECK_THROWS_AS(StackWriter(folder / "a.h5", {0, 2, 2}, 1), Error);
}
