#include "core/project/embedding.h"

#include <fstream>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("embedding, comes back as it was written, the map beside it") {
    const test::TemporaryFolder folder;
    Embedding embedding{{7, 8, 9}, 2, {1, 2, 3, 4, 5, 6}, {0.75f, 0.25f}, {{"model", "0003"}}};
    writeEmbedding(folder.path(), embedding, std::vector<float>(3 * 4, 0.5f));
    const Embedding read = readEmbedding(folder.path());
    CHECK(read.particles == embedding.particles);
    CHECK(read.components == 2);
    CHECK(read.reduced == embedding.reduced);
    CHECK(read.variances == embedding.variances);
    CHECK(read.metadata == embedding.metadata);

    CHECK_FALSE(readMap(folder.path()));
    writeMap(folder.path(), {{0, 1, 2, 3, 4, 5}, {{"map", "umap"}}});
    REQUIRE(readMap(folder.path()));
    CHECK(readMap(folder.path())->positions == std::vector<float>{0, 1, 2, 3, 4, 5});
    CHECK(readMap(folder.path())->metadata.at("map") == "umap");
}

TEST_CASE("embedding, files that hold something else are refused") {
    const test::TemporaryFolder folder;
    writeMap(folder.path(), {{0, 1, 2, 3}, {}});
    std::filesystem::rename(folder / "map.safetensors", folder / "embedding.safetensors");
    CHECK_THROWS_AS(readEmbedding(folder.path()), ReadError);
    std::ofstream(folder / "map.safetensors") << "no tensors";
    CHECK_THROWS_AS(readMap(folder.path()), ReadError);
}
