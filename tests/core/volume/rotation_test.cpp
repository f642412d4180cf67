#include "core/volume/rotation.h"

#include <cmath>

#include "core/base/seed.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

void requireMatrix(const Matrix3& matrix, const Matrix3& expected, double margin = 1e-9) {
    for (std::size_t i = 0; i < 9; ++i) {
        CAPTURE(i);
        CHECK(matrix[i] == Approx(expected[i]).margin(margin));
    }
}

double apart(const Rotation& a, const Rotation& b) {
    return 1 - std::abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z);
}

// Euler_angles2matrix of RELION (euler.cpp), evaluated in NumPy.
const Matrix3 kRelion{0.3026511088,  -0.8998325175, 0.3141715245, 0.6257894478, -0.0610163277,
                      -0.7776018099, 0.7188809869,  0.4319472748, 0.544639035};
const Matrix3 kSubThenParticle{-0.8158483316, -0.5297134175, 0.2319379122,  -0.0391767485, -0.349538755,
                               -0.9361024736, 0.5769373295,  -0.7728042146, 0.2644181608};

}  // namespace

TEST_CASE("RELION angles give RELION's matrix, from particle to tomogram") {
    requireMatrix(rotationFromRelion({31, 57, -112}).matrix(), kRelion);
}

TEST_CASE("RELION 5 subtomogram and particle angles combine as A_sub A_part") {
    requireMatrix((rotationFromRelion({12, 77, -45}) * rotationFromRelion({31, 57, -112})).matrix(), kSubThenParticle);
}

TEST_CASE("one angle at a time: an active turn the other way round, since the matrix is transposed") {
    const Vec3 turned = rotationFromRelion({90, 0, 0}) * Vec3{1, 0, 0};
    CHECK(turned.x == Approx(0).margin(1e-12));
    CHECK(turned.y == Approx(-1));
    const Vec3 tilted = rotationFromRelion({0, 90, 0}) * Vec3{0, 0, 1};
    CHECK(tilted.x == Approx(-1));
    CHECK(tilted.z == Approx(0).margin(1e-12));
}

TEST_CASE("angles come back as they were, within their ranges") {
    for (const EulerAngles& angles : {EulerAngles{31, 57, -112}, {-170, 1, 170}, {0.5, 179, -0.5}, {90, 90, 90}}) {
        const EulerAngles back = relionAngles(rotationFromRelion(angles));
        CHECK(back.rot == Approx(angles.rot));
        CHECK(back.tilt == Approx(angles.tilt));
        CHECK(back.psi == Approx(angles.psi));
    }
    const EulerAngles negative = relionAngles(rotationFromRelion({20, -30, 40}));
    CHECK(negative.tilt == Approx(30));
    CHECK(apart(rotationFromRelion(negative), rotationFromRelion({20, -30, 40})) < 1e-12);
}

TEST_CASE("at tilt 0 and 180, where only one angle is defined, psi is 0 and the rotation is kept") {
    for (const EulerAngles& angles : {EulerAngles{25, 0, 40}, {25, 180, 40}, {0, 0, 0}, {-100, 180, 100}}) {
        const EulerAngles back = relionAngles(rotationFromRelion(angles));
        CHECK(back.psi == 0);
        CHECK(apart(rotationFromRelion(back), rotationFromRelion(angles)) < 1e-12);
    }
}

TEST_CASE("quaternion, matrix and angles agree for random rotations") {
    Random random(3);
    for (int i = 0; i < 500; ++i) {
        const Rotation q = Rotation::uniform(random.uniform(), random.uniform(), random.uniform());
        CHECK(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z == Approx(1));
        CHECK(apart(q, Rotation::fromMatrix(q.matrix())) < 1e-12);
        CHECK(Rotation::fromMatrix(q.matrix()).w >= 0);
        CHECK(apart(q, rotationFromRelion(relionAngles(q))) < 1e-9);
        const Vec3 there = q * Vec3{1, 2, 3}, back = q.inverse() * there;
        CHECK(back.y == Approx(2));
    }
}

TEST_CASE("products act from the right, and half turns have a quaternion") {
    const Rotation a = rotationFromRelion({10, 20, 30}), b = rotationFromRelion({-40, 50, 60});
    const Vec3 v{1, -2, 0.5}, once = (a * b) * v, twice = a * (b * v);
    CHECK(once.x == Approx(twice.x));
    CHECK(once.z == Approx(twice.z));
    for (const Matrix3& half : {Matrix3{1, 0, 0, 0, -1, 0, 0, 0, -1}, Matrix3{-1, 0, 0, 0, 1, 0, 0, 0, -1},
                                Matrix3{-1, 0, 0, 0, -1, 0, 0, 0, 1}})
        requireMatrix(Rotation::fromMatrix(half).matrix(), half);
}

TEST_CASE("uniform rotations are uniform: no direction is preferred") {
    Random random(11);
    Vec3 sum;
    constexpr int kDraws = 20000;
    double trace = 0;
    for (int i = 0; i < kDraws; ++i) {
        const Rotation q = Rotation::uniform(random.uniform(), random.uniform(), random.uniform());
        sum = sum + q * Vec3{0, 0, 1};
        const Matrix3 m = q.matrix();
        trace += m[0] + m[4] + m[8];
    }
    CHECK(sum.x / kDraws == Approx(0).margin(0.02));
    CHECK(sum.y / kDraws == Approx(0).margin(0.02));
    CHECK(sum.z / kDraws == Approx(0).margin(0.02));
    CHECK(trace / kDraws == Approx(0).margin(0.03));  // the mean of a Haar-distributed matrix is zero
}
