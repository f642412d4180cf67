// Measures the Tomogram page on a large file, from the wish for a slice to its frame on the screen. Usage:
// tomogram_slices [NXxNYxNZ] [FOLDER] [--json]. The file is made in FOLDER (the system's temporary one) and removed at
// the end.
#include <fcntl.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/io/mrc_writer.h"
#include "core/jobs/runner.h"
#include "ui/panels/oblique_pane.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/tomogram_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/theme.h"
#include "ui/views/vtk_view.h"

using namespace tomoloupe;

namespace {

struct Row {
    std::string what;
    std::vector<double> milliseconds;
    std::vector<double> read = {};  // of them until the slice is in the window's memory; the rest is drawing
    double quantile(double fraction) const { return quantile(milliseconds, fraction); }
    static double quantile(std::vector<double> sorted, double fraction) {
        if (sorted.empty()) return 0;
        std::sort(sorted.begin(), sorted.end());
        return sorted[static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1) + 0.5)];
    }
};

std::filesystem::path makeFile(const std::filesystem::path& folder, Index3 shape) {
    const std::filesystem::path path = folder / "tomogram_slices.mrc";
    std::ofstream file(path, std::ios::binary);
    file << makeMrcHeader(shape, 10, {}, {.minimum = -4, .maximum = 4, .mean = 0, .standardDeviation = 1},
                          "made to measure");
    Random random(1);
    std::vector<float> noise(static_cast<std::size_t>(shape.x * shape.y + 4096));
    for (float& value : noise) value = static_cast<float>(random.normal());
    for (std::int64_t z = 0; z < shape.z; ++z)  // the same noise, shifted: making it anew takes a minute
        file.write(reinterpret_cast<const char*>(noise.data() + z * 37 % 4096), 4 * shape.x * shape.y);
    file.flush();
    if (!file) throw Error("Cannot write " + path.string() + "; is there room for it?");
    return path;
}

/// Takes the file out of the system's memory, as after a restart.
void forget(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY);
    ::fsync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

long mebibytes(const char* field) {
    std::ifstream status("/proc/self/status");
    std::string name;
    while (status >> name)
        if (long kibibytes = 0; name == field && status >> kibibytes) return kibibytes / 1024;
    return 0;
}

MainWindow::Parts parts() {
    MainWindow::Parts parts;
    parts.readers = std::make_shared<const ReaderRegistry>(builtInReaders());
    parts.computeRunner = makeThreadRunner(19);
    parts.ioRunner = makeThreadRunner();
    parts.previewRunner = makeThreadRunner(10);
    parts.makeJob = [](const std::filesystem::path&) { return std::unique_ptr<Job>(); };
    parts.remember = false;
    return parts;
}

class Measurement : public QObject {
  public:
    Measurement(MainWindow& window, const std::filesystem::path& path, Index3 shape) : window_(window), shape_(shape) {
        // The first slice: from the wish to open the file to the frame that shows it.
        forget(path);
        QElapsedTimer timer;
        timer.start();
        window.openTomogram(path);
        page_ = window.findChild<TomogramPage*>();
        QObject::connect(&page_->tomogram(), &TomogramModel::sliceArrived, page_,
                         [this](Plane plane, std::int64_t index) {
                             if (plane != plane_ || index != wanted_) return;
                             if (!arrived_) readMilliseconds_ = static_cast<double>(sinceWish_.nsecsElapsed()) / 1e6;
                             arrived_ = true;
                         });
        QObject::connect(&page_->tomogram(), &TomogramModel::sliceCompleted, page_,
                         [this](Plane plane, std::int64_t index) {
                             if (plane == plane_ && index == wanted_) complete_ = true;
                         });
        expect(Plane::XY, shape.z / 2);
        for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ})
            page_->views()->view(plane)->findChild<VtkView*>()->installEventFilter(this);
        wait(painted_);
        rows.push_back({"first XY slice, file not in memory", {static_cast<double>(timer.elapsed())}});
        settle();
    }

    /// Through neighbouring slices, or here and there; the second row, where there is one, is that of the whole
    /// picture.
    void slices(const std::string& what, Plane plane, int count, bool jump) {
        Row first{what, {}}, whole{what + ", finest", {}};
        Random random(7);
        const std::int64_t slices = extent(plane, shape_);
        std::int64_t index = slices / 3;
        page_->views()->setPosition(withDepth(plane, page_->views()->position(), static_cast<double>(index)));
        settle();
        for (int i = 0; i < count; ++i) {
            index = jump ? static_cast<std::int64_t>(random.uniform() * static_cast<double>(slices - 1)) : index + 1;
            if (static_cast<double>(index) == depthOf(plane, page_->views()->position())) ++index;
            QElapsedTimer timer;
            timer.start();
            expect(plane, index);
            page_->views()->setPosition(withDepth(plane, page_->views()->position(), static_cast<double>(index)));
            wait(painted_);
            first.read.push_back(readMilliseconds_);
            first.milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            wait(complete_);
            whole.milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            if (jump) settle();
        }
        rows.push_back(first);
        if (plane == Plane::YZ) rows.push_back(whole);
        settle();
    }

    /// Along the normal of a tilted plane; the first row is until its coarse picture is there, the second all of it.
    void obliqueSlices(const std::string& what, const PlaneAngles& angles, int count) {
        Row first{what, {}}, whole{what + ", finest", {}};
        ObliquePane* pane = page_->oblique();
        page_->views()->setPosition({double(shape_.x / 2), double(shape_.y / 2), double(shape_.z / 2)});
        pane->setOn(true);
        pane->setRotation(rotationOf(angles));
        settle();
        bool arrived = false, complete = false;
        const auto listening = QObject::connect(&page_->tomogram(), &TomogramModel::obliqueArrived, this,
                                                [&](const ObliqueGrid&, const Volume&, bool finest) {
                                                    arrived = true;
                                                    complete = complete || finest;
                                                });
        auto* vtk = pane->view()->findChild<VtkView*>();
        for (int i = 0; i < count; ++i) {
            arrived = complete = false;
            QElapsedTimer timer;
            timer.start();
            QWheelEvent wheel({20, 20}, vtk->mapToGlobal(QPointF(20, 20)), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(pane->view(), &wheel);
            wait(arrived);
            vtk->repaint();
            first.milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            wait(complete);
            whole.milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            settle();
        }
        QObject::disconnect(listening);
        pane->setOn(false);
        rows.push_back(first);
        rows.push_back(whole);
        settle();
    }

    void setStyle(std::int64_t slab, const DisplayFilter& filter) {
        page_->setSlab(slab);
        page_->setFilter(filter);
        settle();
    }

    std::vector<Row> rows;

  protected:
    /// wait() looks after the event in which this and the flush to the screen happen.
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) painted_ = arrived_;
        return false;
    }

  private:
    void expect(Plane plane, std::int64_t index) {
        plane_ = plane;
        wanted_ = index;
        arrived_ = painted_ = complete_ = false;
        sinceWish_.start();
    }
    void wait(const bool& flag) {
        QElapsedTimer timer;
        timer.start();
        while (!flag && timer.elapsed() < 120000) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!flag) throw Error("No slice came in two minutes");
    }
    void settle() {
        if (!QTest::qWaitFor([this] { return window_.idle(); }, 120000))
            throw Error("The window does not come to rest");
    }

    MainWindow& window_;
    Index3 shape_;
    TomogramPage* page_ = nullptr;
    Plane plane_ = Plane::XY;
    std::int64_t wanted_ = -1;
    QElapsedTimer sinceWish_;
    double readMilliseconds_ = 0;
    bool arrived_ = false, painted_ = false, complete_ = false;
};

std::vector<Row> measure(MainWindow& window, const std::filesystem::path& path, Index3 shape) {
    Measurement measurement(window, path, shape);
    const std::array<std::pair<const char*, Plane>, 3> planes{
        {{"XY", Plane::XY}, {"XZ", Plane::XZ}, {"YZ", Plane::YZ}}};
    for (const auto& [name, plane] : planes) {
        measurement.slices(std::string(name) + ", next slice", plane, 60, false);
        measurement.slices(std::string(name) + ", any slice", plane, 20, true);
    }
    measurement.obliqueSlices("oblique, tilted by 15 degrees", {.direction = 30, .tilt = 15, .turn = 0}, 10);
    measurement.obliqueSlices("oblique, tilted by 60 degrees", {.direction = 30, .tilt = 60, .turn = 0}, 10);
    measurement.setStyle(16, {});
    for (const auto& [name, plane] : planes)
        measurement.slices(std::string(name) + ", next slice, slab of 16", plane, 40, false);
    measurement.setStyle(64, {});
    measurement.slices("XY, next slice, slab of 64", Plane::XY, 20, false);
    measurement.setStyle(1, {.kind = DisplayFilter::Kind::BandPass});
    measurement.slices("XY, next slice, band-pass", Plane::XY, 20, false);
    return measurement.rows;
}

void print(const std::vector<Row>& rows, bool json) {
    nlohmann::json document;
    if (!json)
        std::printf("%-40s %6s %10s %10s %10s %12s\n", "milliseconds", "times", "median", "p95", "most",
                    "median, read");
    for (const Row& row : rows) {
        if (!json)
            std::printf("%-40s %6zu %10.1f %10.1f %10.1f %12.1f\n", row.what.c_str(), row.milliseconds.size(),
                        row.quantile(0.5), row.quantile(0.95), row.quantile(1), Row::quantile(row.read, 0.5));
        document["rows"].push_back({{"what", row.what},
                                    {"times", row.milliseconds.size()},
                                    {"median_ms", row.quantile(0.5)},
                                    {"p95_ms", row.quantile(0.95)},
                                    {"most_ms", row.quantile(1)},
                                    {"read_median_ms", Row::quantile(row.read, 0.5)}});
    }
    document["memory_peak_mib"] = mebibytes("VmHWM:");
    if (json)
        std::printf("%s\n", document.dump(2).c_str());
    else
        std::printf("memory at most %ld MiB\n", mebibytes("VmHWM:"));
}

}  // namespace

int main(int argc, char** argv) {
    Index3 shape{1024, 1024, 512};
    std::filesystem::path folder = std::filesystem::temp_directory_path();
    bool json = false;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        long x = 0, y = 0, z = 0;
        if (argument == "--json")
            json = true;
        else if (std::sscanf(argv[i], "%ldx%ldx%ld", &x, &y, &z) == 3)
            shape = {x, y, z};
        else
            folder = argument;
    }
    VtkView::prepareProcess();
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    applyTheme(application, Theme::Dark);
    int status = 0;
    std::filesystem::path path;
    try {
        path = makeFile(folder, shape);
        MainWindow window(parts());
        window.resize(1280, 800);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window)) throw Error("There is no screen to show the window on");
        print(measure(window, path, shape), json);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        status = 1;
    }
    if (!path.empty()) std::filesystem::remove(path);
    return status;
}
