#include "core/data/subtomogram_source.h"

#include <atomic>
#include <thread>

#include "core/io/stack.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Volume filled(float value) {
    return Volume({4, 4, 4}, std::vector<float>(64, value), 10);
}

class CountingSource : public SubtomogramSource {
  public:
    [[nodiscard]] std::int64_t count() const override { return 100; }
    [[nodiscard]] Index3 boxShape() const override { return {4, 4, 4}; }
    [[nodiscard]] double voxelSizeAngstrom() const override { return 10; }
    [[nodiscard]] Volume read(std::int64_t index) const override {
        ++reads;
        return filled(float(index));
    }
    mutable std::atomic<int> reads = 0;
};

}  // namespace

TEST_CASE("stack source, gives what the stack holds") {
    const test::TemporaryFolder folder;
    StackWriter writer(folder / "s.h5", {4, 4, 4}, 10);
    for (int i = 0; i < 3; ++i) writer.append(filled(float(i)));
    writer.commit();
    const auto source = openStackSource(folder / "s.h5");
    CHECK(source->count() == 3);
    CHECK(source->boxShape() == Index3{4, 4, 4});
    CHECK(source->voxelSizeAngstrom() == 10);
    CHECK(source->read(2).at(1, 2, 3) == 2);
}

TEST_CASE("cached source, keeps the last ones within its budget") {
    const auto counting = std::make_shared<CountingSource>();
    const auto cached = cachedSource(counting, 2 * 64 * sizeof(float));
    for (const int index : {1, 2, 1, 2}) CHECK(cached->read(index).at(0, 0, 0) == float(index));
    CHECK(counting->reads == 2);
    (void)cached->read(1);
    (void)cached->read(3);  // 2 goes, read longest ago
    (void)cached->read(1);
    CHECK(counting->reads == 3);
    (void)cached->read(2);
    CHECK(counting->reads == 4);
    CHECK(cached->count() == 100);
}

TEST_CASE("cached source, may be read by several threads") {
    const auto cached = cachedSource(std::make_shared<CountingSource>(), 10 * 64 * sizeof(float));
    std::atomic<int> wrong = 0;
    const auto work = [&] {
        for (int i = 0; i < 2000; ++i)
            if (cached->read(i % 17).at(0, 0, 0) != float(i % 17)) ++wrong;
    };
    std::thread other(work);
    work();
    other.join();
    CHECK(wrong == 0);
}
