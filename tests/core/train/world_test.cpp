#include <ATen/ATen.h>

#include <array>
#include <future>
#include <iostream>
#include <thread>

#include "core/base/error.h"
#include "core/train/world_c10d.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::freePort;

namespace {

Rank rankOf(int rank, int size, std::uint16_t port, int seconds) {
    Rank result;
    result.rank = rank;
    result.size = size;
    result.masterAddress = "127.0.0.1";
    result.masterPort = port;
    result.timeout = std::chrono::seconds(seconds);
    return result;
}

/// What `work(world)` returns on each rank, or the error's text.
template <typename Work>
std::vector<std::string> inWorldOf(int size, int seconds, const Work& work) {
    const std::uint16_t port = freePort();
    std::vector<std::future<std::string>> ranks;
    for (int rank = 0; rank < size; ++rank) {
        ranks.push_back(std::async(std::launch::async, [=, &work]() -> std::string {
            try {
                const auto world = joinWorld(rankOf(rank, size, port, seconds), "test", at::kCPU);
                return work(*world);
            } catch (const Error& error) {
                return error.what();
            }
        }));
    }
    std::vector<std::string> results;
    for (auto& rank : ranks) results.push_back(rank.get());
    return results;
}

bool skipped() {
    if (!canJoinWorlds()) std::cout << "skipped: built without Gloo\n";
    return !canJoinWorlds();
}

}  // namespace

TEST_CASE("world, three ranks gather, add and compare") {
    if (skipped()) return;
    std::array<at::Tensor, 3> rows, first, second;
    std::array<double, 3> largest{};
    const auto said = inWorldOf(3, 20, [&](World& world) {
        const auto rank = std::size_t(world.rank());
        const at::Tensor mine = (at::arange(4, at::kFloat).view({2, 2}) + 10.0 * double(rank)).requires_grad_(true);
        rows[rank] = world.gatherRows(mine.t());  // not contiguous
        first[rank] = at::full({2, 3}, double(rank) + 1, at::kFloat);
        second[rank] = at::arange(4, at::kFloat).view({2, 2}).t() * double(rank);
        const std::array sums{first[rank], second[rank]};
        world.sum(sums);
        largest[rank] = world.largest(rank == 1 ? 7.5 : -double(rank));
        return std::string("done");
    });
    CHECK(said == std::vector<std::string>(3, "done"));
    const at::Tensor expected = at::tensor({0, 2, 1, 3, 10, 12, 11, 13, 20, 22, 21, 23}, at::kFloat).view({6, 2});
    for (std::size_t rank = 0; rank < 3; ++rank) {
        CHECK(at::equal(rows[rank], expected));
        CHECK_FALSE(rows[rank].requires_grad());
        CHECK(at::equal(first[rank], at::full({2, 3}, 6, at::kFloat)));
        CHECK(at::equal(second[rank], at::tensor({0, 6, 3, 9}, at::kFloat).view({2, 2})));
        CHECK(largest[rank] == 7.5);
    }
}

TEST_CASE("world, who does not come, who leaves and who does not answer is told") {
    if (skipped()) return;
    CHECK_THROWS_WITH(joinWorld(rankOf(0, 2, freePort(), 1), "test", at::kCPU), contains("Only 1 of 2") && contains("number 2 is missing"));
    CHECK_THROWS_WITH(joinWorld(rankOf(1, 2, freePort(), 1), "test", at::kCPU), contains("did not answer at 127.0.0.1"));
    const auto left = inWorldOf(2, 20, [](World& world) {
        if (world.rank() == 0) (void)world.largest(0);
        return std::string("left");
    });
    CHECK_THAT(left[0], contains("number 1 lost another one"));
    std::promise<void> ended;
    const auto silent = inWorldOf(2, 1, [&, end = ended.get_future().share()](World& world) {
        if (world.rank() == 1) {
            end.wait();
            return std::string("silent");
        }
        try {
            (void)world.largest(0);
        } catch (const Error&) {
            ended.set_value();
            throw;
        }
        ended.set_value();
        return std::string("an answer");
    });
    CHECK_THAT(silent[0], contains("number 1 lost another one"));
}

TEST_CASE("world, waiting for others can be interrupted") {
    if (skipped()) return;
    int calls = 0;
    const auto interrupt = [&] {
        if (++calls == 3) throw Cancelled();
    };
    CHECK_THROWS_AS(joinWorld(rankOf(1, 2, freePort(), 60), "test", at::kCPU, interrupt), Cancelled);
    calls = 0;
    CHECK_THROWS_AS(joinWorld(rankOf(0, 2, freePort(), 60), "test", at::kCPU, interrupt), Cancelled);
}

TEST_CASE("world, a build without Gloo says so") {
    if (canJoinWorlds()) return;
    CHECK_THROWS_WITH(joinWorld(rankOf(0, 2, freePort(), 1), "test", at::kCPU), contains("built without Gloo"));
}
