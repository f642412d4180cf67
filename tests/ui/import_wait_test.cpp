#include <QLineEdit>
#include <QPushButton>
#include <fstream>

#include "tests/ui/open_window.h"
#include "ui/panels/import_page.h"
#include "ui/panels/notice_strip.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

std::filesystem::path writeList(const std::filesystem::path& path) {
    std::ofstream(path) << "data_particles\n\nloop_\n_rlnTomoName #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n"
                           "_rlnCoordinateZ #4\n_rlnPixelSize #5\nmade 10 5 5 5\nmade 12 6 6 5\n";
    return path;
}

void leave(OpenWindow& open) {
    QTest::keyClick(open.window.get(), Qt::Key_2, Qt::ControlModifier);
    REQUIRE(open.find<QWidget>("galleryPage")->isVisible());
}

}  // namespace

TEST_CASE("import, a list that was left for another page waits as it was") {
    OpenWindow open;
    open.window->importList(writeList(open.folder / "first.star"));
    open.window->importList(writeList(open.folder / "second.star"));
    open.settle();
    auto* page = open.find<ImportPage>("importPage");
    auto* name = open.find<QLineEdit>("importName");
    name->setText(QStringLiteral("mine"));
    leave(open);
    CHECK_FALSE(page->isVisible());
    auto* notice = open.find<NoticeStrip>("notice");
    CHECK(notice->text().contains("first.star waits"));
    open.clickRow(Navigator::Item::List, "first.star");
    CHECK(page->isVisible());
    CHECK(name->text() == QStringLiteral("mine"));
    CHECK_FALSE(notice->isVisible());
    leave(open);
    auto* back = notice->findChildren<QPushButton*>().value(0);
    REQUIRE(back);
    QTest::mouseClick(back, Qt::LeftButton);
    CHECK(page->isVisible());
    QTest::mouseClick(open.find<QPushButton>("importTake"), Qt::LeftButton);
    open.settle([&] { return open.row(Navigator::Item::Set, "mine") != nullptr; });
    // The next one has come up; it is dropped from the page it was left for.
    CHECK(open.row(Navigator::Item::List, "second.star"));
    leave(open);
    auto* drop = notice->findChildren<QPushButton*>().value(1);
    REQUIRE(drop);
    QTest::mouseClick(drop, Qt::LeftButton);
    CHECK_FALSE(open.row(Navigator::Item::List, "second.star"));
    CHECK(QTest::qWaitFor([&] { return open.window->findChildren<ImportPage*>().empty(); }));
    CHECK(open.find<QWidget>("galleryPage")->isVisible());
}

TEST_CASE("import, lists do not wait for another project") {
    OpenWindow open;
    open.window->importList(writeList(open.folder / "first.star"));
    leave(open);
    open.window->openProject(test::makeProject(open.folder / "other.tomoloupe"));
    open.settle([&] { return open.project().name() == QStringLiteral("other"); });
    CHECK_FALSE(open.row(Navigator::Item::List, "first.star"));
    CHECK(QTest::qWaitFor([&] { return open.window->findChildren<ImportPage*>().empty(); }));
}
