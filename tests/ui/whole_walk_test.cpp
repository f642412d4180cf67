// The whole loop in the real program, from the start page, by mouse and keyboard alone: the demo, labels, pre-training, fine-tuning,
// prediction, results, an explanation, a STAR file.
#include <QApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <fstream>
#include <sstream>

#include "tests/support/support.h"
#include "tests/ui/program_walk.h"
#include "ui/panels/gallery_page.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Walk : test::ProgramWalk {
    using ProgramWalk::ProgramWalk;
    void click(const char* name) {
        auto* button = find<QPushButton>(name);
        INFO(name);
        REQUIRE(QTest::qWaitFor([button] { return button->isVisible() && button->isEnabled(); }, kMinute));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void page(Qt::Key key) { QTest::keyClick(&window, key, Qt::ControlModifier); }
    void settle() { REQUIRE(settled(5)); }
    /// By the key, once the wizard says that it may start.
    void start(const char* name) {
        auto* button = find<QPushButton>(name);
        REQUIRE(QTest::qWaitFor([button] { return button->isEnabled(); }, kMinute));
        QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
        REQUIRE(QTest::qWaitFor([this] { return window.jobs().active().size() == 1; }));
    }
    [[nodiscard]] std::size_t finished(const char* kind) {
        std::size_t count = 0;
        for (const RunRow& row : window.project().contents().runs)
            count += row.run.config().kind == kind && row.state == RunState::Done;
        return count;
    }
    void picture(const char* name) { ProgramWalk::picture(QStringLiteral("whole-walk-") + QString::fromLatin1(name)); }
};

}  // namespace

TEST_CASE("the whole loop, from the start page to a STAR file, by mouse and keyboard") {
    const test::TemporaryFolder folder;
    Walk walk(folder.path());
    ProjectModel& project = walk.window.project();
    walk.click("startDemo");
    REQUIRE(QTest::qWaitFor([&] { return project.set() && walk.window.idle() && walk.window.jobs().active().empty(); }, 2 * Walk::kMinute));
    walk.activate();

    // Sixty labels as a person would give them, who knows the truth.
    const std::vector<std::int64_t> truth = project.project()->labelsIn("truth", project.set()->record.id);
    TileView* tiles = walk.window.gallery()->tiles();
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, tiles->tileRect(0).center());
    while (project.labelled() < 60) {
        const QChar key = project.classKey(truth[static_cast<std::size_t>(project.currentParticle())]);
        QTest::keyClick(tiles, static_cast<Qt::Key>(key.toUpper().unicode()));
    }

    walk.page(Qt::Key_4);
    walk.click("pretrainButton");
    walk.click("pretrainStep2");
    walk.click("pretrainQuick");
    walk.start("startPretrain");
    walk.settle();
    REQUIRE(walk.finished("pretrain") == 1);

    walk.click("runFinetune");
    walk.start("startFinetune");
    walk.settle();
    REQUIRE(walk.finished("finetune") == 1);
    walk.picture("1-trained");

    walk.click("predictButton");
    walk.settle();
    REQUIRE(walk.finished("predict") == 1);
    CHECK(project.set()->predictions.runId == "0004");

    walk.page(Qt::Key_5);
    walk.settle();
    walk.picture("2-results");
    CHECK(walk.find<QWidget>("confusionMatrix")->isVisible());

    walk.page(Qt::Key_6);
    walk.click("explainStart");
    walk.settle();
    CHECK(walk.finished("explain") == 1);
    walk.picture("3-explained");

    const std::filesystem::path star = folder / "labelled.star";
    QTimer asked;
    QObject::connect(&asked, &QTimer::timeout, &walk.window, [&] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (!dialog || !dialog->isVisible()) return;
        const QString wanted = QString::fromStdString(star.string());
        auto* name = dialog->findChild<QLineEdit*>();
        if (name->text() != wanted) {
            name->selectAll();
            QTest::keyClicks(name, wanted);
        }
        // Again until it is taken: a list of completions may swallow the first click.
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
    });
    asked.start(50);
    QTest::keyClick(&walk.window, Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    REQUIRE(QTest::qWaitFor([&] { return std::filesystem::exists(star) && walk.window.idle(); }, Walk::kMinute));
    std::ostringstream text;
    text << std::ifstream(star).rdbuf();
    CHECK_THAT(text.str(), test::contains("_tomoloupeLabel") && test::contains("_tomoloupePrediction"));
}
