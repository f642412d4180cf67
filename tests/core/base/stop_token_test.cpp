#include "core/base/stop_token.h"

#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("wishes only grow and reach every copy of the token") {
    StopSource source;
    const StopToken token = source.token();
    const StopToken copy = token;
    CHECK(token.wish() == StopWish::None);
    CHECK_FALSE(token.finishRequested());
    source.request(StopWish::Finish);
    CHECK(copy.finishRequested());
    CHECK_FALSE(copy.cancelRequested());
    CHECK_NOTHROW(copy.throwIfCancelled());
    source.request(StopWish::Cancel);
    source.request(StopWish::Finish);
    CHECK(copy.cancelRequested());
    CHECK(copy.finishRequested());
    CHECK_THROWS_AS(token.throwIfCancelled(), Cancelled);
}

TEST_CASE("two sources do not hear each other; a token of nobody never stops") {
    StopSource a, b;
    a.request(StopWish::Cancel);
    CHECK(b.token().wish() == StopWish::None);
    CHECK(StopToken().wish() == StopWish::None);
}

TEST_CASE("a cancel is not lost among many finishes at once") {
    StopSource source;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; n < 1000; ++n) source.request(i == 2 && n == 500 ? StopWish::Cancel : StopWish::Finish);
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(source.token().cancelRequested());
}
