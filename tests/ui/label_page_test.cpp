#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/project/embedding.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/label_page.h"
#include "ui/views/standing_chart.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Stands for the engine: "learns" the labels there are, and predicts particle 7 to be as uncertain as can be.
class TeacherJob : public Job {
  public:
    explicit TeacherJob(const std::filesystem::path& folder) : run_(folder) {}
    void run(JobContext&) override {
        const auto project = Project::open(run_.projectFolder());
        const ParticleSetRecord set = project->particleSet(run_.config().particleSet);
        if (run_.config().kind == "finetune") {
            const auto labels = project->labels(set.id);
            const auto count = std::count_if(labels.begin(), labels.end(), [](std::int64_t id) { return id != 0; });
            run_.writeResult(RunState::Done, {{"label_count", count}, {"test", {{"count", 10}}}, {"test_accuracy", 0.8}});
            return;
        }
        if (run_.config().kind == "embed") return embed(*project, set);
        const auto classes = project->classes();
        std::vector<Prediction> predictions;
        for (const std::int64_t id : project->particleIds(set.id)) {
            const float first = std::ssize(predictions) == kUncertain ? 0.5F : 0.9F;
            predictions.push_back({id, classes[0].id, {first, 1 - first}});
        }
        project->storePredictions(run_.id(), set.id, predictions);
        run_.writeResult(RunState::Done, {{"model", run_.config().inputs.front()}});
    }
    static constexpr std::ptrdiff_t kUncertain = 55;

  private:
    void embed(const Project& project, const ParticleSetRecord& set) const {
        Embedding embedding;
        embedding.particles = project.particleIds(set.id);
        embedding.components = 2;
        embedding.variances = {0.5F, 0.5F};
        for (std::int64_t i = 0; i < set.count; ++i) {
            embedding.reduced.push_back(std::cos(static_cast<float>(i)));
            embedding.reduced.push_back(std::sin(static_cast<float>(i)));
        }
        writeEmbedding(run_.folder(), embedding, embedding.reduced);
        run_.writeResult(RunState::Done, nlohmann::json::object());
    }

    Run run_;
};

struct Page {
    explicit Page(int particles)
        : window(test::makeParts([](const std::filesystem::path& run) { return std::make_unique<TeacherJob>(run); })) {
        test::makeProject(folder / "made.tomoloupe", particles);
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.idle(); }));
        window.showPage(MainWindow::Map);  // pages are made when they are first shown
        window.showPage(MainWindow::Label);
        page = window.findChild<LabelPage*>();
        REQUIRE(page);
        settle();
    }
    void settle() { REQUIRE(QTest::qWaitFor([this] { return window.idle() && window.jobs().active().empty(); })); }
    void type(Qt::Key key) { QTest::keyClick(page->tiles()->viewport(), key); }
    [[nodiscard]] const std::vector<std::int64_t>& proposed() const { return page->rounds().proposed(); }
    /// The model by which the embedding was made that the Map page shows.
    [[nodiscard]] QString mappedBy() {
        const QString shown = window.findChild<QComboBox*>("mapEmbedding")->currentData().toString();
        for (const RunRow& row : window.project().contents().runs)
            if (QString::fromStdString(row.run.id()) == shown) return QString::fromStdString(row.run.config().inputs.front());
        return {};
    }
    [[nodiscard]] QString text(const char* name) { return window.findChild<QLabel*>(QString::fromLatin1(name))->text(); }

    test::TemporaryFolder folder;
    MainWindow window;
    LabelPage* page = nullptr;
};

}  // namespace

TEST_CASE("label page, a round that is decided is learnt from, and the next one follows the model") {
    Page page(60);  // the first 30 have labels
    REQUIRE(page.proposed().size() == 20);
    CHECK(*std::min_element(page.proposed().begin(), page.proposed().end()) >= 30);
    CHECK(page.text("labelState").contains("two classes"));
    CHECK_FALSE(page.window.findChild<QPushButton*>("labelLearn")->isEnabled());

    const std::vector<std::int64_t> first = page.proposed();
    const bool asked = std::find(first.begin(), first.end(), TeacherJob::kUncertain) != first.end();
    page.type(Qt::Key_Space);
    for (int i = 0; i < 19; ++i) page.type(Qt::Key_2);
    QTRY_VERIFY(page.page->rounds().standings().size() == 1);
    page.settle();
    const LabelRounds::Standing standing = page.page->rounds().standings().front();
    CHECK(standing.labels == 49);
    CHECK(standing.tested == 10);
    CHECK(standing.accuracy == 0.8);
    CHECK(page.window.findChild<StandingChart*>("labelChart")->points().size() == 1);

    // The rest: ten that were not asked for, without the one that was skipped.
    QTRY_VERIFY(page.proposed() != first);
    CHECK(page.proposed().size() == 10);
    for (const std::int64_t particle : page.proposed())
        CHECK(std::find(first.begin(), first.end(), particle) == first.end());
    page.window.findChild<QPushButton*>("labelOthers")->click();
    page.settle();
    if (!asked) CHECK(page.proposed().front() == TeacherJob::kUncertain);
    CHECK(page.window.project().predictionOf(0).has_value());
    CHECK(page.mappedBy() == standing.runId);

    page.page->tiles()->setFocus();
    for (int i = 0; i < 10; ++i) page.type(Qt::Key_2);  // the last round
    QTRY_VERIFY(page.page->rounds().standings().size() == 2);
    page.settle();
    CHECK(page.mappedBy() == page.page->rounds().standings().back().runId);
}

TEST_CASE("label page, undo takes a label of the round back and skipped ones come last") {
    Page page(8);  // four are not labelled
    REQUIRE(page.proposed().size() == 4);
    page.window.findChild<QCheckBox*>("labelAutomatic")->click();
    page.type(Qt::Key_2);
    CHECK(page.page->rounds().decidedCount() == 1);
    CHECK(page.text("labelHeading") == "1 of 4 decided");
    REQUIRE(page.window.project().undoLabels());
    CHECK(page.page->rounds().decidedCount() == 0);
    for (int i = 0; i < 4; ++i) page.type(Qt::Key_Space);
    page.settle();
    CHECK(page.proposed().size() == 4);  // nothing else is left: once more
    for (int i = 0; i < 4; ++i) page.type(Qt::Key_2);
    page.settle();
    CHECK(page.proposed().empty());
    CHECK(page.text("labelHeading") == "Nothing is left to label");
    CHECK(page.page->rounds().standings().empty());  // not asked to learn
}

TEST_CASE("Wilson's interval of a proportion") {
    // statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson")
    const auto [low, high] = wilsonInterval(8, 10);
    CHECK(std::abs(low - 0.4901625) < 1e-6);
    CHECK(std::abs(high - 0.9433178) < 1e-6);
    CHECK(wilsonInterval(0, 0) == std::pair(0.0, 1.0));
}
