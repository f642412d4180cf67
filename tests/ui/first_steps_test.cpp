// The walk of docs/user/first-steps.md through the real program, by clicks and keys alone. With TOMOLOUPE_PICTURES=FOLDER each
// step's picture is saved there.
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "tests/support/support.h"
#include "tests/ui/program_walk.h"
#include "ui/panels/gallery_page.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Walk : test::ProgramWalk {
    using ProgramWalk::ProgramWalk;
    void click(QWidget* widget) { QTest::mouseClick(widget, Qt::LeftButton); }
    void picture(const char* name) { ProgramWalk::picture(QStringLiteral("first-steps-") + QString::fromLatin1(name)); }
    /// The key of the class that the particle truly is, as a person sees it.
    Qt::Key keyOf(std::int64_t particle) {
        const QChar key = window.project().classKey(truth[static_cast<std::size_t>(particle)]);
        return static_cast<Qt::Key>(key.toUpper().unicode());
    }
    std::vector<std::int64_t> truth;
};

}  // namespace

TEST_CASE("first steps, from the start page to thirty labels, undo, help and the comparison with the truth") {
    const test::TemporaryFolder folder;
    Walk walk(folder.path());
    ProjectModel& project = walk.window.project();
    walk.picture("1-start");
    walk.click(walk.find<QPushButton>("startDemo"));
    REQUIRE(QTest::qWaitFor([&] { return project.set() && walk.window.idle() && walk.window.jobs().active().empty(); }, 120000));
    CHECK(project.set()->record.count == 300);
    CHECK(project.labelled() == 0);
    CHECK(project.contents().classes.size() == 5);
    walk.truth = project.project()->labelsIn("truth", project.set()->record.id);
    walk.picture("2-demo");

    walk.activate();
    TileView* tiles = walk.window.gallery()->tiles();
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, tiles->tileRect(0).center());
    for (int label = 0; label < 12; ++label) QTest::keyClick(tiles, walk.keyOf(project.currentParticle()));
    CHECK(project.labelled() == 12);
    walk.picture("3-labels");

    const std::int64_t mistaken = project.currentParticle();
    QTest::keyClick(tiles, walk.keyOf(mistaken) == Qt::Key_1 ? Qt::Key_2 : Qt::Key_1);
    QTest::keyClick(tiles, Qt::Key_Z, Qt::ControlModifier);
    CHECK(project.labelled() == 12);
    CHECK(project.currentParticle() == mistaken);
    QTest::keyClick(tiles, Qt::Key_U);
    CHECK(project.className(project.labelOf(mistaken)) == QStringLiteral("unsure"));

    while (project.labelled() < 28) QTest::keyClick(tiles, walk.keyOf(project.currentParticle()));
    const int first = static_cast<int>(project.currentParticle());
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, tiles->tileRect(first).center());
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, Qt::ShiftModifier, tiles->tileRect(first + 2).center());
    CHECK(project.selection().size() == 3);
    walk.picture("4-selection");
    QTest::keyClick(tiles, Qt::Key_J);
    CHECK(project.labelled() == 31);
    CHECK(project.className(project.labelOf(first + 1)) == QStringLiteral("junk"));

    QTest::keyClick(&walk.window, Qt::Key_F1);
    auto* search = walk.find<QLineEdit>("helpSearch");
    QTest::keyClicks(search, QStringLiteral("undo"));
    walk.picture("5-help");
    QTest::keyClick(search, Qt::Key_Escape);

    QTest::keyClick(&walk.window, Qt::Key_E, Qt::ControlModifier);
    auto* agreement = walk.find<QLabel>("agreement");
    CHECK(QTest::qWaitFor([&] { return agreement->text().contains(QStringLiteral("of 31 labelled in both")); }));
    walk.picture("6-compare");
}
