// The wizards of the train page through the real window, by mouse and keyboard, with made-up facts of the engine.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QTreeWidget>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/find_named.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/views_grid.h"
#include "ui/panels/wizard_method_step.h"
#include "ui/panels/wizard_page.h"
#include "ui/panels/wizard_start_step.h"

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

/// What the made-up engine was asked; written on workers.
struct Asked {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<nlohmann::json> trials, views;
    std::string trialError;
    bool slow = false;  // a trial then lasts until it is cancelled
    int cancelled = 0;

    template <typename Value>
    Value get(Value Asked::* field) {
        const std::lock_guard lock(mutex);
        return this->*field;
    }
};

TrainingTrial tried(Asked& asked, const std::string& wish, const StopToken& stop) {
    {
        const std::lock_guard lock(asked.mutex);
        asked.trials.push_back(nlohmann::json::parse(wish));
        if (!asked.trialError.empty()) throw Error(asked.trialError);
    }
    while (asked.get(&Asked::slow)) {
        if (stop.cancelRequested()) {
            const std::lock_guard lock(asked.mutex);
            ++asked.cancelled;
            throw Cancelled();
        }
        std::unique_lock lock(asked.mutex);
        asked.changed.wait_for(lock, std::chrono::milliseconds(5));
    }
    return {.stepSeconds = 0.5, .stepsPerEpoch = 3, .steps = 4, .seconds = 2, .memoryBytes = 5e8, .device = "cpu", .precision = "float32"};
}

MainWindow::Parts partsOf(const std::shared_ptr<Asked>& asked) {
    MainWindow::Parts parts = test::makeParts();
    parts.previews.encoders = [](std::int64_t box) {
        return std::vector<EncoderFact>{{"rb3d", "the paper's network", 35'100'000, 900'000'000, false, box < 16 ? "too small" : ""},
                                        {"resnet3d", "the modern one", 1'200'000, 80'000'000, true, ""},
                                        {"cb3d", "the largest", 0, 0, false, "The encoder cb3d takes boxes of 32 voxels and more; these have 16. Extract the particles with another box size"}};
    };
    parts.previews.training = [] {
        return TrainingChoices{{{"moco", "the paper's"}, {"simclr", "large batches"}}, {{"cpu", "", 8e9, 16e9}}};
    };
    parts.previews.views = [asked](const Volume& particle, const std::string& options, std::uint64_t, int count) {
        const std::lock_guard lock(asked->mutex);
        asked->views.push_back(nlohmann::json::parse(options));
        return std::vector<Volume>(static_cast<std::size_t>(count), particle);
    };
    parts.previews.trial = [asked](const std::string& wish, const StopToken& stop) { return tried(*asked, wish, stop); };
    return parts;
}

struct Window {
    Window() : window(partsOf(asked)) {
        test::makeProject(folder / "made.tomoloupe", 40);
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.idle(); }, kPatience));
        window.showPage(MainWindow::Train);
    }
    ~Window() {
        const std::lock_guard lock(asked->mutex);
        asked->slow = false;
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    void click(const char* name) {
        auto* button = find<QPushButton>(name);
        INFO(name);
        REQUIRE(button->isVisible());
        REQUIRE(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// Alt+Right; a button that is pressed by its key shows that for a moment first.
    void next(WizardPage* page) {
        const int before = page->step();
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        REQUIRE(QTest::qWaitFor([&] { return page->step() == before + 1; }, kPatience));
    }
    WizardPage* wizard(const char* name) { return find<WizardPage>(name); }
    /// What a window manager does.
    void activate() {
        window.activateWindow();
        REQUIRE(QTest::qWaitForWindowActive(&window, kPatience));
    }
    /// Everything that was asked for has come.
    void settle(WizardPage* page) {
        REQUIRE(QTest::qWaitFor([&] { return window.idle() && page->preflight().settled(); }, kPatience));
    }
    void type(const char* field, const QString& text) {
        auto* edit = find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    /// Labels half of the particles beta, so that there are two classes.
    void labelTwoClasses(int each = 16) {
        std::vector<IndexedLabel> labels;
        const auto beta = window.project().classForKey(QChar('2'));
        for (int i = 0; i < each; ++i) labels.push_back({20 + i, beta});
        REQUIRE(window.project().label(labels));
    }
    std::vector<Run> runs() { return Project::open(folder / "made.tomoloupe")->runs(); }

    std::shared_ptr<Asked> asked = std::make_shared<Asked>();
    test::TemporaryFolder folder;
    MainWindow window;
};

std::string sentencesOf(const WizardPage& page, Finding::Level level) {
    std::string all;
    for (const Finding& finding : const_cast<WizardPage&>(page).preflight().findings())
        if (finding.level == level) all += finding.sentence + "\n";
    return all;
}

}  // namespace

TEST_CASE("pre-train wizard, is walked by keys alone and starts what was set") {
    Window opened;
    opened.activate();
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.settle(page);
    CHECK(page->isVisible());
    CHECK(opened.find<QPushButton>("pretrainStep1")->hasFocus());
    CHECK(opened.find<QLabel>("pretrainSetFacts")->text().startsWith(QStringLiteral("40 particles · box 16 × 16 × 16 voxels · 10 Å a voxel")));

    opened.activate();
    opened.next(page);  // method and encoder
    auto* methods = opened.find<QTreeWidget>("pretrainMethods");
    REQUIRE(methods->topLevelItemCount() == 2);
    methods->setFocus();
    QTest::keyClick(methods, Qt::Key_Down);
    CHECK(page->draft().pretrain.method == "simclr");
    QTest::keyClick(methods, Qt::Key_Up);
    auto* encoders = opened.find<QTreeWidget>("pretrainEncoders");
    CHECK(encoders->topLevelItem(0)->text(1) == QStringLiteral("35 M"));
    CHECK(encoders->topLevelItem(2)->text(3) == QStringLiteral("does not take this box"));
    encoders->setFocus();
    QTest::keyClick(encoders, Qt::Key_Down);
    CHECK(page->draft().encoder().name == "resnet3d");

    opened.next(page);  // views
    opened.next(page);  // schedule
    REQUIRE(page->step() == 3);
    opened.type("pretrainSchedule.epochs", QStringLiteral("5"));
    opened.settle(page);
    opened.next(page);
    REQUIRE(page->step() == 4);
    opened.settle(page);
    CHECK(opened.find<QLabel>("pretrainEstimate")->text() == QStringLiteral("About 10 s, 500 MB of memory."));
    CHECK(opened.find<QPlainTextEdit>("pretrainCommand")->toPlainText().contains(QStringLiteral("--encoder resnet3d")));
    CHECK(opened.find<QPushButton>("startPretrain")->isEnabled());
    QTest::keyClick(&opened.window, Qt::Key_Return, Qt::ControlModifier);
    REQUIRE(QTest::qWaitFor([&] { return opened.runs().size() == 1; }, kPatience));
    const RunConfig config = opened.runs().front().config();
    CHECK(config.kind == "pretrain");
    CHECK(config.particleSet == "made");
    CHECK(config.options["epochs"] == 5);
    CHECK(config.options["encoder"] == "resnet3d");
    CHECK(QTest::qWaitFor([&] { return !page->isVisible(); }, kPatience));
    CHECK(QTest::qWaitFor([&] { return opened.window.jobs().active().empty() && opened.window.idle(); }, kPatience));
}

TEST_CASE("pre-train wizard, says what is wrong at once, and its buttons mend it") {
    Window opened;
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.settle(page);
    opened.click("pretrainStep4");
    opened.type("pretrainSchedule.batch-size", QStringLiteral("128"));
    opened.settle(page);
    CHECK_FALSE(opened.find<QPushButton>("startPretrain")->isEnabled());
    CHECK_THAT(sentencesOf(*page, Finding::Level::Error), test::contains("the set has 40"));
    CHECK(opened.find<QPushButton>("pretrainStep4")->text().endsWith(QChar(0x2715)));
    opened.click("pretrainScheduleFindings.fix.batch-size");
    CHECK(page->draft().pretrain.batchSize == 32);
    CHECK(opened.find<QLineEdit>("pretrainSchedule.batch-size")->text() == QStringLiteral("32"));
    opened.settle(page);
    CHECK(opened.find<QPushButton>("startPretrain")->isEnabled());
    // A value out of range.
    opened.type("pretrainSchedule.epochs", QStringLiteral("0"));
    CHECK_FALSE(opened.find<QPushButton>("startPretrain")->isEnabled());
    opened.type("pretrainSchedule.epochs", QStringLiteral("3"));
    CHECK(opened.find<QPushButton>("startPretrain")->isEnabled());
    // An encoder that cannot take the box.
    REQUIRE(page->draft().setOption("encoder", "cb3d").isEmpty());
    opened.settle(page);
    CHECK_THAT(sentencesOf(*page, Finding::Level::Error), test::contains("another box size"));
    opened.click("pretrainStep2");
    opened.click("pretrainMethodFindings.fix.encoder");
    CHECK(page->draft().encoder().name == "rb3d");
}

TEST_CASE("pre-train wizard, shows eight views and makes them anew for each change of the augmentation") {
    Window opened;
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.settle(page);
    CHECK(opened.asked->get(&Asked::views).empty());  // nobody looks
    opened.click("pretrainStep3");
    opened.settle(page);
    auto* views = opened.find<ViewsGrid>("pretrainViews");
    CHECK(views->count() == 9);
    CHECK_FALSE(views->pictures().front().isNull());
    opened.type("pretrainPaperViews.rotation", QStringLiteral("10"));
    opened.settle(page);
    CHECK(opened.asked->get(&Asked::views).back()["rotation"] == 10);
    auto* kinds = opened.find<QTreeWidget>("pretrainViewKinds");
    kinds->setCurrentItem(kinds->topLevelItem(1));
    opened.settle(page);
    CHECK(page->draft().augmentation().kind == "extended");
    CHECK(opened.asked->get(&Asked::views).back()["augmentation"] == "extended");
    CHECK(opened.find<QLineEdit>("pretrainExtendedViews.wedge-tilt")->isVisible());
}

TEST_CASE("pre-train wizard, a trial is cancelled when its step is left and its failure is told") {
    Window opened;
    opened.asked->slow = true;
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.settle(page);
    CHECK(opened.asked->get(&Asked::trials).empty());
    opened.click("pretrainStep4");
    REQUIRE(QTest::qWaitFor([&] { return opened.asked->get(&Asked::trials).size() == 1; }, kPatience));
    CHECK(opened.find<QLabel>("pretrainTimeEstimate")->text() == QStringLiteral("measuring a few steps…"));
    opened.click("pretrainClose");
    REQUIRE(QTest::qWaitFor([&] { return opened.asked->get(&Asked::cancelled) == 1; }, kPatience));
    {
        const std::lock_guard lock(opened.asked->mutex);
        opened.asked->slow = false;
        opened.asked->trialError = "There is not enough memory for a single step";
    }
    opened.click("pretrainButton");
    opened.click("pretrainStep5");
    opened.settle(page);
    CHECK_THAT(sentencesOf(*page, Finding::Level::Warning), test::contains("not enough memory for a single step"));
}

TEST_CASE("pre-train wizard, recipes are presets, and own ones are saved and loaded") {
    Window opened;
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.click("pretrainStep2");
    opened.click("pretrainQuick");
    CHECK(page->draft().pretrain.epochs == 8);
    CHECK(page->draft().encoder().name == "resnet3d");
    opened.click("pretrainPaper");
    CHECK(page->draft().pretrain.epochs == 200);
    CHECK(page->draft().encoder().name == "rb3d");
    REQUIRE(page->draft().setOption("batch-size", "24").isEmpty());
    auto* step = page->findChild<WizardMethodStep*>();
    REQUIRE(step);
    const QString file = QString::fromStdString((opened.folder / "mine.json").string());
    CHECK(step->saveRecipe(file).isEmpty());
    CHECK(nlohmann::json::parse(readTextFile(file.toStdString()))["pretrain"] == nlohmann::json{{"batch-size", 24}});
    opened.click("pretrainPaper");
    CHECK(page->draft().pretrain.batchSize == 16);
    CHECK(step->loadRecipe(file).isEmpty());
    CHECK(page->draft().pretrain.batchSize == 24);
    writeAtomically(file.toStdString(), R"({"pretrain": {"batch-size": 16, "epochs": -4}})");
    CHECK(step->loadRecipe(file).contains(QStringLiteral("epochs")));
    CHECK(page->draft().pretrain.batchSize == 24);  // nothing of it was taken
    writeAtomically(file.toStdString(), R"({"finetune": {}})");
    CHECK_FALSE(step->loadRecipe(file).isEmpty());
}

TEST_CASE("fine-tune wizard, tells of too few labels, and compares with random weights over several seeds in one click") {
    Window opened;
    RunConfig pretrain = configOf("pretrain", "moco");
    pretrain.particleSet = "made";
    const Run done = opened.window.project().project()->createRun(pretrain);
    done.writeResult(RunState::Done, {{"loss", 1.5}});
    opened.window.project().refresh();
    REQUIRE(QTest::qWaitFor([&] { return opened.window.idle() && opened.window.project().contents().runs.size() == 1; }, kPatience));
    opened.click("finetuneButton");
    WizardPage* page = opened.wizard("finetuneWizard");
    opened.settle(page);
    CHECK_FALSE(opened.find<QPushButton>("startFinetune")->isEnabled());
    CHECK_THAT(sentencesOf(*page, Finding::Level::Error), test::contains("two classes"));
    opened.labelTwoClasses(2);
    opened.settle(page);
    CHECK_THAT(sentencesOf(*page, Finding::Level::Error), test::contains("has fewer than 3 labels"));
    CHECK(opened.find<QTreeWidget>("finetuneClasses")->topLevelItem(1)->text(3) == QStringLiteral("too few: label 1 more"));
    opened.labelTwoClasses(16);
    opened.settle(page);
    CHECK(sentencesOf(*page, Finding::Level::Error).find("fewer than") == std::string::npos);

    opened.click("finetuneStep2");
    auto* starts = opened.find<QTreeWidget>("finetuneStarts");
    CHECK(starts->topLevelItemCount() == 2);
    page->draft().setStart(QString());  // the run has no model that could be read
    opened.settle(page);
    opened.find<QSpinBox>("finetuneRuns")->setValue(3);
    CHECK_FALSE(opened.find<QCheckBox>("finetuneAlsoRandom")->isEnabled());
    CHECK(opened.find<QPushButton>("startFinetune")->text() == QStringLiteral("Start 3 runs"));
    page->draft().setStart(QStringLiteral("0001"));
    QTest::mouseClick(opened.find<QCheckBox>("finetuneAlsoRandom"), Qt::LeftButton, {}, QPoint(8, opened.find<QCheckBox>("finetuneAlsoRandom")->height() / 2));
    CHECK(page->draft().alsoRandom());
    const auto configs = page->draft().configs();
    REQUIRE(configs.size() == 6);
    CHECK(configs[0].inputs == std::vector<std::string>{"0001"});
    CHECK(configs[1].inputs.empty());
    CHECK(configs[0].seed == configs[1].seed);
    CHECK(configs[4].seed == 3);
    const QString lines = page->draft().commandLines(opened.window.project().project()->folder());
    CHECK(lines.count(QStringLiteral("--runs 3")) == 2);
    CHECK(lines.count(QStringLiteral("--from 0001")) == 1);

    page->draft().setStart(QString());
    opened.settle(page);
    opened.click("finetuneStep6");
    opened.settle(page);
    REQUIRE(opened.find<QPushButton>("startFinetune")->isEnabled());
    opened.click("startFinetune");
    CHECK(opened.runs().size() == 4);
    CHECK(QTest::qWaitFor([&] { return opened.window.jobs().active().empty() && opened.window.idle(); }, kPatience));
}

TEST_CASE("wizard, prepares a run without starting it, and writes its run.json") {
    Window opened;
    opened.click("pretrainButton");
    WizardPage* page = opened.wizard("pretrainWizard");
    opened.settle(page);
    opened.click("pretrainStep5");
    opened.settle(page);
    auto* step = page->findChild<WizardStartStep*>();
    REQUIRE(step);
    const std::filesystem::path file = opened.folder / "run.json";
    CHECK(step->saveRunJson(QString::fromStdString(file.string())).isEmpty());
    CHECK(runConfigFromJson(nlohmann::json::parse(readTextFile(file))).kind == "pretrain");
    opened.click("pretrainPrepare");
    REQUIRE(opened.runs().size() == 1);
    CHECK(opened.runs().front().state() == RunState::Prepared);
    CHECK(opened.window.jobs().active().empty());
}

TEST_CASE("wizard, duplicate opens it with the options of a run") {
    Window opened;
    PretrainOptions options;
    options.epochs = 17;
    options.batchSize = 8;
    RunConfig config = configOf("pretrain", "moco");
    config.options = toJson(options.describe());
    config.particleSet = "made";
    config.seed = 9;
    (void)opened.window.project().project()->createRun(config);
    opened.window.project().refreshRuns();
    REQUIRE(QTest::qWaitFor([&] { return opened.window.idle() && opened.window.project().contents().runs.size() == 1; }, kPatience));
    opened.click("runDuplicate");
    WizardPage* page = opened.wizard("pretrainWizard");
    CHECK(page->isVisible());
    CHECK(page->draft().pretrain.epochs == 17);
    CHECK(page->draft().pretrain.batchSize == 8);
    CHECK(page->draft().seed() == 9);
    opened.settle(page);
    opened.click("pretrainStep4");
    CHECK(opened.find<QLineEdit>("pretrainSchedule.epochs")->text() == QStringLiteral("17"));
}
