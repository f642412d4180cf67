// Measures a frame of the Tomogram page's 3D view with particles in it. Usage: particle_scene [WIDTHxHEIGHT]
#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "core/base/seed.h"
#include "ui/render/surface_mesh.h"
#include "ui/render/surface_scene.h"
#include "ui/views/vtk_view.h"

using namespace tomoloupe;

namespace {

constexpr Index3 kTomogram{1024, 1024, 256};

std::vector<PoseMark> particles(int count, int map) {
    Random random(3);
    std::vector<PoseMark> marks;
    for (int i = 0; i < count; ++i)
        marks.push_back(
            {.position = {random.uniform() * double(kTomogram.x), random.uniform() * double(kTomogram.y),
                          random.uniform() * double(kTomogram.z)},
             .tomogramFromParticle = Rotation::uniform(random.uniform(), random.uniform(), random.uniform()),
             .radius = 16,
             .colour = heatColour(random.uniform()),
             .map = map});
    return marks;
}

/// A rough ball.
Volume madeMap() {
    constexpr std::int64_t side = 48;
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < side; ++z)
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t x = 0; x < side; ++x)
                voxels.push_back(static_cast<float>(16 - std::hypot(double(x) - 24, double(y) - 24, double(z) - 24) +
                                                    3 * std::sin(double(x) / 2) * std::sin(double(y) / 2)));
    return Volume({side, side, side}, std::move(voxels), 10);
}

void measure(const char* what, int count, const GlyphStyle& style, std::int64_t mapTriangles, QSize size) {
    SurfaceScene scene;
    scene.setParallel(true);
    if (mapTriangles > 0) scene.particles().setMaps({{surfaceMesh(madeMap(), 0.2, mapTriangles), 1}});
    scene.particles().setStyle(style);
    QElapsedTimer timer;
    timer.start();
    scene.particles().setMarks(particles(count, mapTriangles > 0 ? 0 : -1));
    const double built = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    scene.lookAt({0, 0, 0}, {double(kTomogram.x), double(kTomogram.y), double(kTomogram.z)});
    VtkView view(scene.renderer());
    static_cast<void>(view.picture(size));
    std::vector<double> wall, busy;
    for (int i = 0; i < 9; ++i) {
        scene.lookAt({double(i), 0, 0}, {double(kTomogram.x), double(kTomogram.y), double(kTomogram.z)});
        const std::clock_t before = std::clock();
        timer.restart();
        static_cast<void>(view.picture(size));
        wall.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        busy.push_back(1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(busy.begin(), busy.end());
    std::printf("%-28s %6d %10lld %10.1f %10.1f %10.1f %10.1f\n", what, count,
                static_cast<long long>(scene.particles().triangles()), built, wall[4], wall[8], busy[4]);
}

}  // namespace

int main(int argc, char** argv) {
    int width = 600, height = 480;
    if (argc > 1 && std::sscanf(argv[1], "%dx%d", &width, &height) != 2) {
        std::fprintf(stderr, "Usage: particle_scene [WIDTHxHEIGHT]\n");
        return 1;
    }
    VtkView::prepareProcess();
    QStandardPaths::setTestModeEnabled(true);
    const QApplication application(argc, argv);
    const QSize size(width, height);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::printf("%-28s %6s %10s %10s %10s %10s %10s\n", "milliseconds", "count", "triangles", "to build", "median",
                "most", "processor");
    for (const int count : {300, 1000, 5000}) measure("spheres", count, {}, 0, size);
    for (const int count : {300, 1000, 5000})
        measure("spheres and two arrows", count, {.axis = true, .secondAxis = true}, 0, size);
    // As PlacedMaps shares its triangles out.
    for (const int count : {300, 1000, 5000})
        measure("maps", count, {}, std::clamp<std::int64_t>(400'000 / count, 80, 12'000), size);
}
