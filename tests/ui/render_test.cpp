#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkPointData.h>

#include <cmath>

#include "tests/ui/ui_support.h"
#include "ui/models/plane.h"
#include "ui/render/surface_scene.h"
#include "ui/render/volume_image.h"
#include "ui/views/slice_image.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("volume image, shares the voxels and outlives the volume") {
    vtkSmartPointer<vtkImageData> image;
    const float* voxels = nullptr;
    {
        const Volume volume = test::ramp({4, 3, 2});
        voxels = volume.voxels().data();
        image = imageOf(volume);
    }
    auto* array = vtkFloatArray::SafeDownCast(image->GetPointData()->GetScalars());
    REQUIRE(array);
    CHECK(array->GetPointer(0) == voxels);
    CHECK(image->GetScalarComponentAsDouble(3, 2, 1, 0) == 10203);
}

TEST_CASE("planes, slices are laid down so that neighbours share an axis") {
    const Volume volume = test::ramp({5, 4, 3});
    const Volume xy = sliceOf(volume, Plane::XY, 2), xz = sliceOf(volume, Plane::XZ, 1),
                 yz = sliceOf(volume, Plane::YZ, 4);
    CHECK(xy.shape() == Index3{5, 4, 1});
    CHECK(xy.at(3, 2, 0) == 20203);
    CHECK(xz.shape() == Index3{5, 3, 1});
    CHECK(xz.at(3, 2, 0) == 20103);
    CHECK(yz.shape() == Index3{3, 4, 1});  // z to the right, y up
    CHECK(yz.at(2, 3, 0) == 20304);
    const Vec3 point{1, 2, 3};
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        CHECK(lifted(plane, projected(plane, point), withDepth(plane, {}, depthOf(plane, point))) == point);
    }
}

TEST_CASE("middle slab, is the mean of the middle slices") {
    const Volume slab = middleSlab(test::ramp({2, 2, 5}), 3);
    CHECK(slab.at(1, 1, 0) == Approx(20101));
}

TEST_CASE("surface of a ball, has about its area and follows the level") {
    constexpr std::int64_t side = 32;
    std::vector<float> voxels;
    for (std::int64_t i = 0; i < side * side * side; ++i) {
        const double x = double(i % side) - 15.5, y = double(i / side % side) - 15.5,
                     z = double(i / side / side) - 15.5;
        voxels.push_back(static_cast<float>(20 - std::sqrt(x * x + y * y + z * z)));
    }
    SurfaceScene scene;
    scene.setVolume(Volume({side, side, side}, voxels));
    scene.setLevel(10);  // radius 10
    const auto at10 = scene.triangles();
    scene.setLevel(15);  // radius 5
    const auto at5 = scene.triangles();
    CHECK(double(at10) / double(at5) == Approx(4).epsilon(0.15));  // area goes with the radius squared
}

TEST_CASE("density scale, looks to the side of the longer tail") {
    std::vector<float> voxels(1000, 0);
    for (int i = 0; i < 30; ++i) voxels[static_cast<std::size_t>(i * 7)] = -5;
    CHECK(densityScaleOf(Volume({10, 10, 10}, voxels)).darkOnLight);
    for (float& value : voxels) value = -value;
    CHECK_FALSE(densityScaleOf(Volume({10, 10, 10}, voxels)).darkOnLight);
}

TEST_CASE("slice image, is upright and refined") {
    const QImage image = sliceImage(sliceOf(test::ramp({8, 8, 1}), Plane::XY, 0), 64);
    CHECK(image.size() == QSize(64, 64));
    CHECK(qGray(image.pixel(4, 60)) < qGray(image.pixel(4, 4)));  // y grows upwards
    CHECK(qGray(image.pixel(0, 63)) < 16);
    CHECK(qGray(image.pixel(63, 0)) > 239);
}
