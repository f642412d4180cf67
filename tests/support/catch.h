#pragma once

// Catch2 2 (Debian 12) and 3 (elsewhere). Include this last: gemmi, LibTorch and glog define a CHECK of their own.
#ifdef CHECK
#undef CHECK
#endif
#include <string>
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

namespace tomoloupe::test {

/// For CHECK_THAT and CHECK_THROWS_WITH: the text has `part` in it.
inline auto contains(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
    return Catch::Matchers::ContainsSubstring(part);
#else
    return Catch::Matchers::Contains(part);
#endif
}

}  // namespace tomoloupe::test
