#include "core/io/star.h"

#include <fstream>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

StarFile throughAFile(const StarFile& file) {
    const test::TemporaryFolder folder;
    writeStar(folder / "out.star", file);
    return readStar(folder / "out.star");
}

void requireSame(const StarFile& a, const StarFile& b) {
    REQUIRE(a.blocks.size() == b.blocks.size());
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
        CHECK(a.blocks[i].name == b.blocks[i].name);
        CHECK(a.blocks[i].loop == b.blocks[i].loop);
        CHECK(a.blocks[i].columns == b.blocks[i].columns);
        CHECK(a.blocks[i].rows == b.blocks[i].rows);
    }
}

std::string refusal(const std::string& text) {
    try {
        static_cast<void>(parseStar(text, "made.star"));
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a loop with and without numbers behind the names gives the same table") {
    const StarFile with = parseStar("data_particles\n\nloop_\n_rlnX #1\n_rlnName #2\n1.5 a\n-2 b\n", "a");
    const StarFile without = parseStar("data_particles\r\n\r\nloop_\r\n_rlnX\r\n_rlnName\r\n1.5 a\r\n-2 b\r\n", "b");
    requireSame(with, without);
    REQUIRE(with.block("particles"));
    CHECK(with.block("particles")->rows == std::vector<std::vector<std::string>>{{"1.5", "a"}, {"-2", "b"}});
    CHECK(with.block("particles")->column("rlnName") == 1u);
    CHECK_FALSE(with.block("particles")->column("rlnY"));
    CHECK(with.block("optics") == nullptr);
}

TEST_CASE("quotes, comments, empty values and not-available marks are kept as text") {
    const StarFile file = parseStar(
        "# made by hand\ndata_\nloop_ # here\n_a\n_b\n_c\n'two words' \"\" <NA>\n# between\nit's 5\" 'o'brien'\n", "q");
    REQUIRE(file.blocks.size() == 1);
    CHECK(file.blocks[0].rows ==
          std::vector<std::vector<std::string>>{{"two words", "", "<NA>"}, {"it's", "5\"", "o'brien"}});
    requireSame(file, throughAFile(file));
}

TEST_CASE("keys and values, empty blocks, empty loops and single-row loops") {
    const StarFile file = parseStar(
        "data_general\n_rlnFlag 1\n_rlnEmpty\n_rlnLast "
        "x\n\ndata_nothing\n\ndata_empty\nloop_\n_a\n_b\n\ndata_one\nloop_\n_a\n_b\n1 2",
        "k");
    REQUIRE(file.blocks.size() == 4);
    CHECK_FALSE(file.blocks[0].loop);
    CHECK(file.blocks[0].rows == std::vector<std::vector<std::string>>{{"1", "", "x"}});
    CHECK(file.blocks[1].columns.empty());
    CHECK(file.blocks[2].loop);
    CHECK(file.blocks[2].rows.empty());
    CHECK(file.blocks[3].rows.size() == 1);
    requireSame(file, throughAFile(file));
}

TEST_CASE("values that look like keywords stay values in the middle of a table") {
    const StarFile file = parseStar("data_\nloop_\n_path\n_n\ndata_1/tomo.mrc 1\n_odd 2\nx data_3\n", "v");
    REQUIRE(file.blocks.size() == 1);
    CHECK(file.blocks[0].rows[0][0] == "data_1/tomo.mrc");
    CHECK(file.blocks[0].rows[1][0] == "_odd");
    CHECK(file.blocks[0].rows[2][1] == "data_3");
    requireSame(file, throughAFile(file));
}

TEST_CASE("a block with pairs and a loop, and rows over several lines") {
    const StarFile file = parseStar("data_a\n_key value\nloop_\n_x\n_y\n1\n2 3\n4\n", "m");
    REQUIRE(file.blocks.size() == 2);
    CHECK(file.blocks[1].name == "a");
    CHECK(file.blocks[1].rows == std::vector<std::vector<std::string>>{{"1", "2"}, {"3", "4"}});
    requireSame(file, throughAFile(file));
}

TEST_CASE("text of several lines goes out as it came in") {
    const StarFile file = parseStar("data_a\n_key\n;first line\nsecond \"line\" 'here'\n;\n_next 1\n", "t");
    REQUIRE(file.blocks.size() == 1);
    CHECK(file.blocks[0].rows[0][0] == "first line\nsecond \"line\" 'here'");
    CHECK(file.blocks[0].rows[0][1] == "1");
    requireSame(file, throughAFile(file));
}

TEST_CASE("what is no STAR file is refused with the line") {
    CHECK(refusal("hello world\n").find("line 1") != std::string::npos);
    CHECK(refusal("data_\nloop_\n_a\n_b\n1 2\n3\n").find("line 6: the row has 1 values for 2 columns") !=
          std::string::npos);
    CHECK(refusal("data_\nloop_\n1 2\n").find("no column names") != std::string::npos);
    CHECK(refusal(std::string("data_\0\0", 7)).find("binary") != std::string::npos);
    CHECK(refusal("data_\n_a\n;never ends\n").find("never closed") != std::string::npos);
    CHECK(parseStar("", "e").blocks.empty());
    CHECK_THROWS_AS(readStar("/no/such/file.star"), ReadError);
}

TEST_CASE("a table whose rows do not fit is not written") {
    const test::TemporaryFolder folder;
    const StarFile wrong{{{"a", true, {"x", "y"}, {{"1"}}}}};
    CHECK_THROWS_AS(writeStar(folder / "wrong.star", wrong), Error);
    CHECK_FALSE(std::filesystem::exists(folder / "wrong.star"));
}

TEST_CASE("every STAR file of the collection is read and goes out as it came in") {
    const auto data = test::sharedData();
    if (!data) return;
    int read = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*data / "odd" / "star")) {
        CAPTURE(entry.path().filename().string());
        const StarFile file = readStar(entry.path());
        CHECK_FALSE(file.blocks.empty());
        requireSame(file, throughAFile(file));
        ++read;
    }
    CHECK(read > 25);
}

TEST_CASE("tables of the collection have the rows that their programs wrote") {
    const auto data = test::sharedData();
    if (!data) return;
    const auto rows = [&](const std::string& name, const std::string& block) {
        const StarFile file = readStar(*data / "odd" / "star" / name);
        REQUIRE(file.block(block));
        return file.block(block)->rows.size();
    };
    CHECK(rows("starfile__default_pipeline.star", "pipeline_processes") == 31);
    CHECK(rows("tomodrgn__warptools_test_4-tomos_10-ptcls_box-32_angpix-12.star", "particles") == 40);
    CHECK(rows("portal__stopgap_star.star", "stopgap_motivelist") == 6);
    CHECK(rows("starfile__empty_loop.star", "") == 0);
    CHECK(rows("cryodrgn__empiar_10076_7.star", "") == 7);
}
