#include "core/explain/sanity_check.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/base/seed.h"
#include "core/explain/heat_figures.h"
#include "core/volume/operations.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Fixture {
    Fixture() {
        ModelManifest manifest;
        manifest.boxSize = 16;
        manifest.classes = {"a", "b"};
        manifest.classColours.assign(2, "#123456");
        model = makeModel(manifest, 3, at::kCPU);
        Random random(4);
        std::vector<float> voxels(16 * 16 * 16);
        for (float& voxel : voxels) voxel = float(random.normal());
        volume = standardised(Volume({16, 16, 16}, voxels));
        learnt = explain(model, volume, request, at::kCPU);
    }
    SanityCheck check(std::uint64_t seed) const {
        return checkWithRandomWeights(model, volume, request, learnt, seed, at::kCPU, [](int, int) {});
    }
    ExplainRequest request{"respondcam", "last-block", 1};
    Model model;
    Volume volume;
    HeatMap learnt;
};

bool same(const Volume& a, const Volume& b) { return std::equal(a.voxels().begin(), a.voxels().end(), b.voxels().begin()); }

}  // namespace

TEST_CASE("sanity check, redraws all weights from the classifier down") {
    const Fixture net;
    const SanityCheck check = net.check(1);
    const std::vector<std::string> order{"classifier", "fc2", "fc1", "block4", "block3", "block2", "block1", "stem2", "stem1"};
    REQUIRE(check.cascade.size() == order.size());
    for (std::size_t i = 0; i < order.size(); ++i) CHECK(check.cascade[i].layer == order[i]);
    CHECK(check.rankCorrelations.size() == 5);
    CHECK(check.rankCorrelations[0] == check.cascade.back().rankCorrelation);
    CHECK_FALSE(same(check.randomMaps[0], check.randomMaps[1]));
    for (const double correlation : check.rankCorrelations) CHECK(std::abs(correlation) < 0.99);
    // The end of the cascade is a network with nothing left of this one.
    const Model fresh = makeModel(net.model.manifest, deriveSeed(1, "random weights", 0), at::kCPU);
    CHECK(same(check.randomMaps[0], explain(fresh, net.volume, net.request, at::kCPU).heat));
}

TEST_CASE("sanity check, gives the weights back and can be repeated") {
    const Fixture net;
    const SanityCheck first = net.check(1);
    CHECK(same(explain(net.model, net.volume, net.request, at::kCPU).heat, net.learnt.heat));
    CHECK(net.check(1).rankCorrelations == first.rankCorrelations);
    CHECK(net.check(2).rankCorrelations != first.rankCorrelations);
    const auto stop = [](int done, int) {
        if (done == 3) throw std::runtime_error("enough");
    };
    CHECK_THROWS(checkWithRandomWeights(net.model, net.volume, net.request, net.learnt, 1, at::kCPU, stop));
    CHECK(same(explain(net.model, net.volume, net.request, at::kCPU).heat, net.learnt.heat));
}
