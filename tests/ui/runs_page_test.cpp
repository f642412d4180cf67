// The runs of the train page: queue, curves, log, comparison, notes, import; and trainings in a process of their own.
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/project/project.h"
#include "core/recipe/learning.h"
#include "tests/support/support.h"
#include "tests/ui/find_named.h"
#include "tests/ui/ui_support.h"
#include "ui/models/run_comparison.h"
#include "ui/models/runs_model.h"
#include "ui/panels/train_page.h"
#include "ui/shell/theme.h"
#include "ui/views/curve_chart.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr int kPatience = 30000;  // ms; a busy machine is slow

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

struct Window {
    explicit Window(RunLauncher::MakeJob makeJob = {}) : window(test::makeParts(std::move(makeJob))) { open(); }
    explicit Window(std::unique_ptr<JobRunner> runner) : window(partsWith(std::move(runner))) { open(); }
    static MainWindow::Parts partsWith(std::unique_ptr<JobRunner> runner) {
        MainWindow::Parts parts = test::makeParts();
        parts.computeRunner = std::move(runner);
        return parts;
    }
    void open() {
        test::makeProject(folder / "made.tomoloupe");
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.idle(); }, kPatience));
        window.showPage(MainWindow::Train);
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    void click(const char* name) {
        auto* button = find<QPushButton>(name);
        INFO(name);
        REQUIRE(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
    }
    Run make(const std::string& title, std::uint64_t seed, double rate, std::optional<double> accuracy) {
        FinetuneOptions options;
        options.learningRate = rate;
        RunConfig config = configOf("finetune", title);
        config.options = toJson(options.describe());
        config.particleSet = "made";
        config.seed = seed;
        const Run run = window.project().project()->createRun(config);
        if (accuracy) run.writeResult(RunState::Done, {{"test_accuracy", *accuracy}, {"seed", seed}, {"epoch", 3}, {"epochs", options.epochs}});
        return run;
    }
    void refresh() {
        window.project().refreshRuns();
        REQUIRE(QTest::qWaitFor([this] { return window.idle(); }, kPatience));
    }
    QString cell(int row, int column) {
        const auto* model = find<QTableView>("runsTable")->model();
        return model->index(row, column).data().toString();
    }
    void choose(const QStringList& ids) {
        auto* table = find<QTableView>("runsTable");
        table->clearSelection();
        for (const QString& id : ids) {
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                if (cell(row, RunsModel::Number).startsWith(id))
                    table->selectionModel()->select(table->model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
            }
        }
        REQUIRE(QTest::qWaitFor([this] { return window.idle(); }, kPatience));
    }
    test::TemporaryFolder folder;
    MainWindow window;
};

}  // namespace

TEST_CASE("run comparison, groups repeats, names what differs and tests over the seeds in common") {
    Window opened;
    const double first[] = {0.91, 0.90, 0.92}, second[] = {0.89, 0.91, 0.90};
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        (void)opened.make("fast", seed, 1e-3, first[seed - 1]);
        (void)opened.make("slow", seed, 1e-4, second[seed - 1]);
    }
    (void)opened.make("fast", 4, 1e-3, 0.5);  // a seed that the others lack
    opened.refresh();
    const auto comparison = compareRuns({QStringLiteral("0001"), QStringLiteral("0002"), QStringLiteral("0003")}, opened.window.project().contents().runs);
    REQUIRE(comparison.groups.size() == 2);  // 0003 repeats 0001
    CHECK(comparison.groups[0].ids == QStringList{QStringLiteral("0001"), QStringLiteral("0003"), QStringLiteral("0005"), QStringLiteral("0007")});
    REQUIRE(comparison.differences.size() == 1);
    CHECK(comparison.differences[0].name == QStringLiteral("learning-rate"));
    REQUIRE(comparison.test);
    CHECK(comparison.test->pairs == 3);
    CHECK(std::abs(comparison.test->p - 0.4226497308) < 1e-6);
    CHECK(comparison.verdict.contains(QStringLiteral("p = 0.423")));
    CHECK(accuracyText(comparison.groups[1]) == QStringLiteral("90.0 ± 1.0 % (3 seeds)"));
    CHECK_FALSE(compareRuns({QStringLiteral("0001")}, opened.window.project().contents().runs).test);

    opened.choose({QStringLiteral("0001"), QStringLiteral("0002")});
    opened.click("viewCompare");
    auto* table = opened.find<QTableWidget>("compareTable");
    CHECK(table->columnCount() == 3);
    CHECK(table->item(2, 0)->text() == QStringLiteral("learning-rate"));
    CHECK(opened.find<QLabel>("compareVerdict")->text().contains(QStringLiteral("paired t-test")));
}

TEST_CASE("runs page, waiting runs change places and the table tells their place") {
    Window opened([](const std::filesystem::path&) { return std::make_unique<test::BusyJob>(-1); });
    for (int i = 0; i < 3; ++i) {
        const Run run = opened.make("queued", static_cast<std::uint64_t>(i) + 1, 1e-3, {});
        opened.window.launcher().resume(run);
    }
    opened.refresh();
    REQUIRE(QTest::qWaitFor([&] { return opened.window.jobs().begun(opened.window.jobs().active().front()); }, kPatience));
    REQUIRE(QTest::qWaitFor([&] { return opened.cell(0, RunsModel::State) == QStringLiteral("waiting, no. 2"); }, kPatience));
    opened.choose({QStringLiteral("0003")});
    opened.click("runEarlier");
    CHECK(opened.cell(0, RunsModel::State) == QStringLiteral("waiting, no. 1"));
    CHECK(opened.cell(1, RunsModel::State) == QStringLiteral("waiting, no. 2"));
    opened.click("runCancel");
    REQUIRE(QTest::qWaitFor([&] { return opened.window.jobs().active().size() == 3 || opened.window.jobs().active().size() == 2; }, kPatience));
    opened.choose({QStringLiteral("0001")});
    opened.click("runFinish");
    REQUIRE(QTest::qWaitFor([&] { return opened.window.jobs().active().size() == 1; }, kPatience));
    CHECK(opened.window.jobs().runFolder(opened.window.jobs().active().front()).filename().string().substr(0, 4) == "0002");
    opened.window.jobs().request(opened.window.jobs().active().front(), StopWish::Cancel);
    CHECK(QTest::qWaitFor([&] { return opened.window.jobs().active().empty() && opened.window.idle(); }, kPatience));
}

TEST_CASE("runs page, notes and stars are kept in the run's folder") {
    Window opened;
    const Run run = opened.make("noted", 1, 1e-3, 0.9);
    opened.refresh();
    opened.choose({QStringLiteral("0001")});
    opened.click("runStar");
    REQUIRE(QTest::qWaitFor([&] { return opened.window.idle() && opened.cell(0, RunsModel::Number).endsWith(QChar(0x2605)); }, kPatience));
    auto* note = opened.find<QPlainTextEdit>("runNote");
    note->setFocus();
    QTest::keyClicks(note, QStringLiteral("for the figure"));
    REQUIRE(QTest::qWaitFor([&] { return run.note().text == "for the figure"; }, kPatience));
    CHECK(run.note().star);
    REQUIRE(QTest::qWaitFor([&] { return opened.window.idle() && opened.cell(0, RunsModel::Note) == QStringLiteral("for the figure"); }, kPatience));
}

TEST_CASE("run card, names epochs and seed once") {
    Window opened;
    (void)opened.make("once", 5, 1e-3, 0.9);
    opened.refresh();
    opened.choose({QStringLiteral("0001")});
    QStringList names;
    for (const QLabel* label : opened.find<QWidget>("runCard")->findChildren<QLabel*>()) {
        if (label->isVisible() || !label->isHidden()) names.append(label->text());
    }
    CHECK(names.count(QStringLiteral("Epochs")) == 1);
    CHECK(names.count(QStringLiteral("Seed")) == 1);
    CHECK(names.count(QStringLiteral("Best epoch")) == 1);
}

TEST_CASE("runs page, curves of several runs, smoothed and logarithmic, in both themes; log of one") {
    Window opened;
    for (const char* title : {"one", "two"}) {
        const Run run = opened.make(title, 1, 1e-3, 0.9);
        std::ofstream file(run.metricsPath());
        file << "name,step,value\n";
        for (int step = 0; step < 60; ++step) file << "loss," << step << "," << 10.0 / (step + 1) << "\nvalidation accuracy," << step << "," << step / 60.0 << "\n";
        std::ofstream(run.logPath()) << "2026-01-01T00:00:00Z info: 2 classes of " << title << "\n";
    }
    opened.refresh();
    opened.choose({QStringLiteral("0001"), QStringLiteral("0002")});
    auto* loss = opened.find<CurveChart>("lossChart");
    REQUIRE(loss->curves().size() == 2);
    CHECK(loss->curves()[0].points.size() == 60);
    CHECK(opened.find<CurveChart>("accuracyChart")->isVisible());
    CHECK_FALSE(opened.find<CurveChart>("neighbourChart")->isVisible());
    CHECK_FALSE(opened.find<CurveChart>("rateChart")->isVisible());
    opened.click("showRate");
    CHECK(opened.find<CurveChart>("rateChart")->isVisible());
    const QImage linear = test::pixelsOf(*loss);
    opened.click("curveLog");
    CHECK(test::pixelsOf(*loss) != linear);
    const QColor dark = loss->curves()[0].colour;
    applyTheme(*qApp, Theme::Light);
    CHECK(QTest::qWaitFor([&] { return loss->curves()[0].colour != dark; }, kPatience));
    CHECK(loss->curves()[0].colour.lightness() < dark.lightness());
    applyTheme(*qApp, Theme::Dark);
    opened.choose({QStringLiteral("0002")});
    opened.click("viewLog");
    REQUIRE(QTest::qWaitFor([&] { return opened.find<QPlainTextEdit>("runLog")->toPlainText().contains(QStringLiteral("2 classes of two")); }, kPatience));
}

TEST_CASE("runs page, imports a run's folder and says why it cannot") {
    Window opened;
    const test::TemporaryFolder elsewhere;
    const auto project = Project::create(elsewhere / "cluster.tomoloupe");
    const Run run = project->createRun(configOf("pretrain", "moco"));
    std::ofstream(run.modelPath()) << "weights";
    run.writeResult(RunState::Done, {{"loss", 1.25}});
    auto* page = opened.find<TrainPage>("trainPage");
    page->importRun(run.folder());
    REQUIRE(QTest::qWaitFor([&] { return opened.window.idle() && opened.find<QTableView>("runsTable")->model()->rowCount() == 1; }, kPatience));
    CHECK(opened.cell(0, RunsModel::State) == QStringLiteral("done"));
    QString told;
    QObject::connect(&opened.window.project(), &ProjectModel::failed, page, [&](const QString& sentence) { told = sentence; });
    page->importRun(elsewhere.path());
    REQUIRE(QTest::qWaitFor([&] { return !told.isEmpty(); }, kPatience));
    CHECK(told.contains(QStringLiteral("run.json")));
}
