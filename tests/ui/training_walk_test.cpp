// Both wizards through the real program with its engine: a tiny pre-training and fine-tuning by mouse and keyboard, and a training whose process
// is killed. With TOMOLOUPE_PICTURES=FOLDER each step's picture is saved there.
#include <signal.h>

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTreeWidget>
#include <fstream>
#include <sstream>

#include "core/project/project.h"
#include "core/recipe/built_in_recipes.h"
#include "tests/support/support.h"
#include "tests/ui/program_walk.h"
#include "ui/models/runs_model.h"
#include "ui/panels/views_grid.h"
#include "ui/panels/wizard_page.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

struct Walk : test::ProgramWalk {
    explicit Walk(int perClass = 20) : ProgramWalk({}) {
        (void)Project::create(folder / "walk.tomoloupe");
        window.openProject(folder / "walk.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().isOpen() && window.idle(); }, kMinute));
        RunConfig config = configOf("simulate", "tiny");
        config.options = builtInRecipe("tiny").at("simulate");
        config.options["per-class"] = perClass;
        config.particleSet = "tiny";
        window.launcher().start(config);
        REQUIRE(QTest::qWaitFor([this] { return window.jobs().active().empty() && window.idle() && window.project().set(); }, 2 * kMinute));
        window.showPage(MainWindow::Train);
        activate();
    }
    void click(const char* name) {
        auto* button = find<QPushButton>(name);
        INFO(name);
        REQUIRE(button->isVisible());
        REQUIRE(QTest::qWaitFor([button] { return button->isEnabled(); }, kMinute));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void type(const char* field, const QString& text) {
        auto* edit = find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void settle(const char* wizard) {
        auto* page = find<WizardPage>(wizard);
        REQUIRE(QTest::qWaitFor([&] { return window.idle() && page->preflight().settled(); }, 2 * Walk::kMinute));
    }
    void next(const char* wizard) {
        auto* page = find<WizardPage>(wizard);
        const int before = page->step();
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        REQUIRE(QTest::qWaitFor([&] { return page->step() == before + 1; }, kMinute));
    }
    void picture(const char* name) { ProgramWalk::picture(QString::fromLatin1(name)); }
    bool allEnded(int minutes) { return settled(minutes); }
    [[nodiscard]] RunState stateOf(const std::string& id) { return Project::open(folder / "walk.tomoloupe")->run(id).state(); }

    test::TemporaryFolder folder;
};

/// The process that works on a run of this folder: `tomoloupe-cli run FOLDER --events`.
pid_t processOf(const std::filesystem::path& run) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(entry.path() / "cmdline");
        std::stringstream words;
        words << file.rdbuf();
        if (words.str().find(run.string()) != std::string::npos && words.str().find("--events") != std::string::npos) return std::stoi(name);
    }
    return 0;
}

}  // namespace

TEST_CASE("training, both wizards from data to results by mouse and keyboard") {
    Walk walk;
    walk.click("pretrainButton");
    walk.settle("pretrainWizard");
    walk.picture("wizard-1-data");
    walk.next("pretrainWizard");
    walk.click("pretrainQuick");
    auto* encoders = walk.find<QTreeWidget>("pretrainEncoders");
    CHECK(encoders->topLevelItemCount() == 9);
    walk.picture("wizard-2-method");
    walk.next("pretrainWizard");
    walk.settle("pretrainWizard");
    CHECK(walk.find<ViewsGrid>("pretrainViews")->count() == 9);
    walk.picture("wizard-3-views");
    walk.next("pretrainWizard");
    walk.type("pretrainSchedule.epochs", QStringLiteral("2"));
    walk.settle("pretrainWizard");
    walk.picture("wizard-4-schedule");
    walk.next("pretrainWizard");
    walk.settle("pretrainWizard");
    CHECK(walk.find<QLabel>("pretrainEstimate")->text().startsWith(QStringLiteral("About ")));
    walk.picture("wizard-5-start");
    QTest::keyClick(&walk.window, Qt::Key_Return, Qt::ControlModifier);
    REQUIRE(QTest::qWaitFor([&] { return walk.window.jobs().active().size() == 1; }, Walk::kMinute));
    REQUIRE(walk.allEnded(5));
    CHECK(walk.stateOf("2") == RunState::Done);

    walk.click("runFinetune");
    walk.settle("finetuneWizard");
    CHECK(walk.find<QTreeWidget>("finetuneClasses")->topLevelItemCount() == 3);
    walk.picture("finetune-1-data");
    walk.next("finetuneWizard");
    CHECK(walk.find<WizardPage>("finetuneWizard")->draft().start() == QStringLiteral("0002"));
    walk.find<QSpinBox>("finetuneRuns")->setValue(2);
    auto* random = walk.find<QCheckBox>("finetuneAlsoRandom");
    random->setFocus();
    QTest::keyClick(random, Qt::Key_Space);
    walk.settle("finetuneWizard");
    CHECK(walk.find<WizardPage>("finetuneWizard")->draft().encoder().name == "resnet3d");
    walk.picture("finetune-2-start");
    walk.click("finetuneStep5");
    walk.type("finetuneSchedule.epochs", QStringLiteral("2"));
    walk.settle("finetuneWizard");
    walk.picture("finetune-3-schedule");
    walk.click("finetuneStep6");
    walk.settle("finetuneWizard");
    walk.picture("finetune-4-check");
    CHECK(walk.find<QPushButton>("startFinetune")->text() == QStringLiteral("Start 4 runs"));
    walk.click("startFinetune");
    REQUIRE(walk.allEnded(10));
    for (const char* id : {"3", "4", "5", "6"}) CHECK(walk.stateOf(id) == RunState::Done);
    CHECK(Project::open(walk.folder / "walk.tomoloupe")->run("3").result()["split"] == "stratified");

    auto* table = walk.find<QTableView>("runsTable");
    table->selectionModel()->clearSelection();
    for (const int row : {3, 2}) table->selectionModel()->select(table->model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    REQUIRE(QTest::qWaitFor([&] { return walk.window.idle(); }, Walk::kMinute));
    walk.picture("runs-1-curves");
    walk.click("viewCompare");
    CHECK(walk.find<QLabel>("compareVerdict")->text().contains(QStringLiteral("2 seeds in common")));
    walk.picture("runs-2-compare");
}

TEST_CASE("training, a killed process leaves the window alive with the reason, and resume goes on") {
    Walk walk(40);
    walk.click("pretrainButton");
    walk.click("pretrainStep2");
    walk.click("pretrainQuick");
    walk.click("pretrainStep4");
    walk.type("pretrainSchedule.epochs", QStringLiteral("400"));
    REQUIRE(walk.find<WizardPage>("pretrainWizard")->draft().setOption("checkpoint-seconds", "1").isEmpty());
    walk.click("startPretrain");
    const Run run = Project::open(walk.folder / "walk.tomoloupe")->run("2");
    REQUIRE(QTest::qWaitFor([&] { return run.hasCheckpoint(); }, 3 * Walk::kMinute));
    const pid_t process = processOf(run.folder());
    REQUIRE(process > 0);
    REQUIRE(::kill(process, SIGKILL) == 0);
    REQUIRE(walk.allEnded(1));
    CHECK(run.state() == RunState::Interrupted);
    CHECK(walk.find<QLabel>("runReason")->isVisible());
    CHECK(walk.find<QLabel>("runReason")->text().contains(QStringLiteral("killed by signal 9")));
    auto* table = walk.find<QTableView>("runsTable");
    CHECK(table->model()->index(0, RunsModel::State).data().toString() == QStringLiteral("interrupted"));
    CHECK(table->model()->index(0, RunsModel::Way).data().toString() == QStringLiteral("Resume ›"));
    CHECK(table->model()->index(0, RunsModel::Note).data().toString().contains(QStringLiteral("signal 9")));
    walk.picture("runs-3-killed");

    const auto losses = [&] { return readMetrics(run.metricsPath()).size(); };
    const std::size_t before = losses();
    walk.click("runResume");
    REQUIRE(QTest::qWaitFor([&] { return losses() > before + 20; }, 3 * Walk::kMinute));
    CHECK(run.state() == RunState::Running);
    walk.click("runCancel");
    REQUIRE(walk.allEnded(1));
    CHECK(run.state() == RunState::Cancelled);
    CHECK(processOf(run.folder()) == 0);
}
