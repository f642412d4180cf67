#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/models/simulation_preview.h"
#include "ui/panels/simulate_page.h"
#include "ui/panels/structure_list.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// What the fake engine was asked for; written on its worker.
struct Asked {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = true;  // closed: the worker waits
    std::vector<std::tuple<nlohmann::json, std::uint64_t, std::int64_t>> calls;
    std::string error;

    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(mutex);
        return calls.size();
    }
    [[nodiscard]] nlohmann::json last() {
        const std::lock_guard lock(mutex);
        return std::get<0>(calls.back());
    }
    void setOpen(bool value) {
        const std::lock_guard lock(mutex);
        open = value;
        opened.notify_all();
    }
};

PreviewEngine::Simulation recording(const std::shared_ptr<Asked>& asked) {
    return [asked](const std::string& options, std::uint64_t seed, std::int64_t index) {
        std::unique_lock lock(asked->mutex);
        asked->calls.emplace_back(nlohmann::json::parse(options), seed, index);
        asked->opened.wait(lock, [&] { return asked->open; });
        if (!asked->error.empty()) throw Error(asked->error);
        SimulationPreview preview = test::madePreviews().simulation(options, seed, index);
        preview.localSnr = static_cast<double>(index) + 1;
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
        window.showPage(MainWindow::Simulate);
        settle();
    }
    MainWindow::Parts parts(RunLauncher::MakeJob makeJob) {
        MainWindow::Parts made = test::makeParts(std::move(makeJob));
        made.previews.simulation = recording(asked);
        return made;
    }
    void settle() { REQUIRE(QTest::qWaitFor([this] { return window.idle(); })); }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    void type(const char* field, const QString& text) {
        auto* edit = find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    test::TemporaryFolder folder;
    std::shared_ptr<Asked> asked = std::make_shared<Asked>();
    MainWindow window;
};

}  // namespace

TEST_CASE("simulation preview, of wishes that come while one is in work the last is next") {
    const auto asked = std::make_shared<Asked>();
    IoQueue queue(makeThreadRunner());
    SimulationPreviewModel model(recording(asked), queue);
    std::vector<std::int64_t> shown;
    QObject::connect(&model, &SimulationPreviewModel::arrived, &model, [&](const SimulationPreview&, std::int64_t index) { shown.push_back(index); });
    asked->setOpen(false);
    model.ask("{}", 1, 0);
    REQUIRE(QTest::qWaitFor([&] { return asked->count() == 1; }));
    for (const std::int64_t index : {1, 2, 3}) model.ask("{}", 1, index);
    CHECK(model.busy());
    asked->setOpen(true);
    REQUIRE(QTest::qWaitFor([&] { return !model.busy() && queue.idle(); }));
    CHECK(shown == std::vector<std::int64_t>{0, 3});
    CHECK(asked->count() == 2);
    model.ask("{}", 1, 3);  // is shown already
    CHECK_FALSE(model.busy());
}

TEST_CASE("simulation preview, an error of a wish that was overtaken is not told") {
    const auto asked = std::make_shared<Asked>();
    asked->error = "the scene is full";
    IoQueue queue(makeThreadRunner());
    SimulationPreviewModel model(recording(asked), queue);
    int told = 0;
    QObject::connect(&model, &SimulationPreviewModel::failed, &model, [&](const QString&) { ++told; });
    asked->setOpen(false);
    model.ask("{}", 1, 0);
    REQUIRE(QTest::qWaitFor([&] { return asked->count() == 1; }));
    model.ask("{}", 1, 1);
    asked->setOpen(true);
    REQUIRE(QTest::qWaitFor([&] { return !model.busy() && queue.idle(); }));
    CHECK(asked->count() == 2);
    CHECK(told == 1);
    model.ask("{}", 1, 1);  // what failed may be tried again
    CHECK(model.busy());
    REQUIRE(QTest::qWaitFor([&] { return !model.busy() && queue.idle(); }));
    CHECK(told == 2);
}

TEST_CASE("simulate page, a moved slider asks for one preview with its value") {
    Page page;
    CHECK(page.asked->last()["snr"] == 0.05);
    const std::size_t before = page.asked->count();
    page.find<QSlider>("simulateNeighbours.slider")->setValue(7);
    page.settle();
    CHECK(page.asked->count() == before + 1);
    CHECK(page.asked->last()["neighbours"] == 7);
    page.type("simulateDefocus.number", QStringLiteral("-3.5"));
    page.type("simulateTilt.number", QStringLiteral("400"));  // no more than a right angle
    page.settle();
    CHECK(page.asked->count() == before + 3);
    CHECK(page.asked->last()["defocus"] == -3.5);
    CHECK(page.asked->last()["tilt-maximum"] == 90);
    auto* snr = page.find<QSlider>("simulateSnr.slider");
    snr->setValue(snr->maximum());
    page.settle();
    CHECK(page.asked->last()["snr"] == SimulateOptions::kNoNoise);
    CHECK(page.find<QLineEdit>("simulateSnr.number")->text() == QStringLiteral("no noise"));
    page.find<QSpinBox>("simulatePerClass")->setValue(9);  // does not change an example
    page.settle();
    CHECK(page.asked->count() == before + 4);
}

TEST_CASE("simulate page, goes through examples and tells class and local snr") {
    Page page;
    CHECK(page.find<QLabel>("exampleTitle")->text() == QStringLiteral("20S proteasome · example 1"));
    CHECK_FALSE(page.find<QPushButton>("previousExample")->isEnabled());
    page.find<QPushButton>("nextExample")->click();
    page.settle();
    CHECK(page.find<QLabel>("exampleTitle")->text() == QStringLiteral("20S proteasome · example 2"));
    CHECK(page.find<QLabel>("exampleFigures")->text() == QStringLiteral("SNR within this crop 2.00"));
    CHECK(page.find<QPushButton>("previousExample")->isEnabled());
}

TEST_CASE("simulate page, tells an error in place and forgets it when it is gone") {
    Page page;
    auto* problem = page.find<QLabel>("simulateProblem");
    CHECK_FALSE(problem->isVisible());
    page.asked->error = "Five neighbours do not fit";
    page.find<QSlider>("simulateNeighbours.slider")->setValue(9);
    page.settle();
    CHECK(problem->isVisible());
    CHECK(problem->text().contains(QStringLiteral("do not fit")));
    page.asked->error.clear();
    page.find<QSlider>("simulateNeighbours.slider")->setValue(1);
    page.settle();
    CHECK_FALSE(problem->isVisible());
    page.find<StructureList>("simulateStructures")->setChosen({});
    Q_EMIT page.find<StructureList>("simulateStructures")->chosenChanged();
    CHECK(problem->isVisible());
    CHECK_FALSE(page.find<QPushButton>("simulateStart")->isEnabled());
}

TEST_CASE("simulate page, the button starts a run with what is set") {
    Page page;
    page.find<StructureList>("simulateStructures")->setChosen({"ribosome-70s", "proteasome-20s"});
    Q_EMIT page.find<StructureList>("simulateStructures")->chosenChanged();
    page.find<QSpinBox>("simulatePerClass")->setValue(25);
    page.find<QSpinBox>("simulateSeed")->setValue(7);
    page.find<QSlider>("simulateBox.slider")->setValue(4);  // 16 + 4 * 2
    auto* start = page.find<QPushButton>("simulateStart");
    page.find<QLineEdit>("simulateSetName")->setText(QStringLiteral("made"));  // is there already
    CHECK_FALSE(start->isEnabled());
    page.find<QLineEdit>("simulateSetName")->setText(QStringLiteral("crowded"));
    CHECK(start->text() == QStringLiteral("Make 50 subtomograms"));
    REQUIRE(start->isEnabled());
    start->click();
    CHECK_FALSE(start->isEnabled());
    REQUIRE(QTest::qWaitFor([&] { return page.window.jobs().active().empty(); }));
    const auto project = Project::open(page.folder / "made.tomoloupe");
    REQUIRE(project->runs().size() == 1);
    const RunConfig config = project->runs().front().config();
    CHECK(config.kind == "simulate");
    CHECK(config.particleSet == "crowded");
    CHECK(config.seed == 7);
    CHECK(config.options["structures"] == nlohmann::json({"ribosome-70s", "proteasome-20s"}));
    CHECK(config.options["per-class"] == 25);
    CHECK(config.options["box-size"] == 24);
}
