#include <ATen/ATen.h>

#include <set>

#include "core/train/batches.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Volume numbered(std::int64_t index) {
    std::vector<float> voxels(16 * 16 * 16);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = float((i * std::size_t(index + 3)) % 17);
    return Volume({16, 16, 16}, voxels, 10);
}

}  // namespace

TEST_CASE("batches, held or read when asked for are the same, standardised, x fastest") {
    const VolumeBatches held(5, {16, 16, 16}, numbered, at::kCPU, 1 << 30);
    const VolumeBatches read(5, {16, 16, 16}, numbered, at::kCPU, 0);
    const std::vector<std::int64_t> indices{4, 0, 4};
    const at::Tensor batch = held.batch(indices);
    CHECK(at::equal(batch, read.batch(indices)));
    CHECK(batch.sizes() == at::IntArrayRef({3, 1, 16, 16, 16}));
    CHECK(batch[1].mean().item<double>() == Approx(0).margin(1e-5));
    CHECK(batch[1].std(false).item<double>() == Approx(1).margin(1e-4));
    const Volume volume = numbered(0);
    const bool order = volume.at(3, 2, 1) > volume.at(1, 2, 3);
    CHECK((batch[1][0][1][2][3].item<float>() > batch[1][0][3][2][1].item<float>()) == order);
}

TEST_CASE("epochs, shuffle everything once, differently each time, repeatably") {
    const auto first = epochOrder(50, 1, 0);
    CHECK(std::set<std::int64_t>(first.begin(), first.end()).size() == 50);
    CHECK(first == epochOrder(50, 1, 0));
    CHECK(first != epochOrder(50, 1, 1));
    CHECK(first != epochOrder(50, 2, 0));
}
