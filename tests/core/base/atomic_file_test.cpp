#include "core/base/atomic_file.h"

#include <fstream>
#include <iterator>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {
auto filesIn(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
}
}  // namespace

TEST_CASE("text goes in and out whole, zero bytes too") {
    const test::TemporaryFolder folder;
    const std::string text("a\0b\nÅ", 6);
    writeAtomically(folder / "a.txt", text);
    CHECK(readTextFile(folder / "a.txt") == text);
    writeAtomically(folder / "a.txt", "");
    CHECK(readTextFile(folder / "a.txt").empty());
    CHECK(filesIn(folder.path()) == 1);
}

TEST_CASE("a failed write leaves the old content and no other file") {
    const test::TemporaryFolder folder;
    writeAtomically(folder / "a.txt", "old");
    const auto fails = [](const std::filesystem::path& temporary) {
        std::ofstream(temporary) << "half";
        throw Error("the power went");
    };
    try {
        writeAtomically(folder / "a.txt", fails);
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.sentences().back() == "the power went");
        CHECK(error.sentences().front().find("a.txt") != std::string::npos);
    }
    CHECK(readTextFile(folder / "a.txt") == "old");
    CHECK(filesIn(folder.path()) == 1);
}

TEST_CASE("a missing folder and a reader that sees too much are told") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_AS(writeAtomically(folder / "no" / "a.txt", "x"), Error);
    CHECK_THROWS_AS(readTextFile(folder / "missing.txt"), ReadError);
    CHECK_THROWS_AS(readTextFile(folder.path()), ReadError);
    writeAtomically(folder / "a.txt", "12345");
    CHECK_THROWS_AS(readTextFile(folder / "a.txt", 4), ReadError);
    CHECK(readTextFile(folder / "a.txt", 5) == "12345");
}
