#pragma once

// Catch2 2 (Debian 12) and 3 (elsewhere). Include this last: gemmi, LibTorch and glog define a CHECK of their own.
#ifdef CHECK
#undef CHECK
#endif
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
