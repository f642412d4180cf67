#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>

#include "tests/ui/open_window.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

void press(OpenWindow& open, const char* button) {
    QTest::mouseClick(open.find<QPushButton>(button), Qt::LeftButton);
    open.settle();
}

}  // namespace

TEST_CASE("gallery memory, looks of tiles are there again, in every project") {
    QSettings().clear();
    OpenWindow open({}, true);
    press(open, "galleryShow");
    open.find<QSpinBox>("showSlabSlices")->setValue(9);
    press(open, "showXZ");
    press(open, "showCommonContrast");
    open.find<QSlider>("galleryTileSize")->setValue(190);
    open.open(true);
    CHECK(open.window->gallery()->pictures().look() ==
          TileLook{TileLook::Depth::Slab, 9, TileLook::Planes::XZ, true});
    CHECK(open.find<QSlider>("galleryTileSize")->value() == 190);
    CHECK(open.find<QPushButton>("showXZ")->isChecked());
    press(open, "galleryList");
    open.open(true);
    CHECK(open.find<QWidget>("galleryTable")->isVisible());
    OpenWindow other({}, true);
    CHECK(other.find<QSlider>("galleryTileSize")->value() == 190);
    open.open(false);
    CHECK(open.find<QSlider>("galleryTileSize")->value() != 190);
    QSettings().clear();
}

TEST_CASE("gallery memory, what is listed is kept for each project, and one that hides all says so") {
    QSettings().clear();
    OpenWindow open({}, true);
    press(open, "galleryUnlabelled");
    press(open, "gallerySortDirection");
    REQUIRE(open.window->gallery()->model()->particleAt(0) == 11);
    open.open(true);
    open.settle([&] { return !open.window->gallery()->model()->busy(); });
    CHECK(open.window->gallery()->model()->rowCount() == 6);
    CHECK(open.window->gallery()->model()->particleAt(0) == 11);
    CHECK(open.find<QPushButton>("galleryUnlabelled")->isChecked());
    {
        OpenWindow other({}, true);
        CHECK(other.window->gallery()->model()->rowCount() == 12);
    }
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < 12; ++i) all.push_back(i);
    REQUIRE(open.project().label(all, open.project().classForKey(QChar('1'))));
    open.open(true);
    open.settle([&] { return !open.window->gallery()->model()->busy(); });
    auto* why = open.find<QLabel>("galleryEmpty");
    CHECK(why->isVisible());
    CHECK(why->text() == QStringLiteral("Every particle has a label."));
    press(open, "galleryShowAll");
    CHECK_FALSE(why->isVisible());
    CHECK(open.window->gallery()->model()->rowCount() == 12);
    open.open(true);
    CHECK(open.window->gallery()->model()->rowCount() == 12);
    QSettings().clear();
}

TEST_CASE("gallery memory, a class that is gone does not hide everything") {
    QSettings().clear();
    OpenWindow open({}, true);
    ParticleQuery query;
    query.classes = {open.project().contents().classes[1].id};
    query.sort = SortKey::Score;
    open.window->gallery()->model()->ask(query);
    open.settle([&] { return open.window->gallery()->model()->rowCount() == 0; });
    CHECK(open.find<QLabel>("galleryEmpty")->text() == QStringLiteral("No particle passes the filter."));
    open.stored()->removeClass(query.classes[0], "test");
    open.open(true);
    open.settle([&] { return !open.window->gallery()->model()->busy(); });
    CHECK(open.window->gallery()->model()->rowCount() == 12);
    CHECK(open.window->gallery()->model()->query().sort == SortKey::Score);
    QSettings().clear();
}
