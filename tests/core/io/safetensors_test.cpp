#include "core/io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

void writeRaw(const std::filesystem::path& path, std::uint64_t length, const std::string& rest) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << rest;
}

std::string refusal(const std::string& header, const std::string& data) {
    const test::TemporaryFolder folder;
    writeRaw(folder / "a.safetensors", header.size(), header + data);
    try {
        SafetensorsReader reader(folder / "a.safetensors");
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("tensors and metadata go through a safetensors file") {
    const test::TemporaryFolder folder;
    const std::vector<float> weights{1, 2, 3, 4, 5, 6};
    const std::vector<std::int64_t> steps{42};
    const std::vector<std::uint8_t> odd{7, 8, 9};
    const std::vector<SafetensorInput> inputs{{"odd", "U8", {3}, std::as_bytes(std::span(odd))},
                                              {"conv.weight", "F32", {2, 3}, std::as_bytes(std::span(weights))},
                                              {"step", "I64", {}, std::as_bytes(std::span(steps))},
                                              {"empty", "F32", {0, 4}, {}}};
    writeSafetensors(folder / "m.safetensors", inputs, {{"manifest", "{\"a\": \"Å\"}"}});
    const SafetensorsReader reader(folder / "m.safetensors");
    CHECK(reader.metadata().at("manifest") == "{\"a\": \"Å\"}");
    REQUIRE(reader.entries().size() == 4);
    for (const SafetensorEntry& entry : reader.entries()) {
        std::vector<std::byte> bytes(entry.bytes);
        reader.read(entry, bytes);
        const auto input =
            std::find_if(inputs.begin(), inputs.end(), [&](const auto& i) { return i.name == entry.name; });
        REQUIRE(input != inputs.end());
        CHECK(entry.shape == input->shape);
        CHECK(entry.type == input->type);
        CHECK(std::equal(bytes.begin(), bytes.end(), input->data.begin(), input->data.end()));
        if (entry.type == "F32") CHECK(entry.offset % 4 == 0);
        if (entry.type == "I64") CHECK(entry.offset % 8 == 0);
    }
}

TEST_CASE("a tensor whose bytes do not fit its shape, or named twice, is not written") {
    const test::TemporaryFolder folder;
    const std::vector<float> four{1, 2, 3, 4};
    const SafetensorInput wrong{"w", "F32", {5}, std::as_bytes(std::span(four))};
    const SafetensorInput right{"w", "F32", {4}, std::as_bytes(std::span(four))};
    CHECK_THROWS_AS(writeSafetensors(folder / "a", std::vector{wrong}, {}), Error);
    CHECK_THROWS_AS(writeSafetensors(folder / "a", (std::vector{right, right}), {}), Error);
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
}

TEST_CASE("a lying safetensors header is refused before anything is allocated") {
    const std::string eight(8, '\0');
    CHECK(refusal("[]", "").find("JSON object") != std::string::npos);
    CHECK(refusal("{\"w\":{}}", eight).find("lacks dtype") != std::string::npos);
    CHECK(refusal(R"({"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", eight).find("its shape needs 12") !=
          std::string::npos);
    CHECK(refusal(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", eight).find("lies at bytes 4 to 12") !=
          std::string::npos);
    CHECK(refusal(R"({"w":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})", eight).find("unknown type") !=
          std::string::npos);
    CHECK(refusal(R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", eight).find("impossible extent") !=
          std::string::npos);
    CHECK(refusal(R"({"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})", eight)
              .find("impossible") != std::string::npos);
    const test::TemporaryFolder folder;
    writeRaw(folder / "huge", ~std::uint64_t(0), "{}");
    CHECK_THROWS_AS(SafetensorsReader(folder / "huge"), ReadError);
    CHECK_THROWS_AS(SafetensorsReader(folder / "missing"), ReadError);
    std::ofstream(folder / "short") << "abc";
    CHECK_THROWS_AS(SafetensorsReader(folder / "short"), ReadError);
}
