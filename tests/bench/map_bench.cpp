// Speed of the map: `map_bench make DIR PARTICLES` makes a project with an embedding, `map_bench run DIR` opens its map in the real window and
// prints, in milliseconds from an event to the painted frame, what panning, zooming, hovering and drawing a line take.

#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/seed.h"
#include "core/project/embedding.h"
#include "core/project/project.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/map_page.h"
#include "ui/shell/theme.h"
#include "ui/views/vtk_view.h"

using namespace tomoloupe;

namespace {

constexpr int kClasses = 24, kTomograms = 50, kLabelledOf10 = 7;

/// Clouds of different size and shape, with some between them.
std::vector<float> clouds(std::int64_t count, std::vector<int>& cloudOf) {
    Random random(5);
    std::vector<float> positions;
    for (std::int64_t i = 0; i < count; ++i) {
        const int cloud = static_cast<int>(random.below(kClasses));
        cloudOf.push_back(cloud);
        const double turn = cloud * 2.4, away = 2.2 * std::sqrt(cloud + 0.5), width = 0.35 + 0.05 * (cloud % 7);
        const double along = random.normal() * width * 2, across = random.normal() * width;
        const double lost = random.uniform() < 0.03 ? 4 * random.normal() : 0;
        positions.push_back(static_cast<float>(away * std::cos(turn) + along * std::cos(turn * 3) - across * std::sin(turn * 3) + lost));
        positions.push_back(static_cast<float>(away * std::sin(turn) + along * std::sin(turn * 3) + across * std::cos(turn * 3) - lost / 2));
    }
    return positions;
}

int make(const std::filesystem::path& folder, std::int64_t count) {
    const auto project = Project::create(folder / "map.tomoloupe");
    ParticleTable table;
    table.format = "csv";
    table.particles.resize(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        Particle& particle = table.particles[static_cast<std::size_t>(i)];
        char name[32];
        std::snprintf(name, sizeof name, "TS_%03d", int(i * kTomograms / count) + 1);
        particle.tomogram = name;
        particle.positionVoxels = {double(i % 900), double(i / 900 % 900), double(i % 200)};
    }
    const ParticleSetRecord set = project->addParticleSet("many", table, "test");
    std::vector<int> cloudOf;
    const std::vector<float> positions = clouds(count, cloudOf);
    const std::vector<std::int64_t> ids = project->particleIds(set.id);
    std::vector<LabelEdit> edits;
    std::vector<std::int64_t> classes;
    for (int c = 0; c < kClasses; ++c)
        classes.push_back(project->addClass(c % 2 ? "class " + std::to_string(c) : "mitochondrial ribosome, membrane bound, state " + std::to_string(c)).id);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (i % 10 < kLabelledOf10) edits.push_back({ids[i], classes[static_cast<std::size_t>(cloudOf[i])]});
    project->setLabels(edits, "made");
    RunConfig config;
    config.kind = "embed";
    config.title = "random rb3d";
    config.particleSet = "many";
    config.options = nlohmann::json::object();
    const Run run = project->createRun(config);
    writeEmbedding(run.folder(), {ids, 2, positions, {0.5f, 0.3f}, {{"model", "random"}}}, positions);
    writeMap(run.folder(), {positions, {{"map", "umap"}, {"trustworthiness", "0.97"}}});
    run.writeResult(RunState::Done, nlohmann::json::object());
    return 0;
}

class Bench {
  public:
    explicit Bench(const std::filesystem::path& folder) : window_(test::makeParts()) {
        window_.resize(1280, 800);
        window_.show();
        QElapsedTimer clock;
        clock.start();
        window_.openProject(folder / "map.tomoloupe");
        wait([this] { return window_.project().set() != nullptr; });
        window_.showPage(MainWindow::Map);
        view_ = window_.map()->view();
        wait([this] { return window_.map()->model().data() && window_.map()->idle() && window_.idle(); });
        std::printf("%lld particles: map drawn %.0f ms after opening the project\n", static_cast<long long>(view_->count()), double(clock.elapsed()));
    }

    void runAll() {
        const QPointF middle(view_->width() / 2.0, view_->height() / 2.0);
        measure("zoom by the wheel", 120, [&](int i) { wheel(middle, i % 40 < 20 ? 120 : -120); });
        QTest::mousePress(view_, Qt::MiddleButton, {}, middle.toPoint());
        measure("pan", 120, [&](int i) { move(middle + 120.0 * QPointF(std::sin(i / 9.0), std::cos(i / 7.0))); });
        QTest::mouseRelease(view_, Qt::MiddleButton, {}, middle.toPoint());
        view_->fit();
        measure("hover", 200, [&](int i) { move(middle + 150.0 * QPointF(std::sin(i / 3.0), std::cos(i / 5.0))); });
        QTest::mousePress(view_, Qt::LeftButton, {}, (middle + QPointF(150, 0)).toPoint());
        measure("draw a line", 120, [&](int i) { move(middle + 150.0 * QPointF(std::cos(i / 20.0), std::sin(i / 20.0))); });
        measure("let go of it: select", 1, [&](int) { QTest::mouseRelease(view_, Qt::LeftButton, {}, (middle + QPointF(150, 4)).toPoint()); });
        std::printf("selected: %zu\n", window_.project().selection().size());
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("memory: peak %.0f MB\n", double(usage.ru_maxrss) / 1024);
    }

  private:
    static void wait(const std::function<bool()>& done) {
        while (!done()) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    void move(const QPointF& at) {
        QMouseEvent event(QEvent::MouseMove, at, view_->mapToGlobal(at), Qt::NoButton, QGuiApplication::mouseButtons(), Qt::NoModifier);
        QCoreApplication::sendEvent(view_, &event);
    }
    void wheel(const QPointF& at, int angle) {
        QWheelEvent event(at, view_->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view_, &event);
    }

    /// Event, then everything that it makes the event loop do until it was painted.
    void measure(const char* name, int times, const std::function<void(int)>& act) {
        std::vector<double> values, longest;
        for (int i = 0; i < times; ++i) {
            QElapsedTimer clock;
            clock.start();
            act(i);
            view_->repaint();
            values.push_back(double(clock.nsecsElapsed()) / 1e6);
            // What is drawn on in slices while the hand is still: no slice may hold up the next event.
            for (int slice = 0; slice < 6; ++slice) {
                clock.restart();
                QCoreApplication::processEvents();
                longest.push_back(double(clock.nsecsElapsed()) / 1e6);
            }
        }
        QElapsedTimer clock;
        clock.start();
        wait([this] { return view_->drawn(); });
        const double settled = double(clock.nsecsElapsed()) / 1e6;
        std::sort(values.begin(), values.end());
        std::sort(longest.begin(), longest.end());
        const auto at = [](const std::vector<double>& sorted, double part) { return sorted[static_cast<std::size_t>(part * double(sorted.size() - 1))]; };
        std::printf("%-22s frame p50 %6.1f  p95 %6.1f  max %6.1f ms;  event loop p95 %5.1f  max %5.1f ms;  sharp %.0f ms later\n", name, at(values, 0.5),
                    at(values, 0.95), values.back(), at(longest, 0.95), longest.back(), settled);
    }

    MainWindow window_;
    MapView* view_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
    const bool making = argc == 4 && std::strcmp(argv[1], "make") == 0;
    if (!making && !(argc == 3 && std::strcmp(argv[1], "run") == 0)) {
        std::fprintf(stderr, "map_bench make FOLDER PARTICLES | run FOLDER\n");
        return 2;
    }
    try {
        std::setvbuf(stdout, nullptr, _IOLBF, 0);
        if (making) return make(argv[2], std::atoll(argv[3]));
        VtkView::prepareProcess();
        QStandardPaths::setTestModeEnabled(true);
        QApplication application(argc, argv);
        applyTheme(application, Theme::Dark);
        Bench bench(argv[2]);
        bench.runAll();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
