#include <QApplication>
#include <QTest>
#include <cmath>

#include "core/data/class_average.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/render/scene_look.h"
#include "ui/render/surface_mesh.h"
#include "ui/render/surface_scene.h"
#include "ui/views/surface_view.h"
#include "ui/views/vtk_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Blob {
    Vec3 at;  ///< from voxel n/2
    double radius;
};

/// Soft balls about the middle (voxel n/2), 1 inside and 0 outside: no two axes and no mirror image are alike.
Volume blobs(std::int64_t side, double scale) {
    const std::vector<Blob> all{{{0, 0, 0}, 3}, {{8, 0, 0}, 3}, {{0, 5, 0}, 2.5}, {{0, 0, 9}, 2}, {{3, -6, -4}, 2}};
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < side; ++z) {
        for (std::int64_t y = 0; y < side; ++y) {
            for (std::int64_t x = 0; x < side; ++x) {
                double value = 0;
                for (const Blob& blob : all) {
                    const double distance =
                        std::hypot(double(x - side / 2) - scale * blob.at.x, double(y - side / 2) - scale * blob.at.y,
                                   double(z - side / 2) - scale * blob.at.z);
                    value = std::max(value, 1 / (1 + std::exp((distance - scale * blob.radius) * 1.5)));
                }
                voxels.push_back(static_cast<float>(value));
            }
        }
    }
    return Volume({side, side, side}, std::move(voxels), 10);
}

Vec3 pointOf(const SurfaceMesh& mesh, std::size_t i) {
    return {double(mesh.points[i][0]), double(mesh.points[i][1]), double(mesh.points[i][2])};
}

/// Mean of the surface's vertices within `reach` of a place.
Vec3 middleNear(const SurfaceMesh& mesh, Vec3 place, double reach) {
    Vec3 sum;
    int count = 0;
    for (std::size_t i = 0; i < mesh.points.size(); ++i) {
        const Vec3 apart = pointOf(mesh, i) - place;
        if (std::hypot(apart.x, apart.y, apart.z) > reach) continue;
        sum = sum + pointOf(mesh, i);
        ++count;
    }
    REQUIRE(count > 10);
    return 1.0 / count * sum;
}

const Rotation kPose = rotationFromRelion({35, 65, -20});

}  // namespace

TEST_CASE("map surface, stands about voxel n/2, without a shift, also when binned and of an odd side") {
    // The ball on the z axis, 9 from the middle; a tenth of a voxel is far below the half that would show an error.
    for (const auto& [side, scale] : {std::pair<std::int64_t, double>{40, 1}, {41, 1}, {120, 3}, {121, 3}}) {
        const SurfaceMesh mesh = surfaceMesh(blobs(side, scale), 0.5, 1'000'000);
        const Vec3 middle = middleNear(mesh, {0, 0, 9 * scale}, 3 * scale);
        CHECK(middle.x == Approx(0).margin(0.1 * scale));
        CHECK(middle.y == Approx(0).margin(0.1 * scale));
        CHECK(middle.z == Approx(9 * scale).margin(0.1 * scale));
    }
}

TEST_CASE("map surface, is simplified to about the triangles allowed and keeps its place") {
    const Volume map = blobs(40, 1);
    const SurfaceMesh fine = surfaceMesh(map, 0.5, 1'000'000), coarse = surfaceMesh(map, 0.5, 300);
    CHECK(fine.triangles.size() > 1000);
    CHECK(fine.trianglesBefore == static_cast<std::int64_t>(fine.triangles.size()));
    CHECK(coarse.triangles.size() <= 310);
    CHECK(coarse.triangles.size() > 150);
    CHECK(coarse.trianglesBefore == fine.trianglesBefore);
    const Vec3 middle = middleNear(coarse, {8, 0, 0}, 4.2);
    CHECK(middle.x == Approx(8).margin(0.6));
    CHECK(surfaceMesh(map, 7, 300).empty());
}

TEST_CASE("map surface, put into a pose lies where the map resampled into it has its surface") {
    const Volume map = blobs(40, 1);
    const SurfaceMesh mesh = surfaceMesh(map, 0.5, 1'000'000);
    // Of the particle in the tomogram: what lies at place p of it lies at R p there.
    const Volume turned = inParticleFrame(map, kPose.inverse());
    double most = 0;
    for (std::size_t i = 0; i < mesh.points.size(); ++i) {
        const Vec3 at = kPose * pointOf(mesh, i) + Vec3{20, 20, 20};
        const auto x = static_cast<std::int64_t>(at.x), y = static_cast<std::int64_t>(at.y),
                   z = static_cast<std::int64_t>(at.z);
        double value = 0;
        for (int corner = 0; corner < 8; ++corner) {
            const int dx = corner & 1, dy = corner >> 1 & 1, dz = corner >> 2;
            value += (dx ? at.x - double(x) : 1 - at.x + double(x)) * (dy ? at.y - double(y) : 1 - at.y + double(y)) *
                     (dz ? at.z - double(z) : 1 - at.z + double(z)) * double(turned.at(x + dx, y + dy, z + dz));
        }
        most = std::max(most, std::abs(value - 0.5));
    }
    CHECK(most < 0.2);  // the slope is 0.37 a voxel: half a voxel astray would be seen at once
    // Fixed numbers: a quarter turn about z takes x to y.
    const Rotation quarter{std::sqrt(0.5), 0, 0, std::sqrt(0.5)};
    const Vec3 knob = quarter * middleNear(mesh, {8, 0, 0}, 3.5);
    CHECK(knob.y == Approx(8).margin(0.3));
    CHECK(knob.x == Approx(0).margin(0.3));
}

TEST_CASE(
    "particle scene, a map at a pose is drawn as the surface of the same map resampled, not mirrored or shifted") {
    if (!VtkView::available()) return;
    const Volume map = blobs(40, 1);
    const auto drawn = [](SurfaceScene& scene) {
        scene.setBackground({0, 0, 0});
        scene.lookAt({0, 0, 0}, {40, 40, 40});
        scene.setParallel(true);
        VtkView view(scene.renderer());
        const QImage picture = view.picture({300, 300});
        std::vector<bool> lit;
        for (int y = 0; y < 300; ++y)
            for (int x = 0; x < 300; ++x) lit.push_back(qGray(picture.pixel(x, y)) > 20);
        return lit;
    };
    SurfaceScene resampled, placed, mirrored;
    resampled.setVolume(inParticleFrame(map, kPose.inverse()));
    resampled.setLevel(0.5);
    placed.particles().setMaps({{surfaceMesh(map, 0.5, 1'000'000), 1}});
    placed.particles().setMarks({{.position = {20, 20, 20}, .tomogramFromParticle = kPose, .radius = 8, .map = 0}});
    CHECK(placed.particles().triangles() > 1000);
    mirrored.particles().setMaps({{surfaceMesh(map, 0.5, 1'000'000), 1}});
    mirrored.particles().setMarks(
        {{.position = {20, 20, 20}, .tomogramFromParticle = kPose.inverse(), .radius = 8, .map = 0}});
    const auto overlap = [](const std::vector<bool>& a, const std::vector<bool>& b) {
        double both = 0, either = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            both += a[i] && b[i];
            either += a[i] || b[i];
        }
        return both / either;
    };
    const std::vector<bool> truth = drawn(resampled);
    CHECK(std::count(truth.begin(), truth.end(), true) > 2000);
    const std::vector<bool> there = drawn(placed);
    CHECK(overlap(truth, there) > 0.93);  // resampling makes small balls a little smaller
    CHECK(overlap(truth, drawn(mirrored)) < 0.8);
    const auto middle = [](const std::vector<bool>& lit) {
        double x = 0, y = 0, count = 0;
        for (std::size_t i = 0; i < lit.size(); ++i) {
            if (!lit[i]) continue;
            x += double(i % 300);
            y += double(i / 300);
            ++count;
        }
        return QPointF(x / count, y / count);
    };
    const QPointF apart = middle(there) - middle(truth);  // a voxel is 4 to 8 pixels: half of one would be seen
    CHECK(std::hypot(apart.x(), apart.y()) < 1);
}

TEST_CASE("particle scene, a map's voxels may be larger than the tomogram's") {
    if (!VtkView::available()) return;
    SurfaceScene large, small;
    const Volume map = blobs(40, 1), fine = blobs(80, 2);
    const auto lit = [](SurfaceScene& scene) {
        scene.setBackground({0, 0, 0});
        scene.lookAt({0, 0, 0}, {60, 60, 60});
        VtkView view(scene.renderer());
        const QImage picture = view.picture({200, 200});
        int count = 0;
        for (int y = 0; y < 200; ++y)
            for (int x = 0; x < 200; ++x) count += qGray(picture.pixel(x, y)) > 20;
        return count;
    };
    const PoseMark mark{.position = {30, 30, 30}, .tomogramFromParticle = {}, .radius = 8, .map = 0};
    large.particles().setMaps({{surfaceMesh(map, 0.5, 100000), 2}});
    large.particles().setMarks({mark});
    small.particles().setMaps({{surfaceMesh(fine, 0.5, 100000), 1}});
    small.particles().setMarks({mark});
    const int drawn = lit(large);
    CHECK(drawn > 1000);
    CHECK(drawn == Approx(lit(small)).epsilon(0.06));
}

TEST_CASE("particle scene, what is drawn is counted, and nothing is drawn where nothing is wanted") {
    SurfaceScene scene;
    std::vector<PoseMark> marks(10, PoseMark{.position = {1, 2, 3}, .tomogramFromParticle = {}, .radius = 2});
    scene.particles().setMarks(marks);
    const std::int64_t few = scene.particles().triangles();
    CHECK(few > 10 * 100);
    marks.resize(5000, marks.front());
    scene.particles().setMarks(marks);
    CHECK(scene.particles().triangles() < 5000 * 120);  // coarser where there are many
    scene.particles().setStyle({.spheres = false});
    CHECK(scene.particles().triangles() == 0);
    scene.particles().setStyle({.spheres = false, .axis = true});
    CHECK(scene.particles().triangles() > 5000);
}

TEST_CASE("scene look, finds back what it projects, in parallel and in perspective") {
    for (const double parallelScale : {0.0, 50.0}) {
        const SceneLook look({100, -80, 60}, {10, 20, 30}, {0, 0.2, 1}, parallelScale, 30);
        for (const Vec3 at : {Vec3{10, 20, 30}, Vec3{25, 3, 40}, Vec3{-12, 33, 18}}) {
            const auto seen = look.projected(at);
            REQUIRE(seen);
            const Ray ray = look.rayThrough(*seen);
            const Vec3 towards = at - ray.origin;
            const double along =
                towards.x * ray.direction.x + towards.y * ray.direction.y + towards.z * ray.direction.z;
            const Vec3 beside = towards - along * ray.direction;
            CHECK(std::hypot(beside.x, beside.y, beside.z) < 1e-6);
            CHECK(along > 0);
        }
        const auto middle = look.projected({10, 20, 30});
        CHECK(middle->x == Approx(0).margin(1e-9));
        CHECK(middle->y == Approx(0).margin(1e-9));
    }
    CHECK_FALSE(SceneLook({0, 0, 0}, {0, 0, 1}, {0, 1, 0}, 0, 30).projected({0, 0, -5}));
}

TEST_CASE("scene look, a ray hits the nearer of two spheres, and none beside them") {
    const std::vector<PoseMark> marks{{.position = {0, 0, 50}, .tomogramFromParticle = {}, .radius = 5},
                                      {.position = {1, 0, 20}, .tomogramFromParticle = {}, .radius = 5},
                                      {.position = {0, 30, 20}, .tomogramFromParticle = {}, .radius = 5}};
    CHECK(firstHit(marks, {{0, 0, 0}, {0, 0, 1}}, 1) == std::optional<std::size_t>(1));
    CHECK(firstHit(marks, {{0, 0, 0}, {0, 0, 1}}, 0.1) == std::optional<std::size_t>(0));
    CHECK_FALSE(firstHit(marks, {{0, 10, 0}, {0, 0, 1}}, 1));
    CHECK_FALSE(firstHit(marks, {{0, 0, 0}, {0, 0, -1}}, 1));
}
