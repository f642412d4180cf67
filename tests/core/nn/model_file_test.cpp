#include <ATen/ATen.h>

#include <filesystem>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/nn/model_file.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Model smallModel(std::vector<std::string> classes) {
    ModelManifest manifest;
    manifest.boxSize = 16;
    manifest.voxelSizeAngstrom = 10.5;
    manifest.encoder.dropout = 0.25;
    manifest.classes = classes;
    manifest.classColours.assign(classes.size(), "#4477AA");
    manifest.run = "0003-finetune-x";
    return makeModel(manifest, 11, at::kCPU);
}

}  // namespace

TEST_CASE("model file, comes back as it went") {
    const test::TemporaryFolder folder;
    const Model model = smallModel({"ribosome", "other thing"});
    saveModel(folder / "model.safetensors", model);
    const Model back = loadModel(folder / "model.safetensors", at::kCPU);
    CHECK(back.manifest.classes == model.manifest.classes);
    CHECK(back.manifest.boxSize == 16);
    CHECK(back.manifest.voxelSizeAngstrom == 10.5);
    CHECK(back.manifest.encoder.dropout == 0.25);
    CHECK(back.manifest.run == "0003-finetune-x");
    model.train(false);
    back.train(false);
    const at::Tensor x = at::empty({2, 1, 16, 16, 16}).normal_(0, 1, makeGenerator(at::kCPU, 2));
    CHECK(at::equal(model.classify(x), back.classify(x)));
}

TEST_CASE("model file, a pre-trained encoder has no classes") {
    const test::TemporaryFolder folder;
    saveModel(folder / "m.safetensors", smallModel({}));
    const Model back = loadModel(folder / "m.safetensors", at::kCPU);
    CHECK_THROWS_WITH(back.classify(at::zeros({1, 1, 16, 16, 16})), test::contains("fine-tune"));
}

TEST_CASE("model file, broken ones are refused with a reason") {
    const test::TemporaryFolder folder;
    saveTensors(folder / "plain.safetensors", {{"a", at::zeros({2})}}, {});
    CHECK_THROWS_WITH(loadModel(folder / "plain.safetensors", at::kCPU), test::contains("no manifest"));
    writeAtomically(folder / "text.safetensors", "hello");
    CHECK_THROWS_AS(loadModel(folder / "text.safetensors", at::kCPU), ReadError);
    saveModel(folder / "cut.safetensors", smallModel({}));
    std::filesystem::resize_file(folder / "cut.safetensors", 100'000);
    CHECK_THROWS_AS(loadModel(folder / "cut.safetensors", at::kCPU), ReadError);
    CHECK_THROWS_WITH(loadTensors(folder / "plain.safetensors", {{"b", at::zeros({2})}}), test::contains("no tensor \"b\""));
    CHECK_THROWS_WITH(loadTensors(folder / "plain.safetensors", {{"a", at::zeros({3})}}), test::contains("needs F32 3"));
}
