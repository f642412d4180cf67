#include "core/base/error.h"

#include <stdexcept>

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("an error is a stack of sentences, outermost first") {
    const Error inner("the disk is full");
    const Error middle("cannot write run.json", inner);
    const ReadError outer("the run cannot start", middle);
    CHECK(outer.sentences() ==
          std::vector<std::string>{"the run cannot start", "cannot write run.json", "the disk is full"});
    CHECK(std::string(outer.what()) == "the run cannot start: cannot write run.json: the disk is full");
}

TEST_CASE("a foreign exception becomes one sentence") {
    const Error error("reading failed", std::runtime_error("bad bits"));
    CHECK(error.sentences() == std::vector<std::string>{"reading failed", "bad bits"});
}

TEST_CASE("a copy keeps its own text") {
    Error copy("x");
    {
        const Error original("what happened");
        copy = original;
    }
    CHECK(std::string(copy.what()) == "what happened");
}
