#include "core/analysis/umap.h"
#include "tests/support/catch.h"
using namespace tomoloupe;
TEST_CASE("layout curve") { const auto c = layoutCurve(0.1, 1); CHECK(c.a == Approx(1.577).epsilon(1e-3)); CHECK(c.b == Approx(0.895).epsilon(1e-3)); }
