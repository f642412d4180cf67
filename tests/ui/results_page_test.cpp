#include "ui/panels/results_page.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include "core/experiment/cell_record.h"
#include "core/experiment/experiment_job.h"
#include "tests/support/support.h"
#include "tests/ui/find_named.h"
#include "tests/ui/judged_project.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/value_slider.h"
#include "ui/views/confusion_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The real window on the results of a made project.
struct Results {
    explicit Results(const std::function<void(Project&)>& change) : window(test::makeParts()) {
        test::makeProject(folder / "made.tomoloupe");
        change(*Project::open(folder / "made.tomoloupe"));
        window.resize(1280, 800);
        window.choosePage(MainWindow::Results);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        settle([this] { return window.project().set() != nullptr; });
    }
    void settle(const std::function<bool()>& reached = [] { return true; }) {
        REQUIRE(QTest::qWaitFor([&] { return reached() && window.idle(); }, 20000));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    void click(const char* name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }
    test::TemporaryFolder folder;
    MainWindow window;
};

}  // namespace

TEST_CASE("results, without any run the page says what to do first") {
    Results opened([](Project&) {});
    CHECK(opened.find<QLabel>("resultsEmpty")->isVisible());
    opened.click("resultsDoFirst");
    CHECK(opened.find<QWidget>("trainPage")->isVisible());
}

TEST_CASE("results, a run that failed is told with its reason") {
    Results opened([](Project& project) {
        RunConfig config;
        config.kind = "finetune";
        config.particleSet = "made";
        config.options = nlohmann::json::object();
        project.createRun(config).writeResult(RunState::Failed, {{"message", "The disk is full"}});
    });
    CHECK(opened.find<QLabel>("resultsEmpty")->text().contains(QStringLiteral("The disk is full")));
}

TEST_CASE("results, a cell of the matrix opens the gallery with exactly its particles") {
    Results opened([](Project& project) { test::addFinetuning(project); });
    auto* matrix = opened.find<ConfusionView>("confusionMatrix");
    CHECK(opened.find<QLabel>("resultAccuracy")->text().contains(QStringLiteral("66.7")));
    QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect({0, 1}).center().toPoint());
    opened.settle();
    GalleryPage* gallery = opened.window.gallery();
    CHECK(gallery->isVisible());
    REQUIRE(gallery->model()->rowCount() == 1);
    CHECK(gallery->model()->particleAt(0) == 4);
    CHECK(opened.window.project().currentParticle() == 4);
    CHECK(opened.find<QLabel>("galleryOnly")->text().contains(QStringLiteral("called beta")));
    opened.click("galleryOnlyClear");
    opened.settle();
    CHECK(gallery->model()->rowCount() == 12);
}

TEST_CASE("results, a project that an experiment made shows its tables") {
    const auto recipe = nlohmann::json::parse(R"({"about": "Two starts", "experiment": {"sets": [{"name": "one set", "recipe": "tiny", "published": {"moco": [98.5]}}],
        "starts": [{"name": "random"}, {"name": "moco", "pretrain": {}}], "label-fractions": [1], "seeds": 2}})");
    Results plain([](Project& project) { test::addFinetuning(project); });
    CHECK_FALSE(plain.find<QPushButton>("resultTabExperiment")->isVisible());
    Results opened([&](Project& project) {
        test::addFinetuning(project);
        openExperiment({project.folder()}, "mine", recipe, false, false);
        for (int seed = 1; seed <= 2; ++seed)
            writeRecord(project.folder(), CellRecord{.title = "one set, moco, 100 %, seed " + std::to_string(seed), .kind = "finetune", .set = "one set", .start = "moco", .seed = seed, .run = "runs/0001",
                                                     .machine = {}, .options = nlohmann::json::object(), .testAccuracy = 0.6 + 0.1 * seed, .trainCount = 30, .right = "10"});
    });
    opened.click("resultTabExperiment");
    auto* table = opened.find<QTableWidget>("experimentTable");
    opened.settle([&] { return table->rowCount() == 4; });
    CHECK(table->item(0, 0)->text() == QStringLiteral("one set"));
    CHECK(table->item(2, 0)->text().trimmed() == QStringLiteral("moco"));
    CHECK(table->item(2, 1)->text() == QStringLiteral("75.0 ± 7.1"));
    CHECK(table->item(3, 1)->text() == QStringLiteral("98.5"));
    CHECK(table->item(1, 1)->text().isEmpty());
}

TEST_CASE("results, the project of one shard shows the tables of all") {
    const auto recipe = nlohmann::json::parse(R"({"about": "One start", "experiment": {"sets": ["tiny"], "starts": [{"name": "random"}], "label-fractions": [1]}})");
    Results opened([&](Project& project) {
        test::addFinetuning(project);
        openExperiment({project.folder().parent_path(), 1, 2}, "mine", recipe, false, false);
    });
    opened.click("resultTabExperiment");
    opened.settle([&] { return opened.find<QTableWidget>("experimentTable")->rowCount() == 2; });
}

TEST_CASE("results, a cell is reached by keys too") {
    Results opened([](Project& project) { test::addFinetuning(project); });
    auto* matrix = opened.find<ConfusionView>("confusionMatrix");
    QTest::keyClick(matrix, Qt::Key_Down);
    QTest::keyClick(matrix, Qt::Key_Return);  // labelled beta, called alpha
    opened.settle();
    REQUIRE(opened.window.gallery()->model()->rowCount() == 1);
    CHECK(opened.window.gallery()->model()->particleAt(0) == 1);
}

TEST_CASE("results, predictions become labels from a probability on, and one undo takes all back") {
    Results opened([](Project& project) { test::addPrediction(project, test::addFinetuning(project)); });
    opened.click("resultTabPredictions");
    ProjectModel& project = opened.window.project();
    CHECK(project.labelled() == 6);
    auto* label = opened.find<QPushButton>("labelPredictions");
    auto* number = opened.find<QLineEdit>("labelThreshold.number");
    number->setFocus();
    number->selectAll();
    QTest::keyClicks(number, QStringLiteral("0.84"));
    QTest::keyClick(number, Qt::Key_Return);
    CHECK(opened.find<QLabel>("labelCount")->text().startsWith(QStringLiteral("2 ")));
    QTest::mouseClick(label, Qt::LeftButton);
    opened.settle();
    CHECK(project.labelled() == 8);
    CHECK(project.className(project.labelOf(11)) == QStringLiteral("beta"));
    CHECK_FALSE(label->isEnabled());
    opened.find<QAction>("actionUndo")->trigger();
    CHECK(project.labelled() == 6);
    opened.find<QCheckBox>("labelUnlabelledOnly")->click();
    opened.settle();
    number->setFocus();
    number->selectAll();
    QTest::keyClicks(number, QStringLiteral("0"));
    QTest::keyClick(number, Qt::Key_Return);
    CHECK(opened.find<QLabel>("labelCount")->text().startsWith(QStringLiteral("9 ")));
}

TEST_CASE("results, a row of the predictions is the current particle everywhere") {
    Results opened([](Project& project) { test::addFinetuning(project); });
    opened.click("resultTabPredictions");
    auto* table = opened.find<QTableView>("predictionTable");
    opened.settle([&] { return table->model()->rowCount() == 6; });
    CHECK(table->model()->index(0, 0).data().toInt() == 4);  // wrong, and most sure of it
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(1, 1)).center());
    CHECK(opened.window.project().currentParticle() == 1);
    opened.find<QComboBox>("predictionAgreement")->setCurrentIndex(1);  // right
    opened.settle([&] { return table->model()->rowCount() == 4; });
    opened.click("predictionsToGallery");
    opened.settle();
    CHECK(opened.window.gallery()->model()->rowCount() == 4);
}

TEST_CASE("results, the mean of a class is shown with how it was made") {
    Results opened([](Project& project) { test::addFinetuning(project); });
    opened.click("resultTabAverages");
    auto* words = opened.find<QLabel>("averageWords");
    opened.settle([&] { return words->text().startsWith(QStringLiteral("Mean of")); });
    CHECK(words->text().contains(QStringLiteral("knows no poses")));
    CHECK(opened.find<QPushButton>("averageSave")->isEnabled());
}

TEST_CASE("results, a run without stored predictions offers to predict the set") {
    Results opened([](Project& project) {
        std::filesystem::remove(project.run(test::addFinetuning(project)).folder() / "test_predictions.csv");
    });
    CHECK(opened.find<QLabel>("resultsEmpty")->isVisible());
    opened.click("resultsDoFirst");
    opened.settle([&] { return opened.window.jobs().active().empty(); });
    const auto runs = Project::open(opened.folder / "made.tomoloupe")->runs();
    REQUIRE(runs.size() == 2);
    CHECK(runs.back().config().kind == "predict");
    CHECK(runs.back().config().inputs == std::vector<std::string>{"0001"});
}
