#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/models/pick_preview.h"
#include "ui/panels/pick_page.h"
#include "ui/panels/slice_pane.h"
#include "ui/panels/structure_list.h"
#include "ui/views/palette_roles.h"
#include "ui/views/slice_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Asked {
    std::mutex mutex;
    std::vector<std::pair<nlohmann::json, std::int64_t>> calls;
    std::string error;
    std::atomic<bool> waits{false};  // until it is cancelled
    std::atomic<int> cancelled{0};

    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(mutex);
        return calls.size();
    }
    [[nodiscard]] std::pair<nlohmann::json, std::int64_t> last() {
        const std::lock_guard lock(mutex);
        return calls.back();
    }
};

/// A spot at (20, 15) of every slice.
PreviewEngine::Picking recording(const std::shared_ptr<Asked>& asked) {
    return [asked](const VolumeFile& file, const std::string& options, std::int64_t z, const StopToken& stop) {
        {
            const std::lock_guard lock(asked->mutex);
            asked->calls.emplace_back(nlohmann::json::parse(options), z);
            if (!asked->error.empty()) throw Error(asked->error);
        }
        while (asked->waits && !stop.cancelRequested()) std::this_thread::yield();
        if (stop.cancelRequested()) ++asked->cancelled;
        stop.throwIfCancelled();
        PickPreview preview = test::madePreviews().picking(file, options, z, stop);
        preview.spots.push_back({{20, 15, static_cast<double>(z)}, 0.8});
        return preview;
    };
}

struct Page {
    explicit Page(RunLauncher::MakeJob makeJob = {}) : window(parts(std::move(makeJob))) {
        test::makeProject(folder / "made.tomoloupe");
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.idle(); }));
        window.showPage(MainWindow::Pick);
        REQUIRE(QTest::qWaitFor([this] { return asked->count() == 1 && window.idle(); }));
    }
    MainWindow::Parts parts(RunLauncher::MakeJob makeJob) {
        MainWindow::Parts made = test::makeParts(std::move(makeJob));
        made.previews.picking = recording(asked);
        return made;
    }
    void waitForCalls(std::size_t calls) {
        REQUIRE(QTest::qWaitFor([&] { return asked->count() == calls && window.idle(); }));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    test::TemporaryFolder folder;
    std::shared_ptr<Asked> asked = std::make_shared<Asked>();
    MainWindow window;
};

/// Pixels near the colour on a circle about the middle.
int pixelsLike(const QImage& image, const QColor& colour) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            const int distance = std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) + std::abs(pixel.blue() - colour.blue());
            count += distance < 40;
        }
    }
    return count;
}

}  // namespace

TEST_CASE("pick preview, a new wish cancels the one in work and its answer is dropped") {
    const test::TemporaryFolder folder;
    test::makeProject(folder / "made.tomoloupe", 2);
    const auto registry = builtInReaders();
    const std::shared_ptr<const VolumeFile> file = registry.open(folder / "made.mrc");
    const auto asked = std::make_shared<Asked>();
    IoQueue queue(makeThreadRunner());
    PickPreviewModel model(recording(asked), queue);
    std::vector<std::int64_t> shown;
    QObject::connect(&model, &PickPreviewModel::arrived, &model, [&](const PickPreview&, std::int64_t z) { shown.push_back(z); });
    asked->waits = true;
    model.ask(file, "{}", 1);
    REQUIRE(QTest::qWaitFor([&] { return asked->count() == 1; }));
    model.ask(file, "{}", 2);
    model.ask(file, "{}", 3);
    REQUIRE(QTest::qWaitFor([&] { return asked->cancelled == 1 && asked->count() == 2; }));
    asked->waits = false;
    REQUIRE(QTest::qWaitFor([&] { return !model.busy() && queue.idle(); }));
    CHECK(shown == std::vector<std::int64_t>{3});
    CHECK(asked->count() == 2);  // slice 2 was passed by
    model.ask(file, "{}", 4);
    model.cancel();
    CHECK_FALSE(model.busy());
}

TEST_CASE("pick page, options and slices ask for a preview of the slice shown") {
    Page page;
    CHECK(page.asked->last().second == 10);  // the middle of 20
    CHECK(page.asked->last().first["method"] == "dog");
    CHECK(page.asked->last().first["tomogram"] == "made");
    page.find<QSlider>("pickDiameter.slider")->setValue(12);  // 40 + 12 * 5
    page.waitForCalls(2);
    CHECK(page.asked->last().first["diameter"] == 100);
    page.find<QSlider>("pickThreshold.slider")->setValue(60);
    page.waitForCalls(3);
    CHECK(page.asked->last().first["threshold"] == 6);
    page.find<QSlider>("pickSliceSlider")->setValue(4);
    page.waitForCalls(4);
    CHECK(page.asked->last().second == 4);
    auto* pane = page.find<SlicePane>("pickSlice");
    pane->setFocus();
    QTest::keyClick(pane, Qt::Key_Up);
    page.waitForCalls(5);
    CHECK(page.asked->last().second == 5);
}

TEST_CASE("pick page, spots are circled over the slice") {
    Page page;
    auto* view = page.find<SliceView>("pickSliceXY");
    const QColor colour = accentColour(view->palette());
    page.find<QPushButton>("pickResponse")->setChecked(false);
    const QPointF middle = view->positionOf({20, 15});
    const double radius = 100.0 / 10 * view->viewport().pixelsPerVoxel;  // 200 Å across, voxels of 10 Å
    const QRect ring(static_cast<int>(middle.x() + radius) - 4, static_cast<int>(middle.y()) - 20, 8, 40);
    CHECK(pixelsLike(test::pixelsOf(*view).copy(ring), colour) > 10);
    page.asked->error = "no more of this";
    page.find<QSlider>("pickSliceSlider")->setValue(3);
    page.waitForCalls(2);
    CHECK(pixelsLike(test::pixelsOf(*view).copy(ring), colour) == 0);
    auto* problem = page.find<QLabel>("pickProblem");
    CHECK(problem->isVisible());
    CHECK(problem->text().contains(QStringLiteral("no more of this")));
    page.asked->error.clear();
    page.find<QSlider>("pickSliceSlider")->setValue(4);
    page.waitForCalls(3);
    CHECK_FALSE(problem->isVisible());
}

TEST_CASE("pick page, the button starts a run and then leads to its set") {
    Page page;
    auto* name = page.find<QLineEdit>("pickSetName");
    CHECK(name->text() == QStringLiteral("dog-200A"));
    auto* start = page.find<QPushButton>("pickStart");
    REQUIRE(start->isEnabled());
    start->click();
    REQUIRE(QTest::qWaitFor([&] { return page.window.jobs().active().empty(); }));
    const auto project = Project::open(page.folder / "made.tomoloupe");
    REQUIRE(project->runs().size() == 1);
    const RunConfig config = project->runs().front().config();
    CHECK(config.kind == "pick");
    CHECK(config.particleSet == "dog-200A");
    CHECK(config.options["tomogram"] == "made");
    CHECK(config.options["diameter"] == 200);
    CHECK(page.find<QLabel>("pickDone")->isVisible());
    page.find<QPushButton>("pickShow")->click();
    CHECK(page.find<QWidget>("tomogramPage")->isVisible());
}

TEST_CASE("pick page, templates want a template and make no preview") {
    Page page;
    auto* method = page.find<QComboBox>("pickMethod");
    method->setCurrentIndex(1);
    Q_EMIT method->activated(1);
    CHECK_FALSE(page.find<QPushButton>("pickStart")->isEnabled());
    page.find<StructureList>("pickTemplates")->addFile(QStringLiteral("/data/long name of a map.mrc"));
    CHECK(page.find<QLineEdit>("pickSetName")->text() == QStringLiteral("long name of a map"));
    CHECK(page.find<QPushButton>("pickStart")->isEnabled());
    REQUIRE(QTest::qWaitFor([&] { return page.window.idle(); }));
    CHECK(page.asked->count() == 1);
}

TEST_CASE("pick page, extraction offers sets without subtomograms") {
    Page page;
    page.find<QPushButton>("extractTab")->click();
    auto* sets = page.find<QComboBox>("extractSet");
    CHECK(sets->count() == 0);
    CHECK_FALSE(page.find<QPushButton>("extractStart")->isEnabled());
    ParticleTable table;
    table.particles.resize(3);
    for (Particle& particle : table.particles) particle.tomogram = "made";
    page.window.project().project()->addParticleSet("found", table, "test");
    page.window.project().refresh();
    REQUIRE(QTest::qWaitFor([&] { return sets->count() == 1; }));
    REQUIRE(page.find<QPushButton>("extractStart")->isEnabled());
    page.find<QPushButton>("extractStart")->click();
    REQUIRE(QTest::qWaitFor([&] { return page.window.jobs().active().empty(); }));
    const auto project = Project::open(page.folder / "made.tomoloupe");
    CHECK(project->runs().front().config().kind == "extract");
    CHECK(project->runs().front().config().particleSet == "found");
    CHECK(project->runs().front().config().options["box"] == 32);
}
