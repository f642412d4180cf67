#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <fstream>

#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/tile_hover.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Twelve particles, 0-5 labelled alpha. The model says beta to those of odd number, with these probabilities.
void predict(const std::filesystem::path& folder) {
    const auto project = Project::open(folder);
    RunConfig config;
    config.kind = "predict";
    config.particleSet = "made";
    config.options = nlohmann::json::object();
    const Run run = project->createRun(config);
    const std::int64_t set = project->particleSet("made").id;
    const auto classes = project->classes();
    std::vector<Prediction> predictions;
    for (const std::int64_t id : project->particleIds(set)) {
        const auto i = predictions.size();
        const float sure = 0.55f + 0.03f * static_cast<float>(i);
        const bool beta = i % 2 == 1;
        predictions.push_back(
            {id, classes[beta ? 1 : 0].id, beta ? std::vector{1 - sure, sure} : std::vector{sure, 1 - sure}});
    }
    project->storePredictions(run.id(), set, predictions);
}

/// The real window on the gallery of a made project.
struct Gallery {
    explicit Gallery(bool predicted = true, const std::function<void(const std::filesystem::path&)>& change = {})
        : window(test::makeParts()) {
        path = test::makeProject(folder / "made.tomoloupe");
        if (predicted) predict(path);
        if (change) change(path);
        window.resize(1280, 800);
        window.choosePage(MainWindow::Gallery);
        window.show();
        window.openProject(path);
        settle([this] { return window.project().isOpen(); });
        page = window.gallery();
        tiles = page->tiles();
        window.activateWindow();
        REQUIRE(QTest::qWaitForWindowActive(&window));
        tiles->setFocus();
    }
    void settle(const std::function<bool()>& also = [] { return true; }) {
        REQUIRE(QTest::qWaitFor([&] { return also() && window.io().idle(); }, 10000));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    void press(const char* button) {
        QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton);
        settle();
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(tiles, key, modifiers); }
    void click(std::int64_t particle, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mouseClick(tiles->viewport(), Qt::LeftButton, modifiers,
                          tiles->tileRect(page->model()->rowOf(particle)).center());
    }
    std::vector<int> listed() {
        std::vector<int> rows;
        for (int row = 0; row < page->model()->rowCount(); ++row)
            rows.push_back(static_cast<int>(page->model()->particleAt(row)));
        return rows;
    }
    /// As another program that opens the project sees it.
    std::vector<QString> stored() {
        const auto other = Project::open(path);
        std::vector<QString> names;
        for (const std::int64_t label : other->labels(other->particleSet("made").id)) {
            const ClassRecord* record = window.project().classOf(label);
            names.push_back(record ? QString::fromStdString(record->name) : QString());
        }
        return names;
    }
    ProjectModel& project() { return window.project(); }

    test::TemporaryFolder folder;
    std::filesystem::path path;
    MainWindow window;
    GalleryPage* page = nullptr;
    TileView* tiles = nullptr;
};

using Numbers = std::vector<int>;
using Particles = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("gallery, first gone to after the project was opened on another page, shows its particles") {
    const test::TemporaryFolder folder;
    MainWindow window(test::makeParts());
    window.resize(1280, 800);
    window.choosePage(MainWindow::Tomogram);
    window.show();
    window.openProject(test::makeProject(folder / "made.tomoloupe"));
    REQUIRE(QTest::qWaitFor([&] { return window.project().set() != nullptr && window.idle(); }, 10000));
    window.showPage(MainWindow::Gallery);
    const TileView* tiles = window.gallery()->tiles();
    CHECK(tiles->isVisible());
    CHECK(tiles->count() == 12);
    CHECK(window.findChild<QLabel*>("galleryCounts")->text().contains("12"));
}

TEST_CASE("gallery, the quick filters exclude each other and all comes back") {
    Gallery gallery;
    CHECK(gallery.listed().size() == 12);
    CHECK(gallery.find<QLabel>("galleryCounts")->accessibleName() == QStringLiteral("12 particles, 6 labelled"));
    gallery.press("galleryUnlabelled");
    CHECK(gallery.listed() == Numbers{6, 7, 8, 9, 10, 11});
    CHECK(gallery.find<QLabel>("galleryCounts")->accessibleName() == QStringLiteral("6 of 12, 6 labelled"));
    gallery.press("galleryDisagree");
    CHECK(gallery.listed() == Numbers{1, 3, 5});
    CHECK_FALSE(gallery.find<QPushButton>("galleryUnlabelled")->isChecked());
    gallery.press("galleryLabelNext");
    CHECK(gallery.listed().size() == 6);
    CHECK(gallery.listed().front() == 6);  // the least sure
    CHECK(gallery.project().currentParticle() == 6);
    gallery.press("galleryLabelNext");
    CHECK(gallery.listed().size() == 12);
    CHECK(gallery.listed().front() == 0);
}

TEST_CASE("gallery, keys label and go to the next unlabelled one in the list's order") {
    Gallery gallery;
    gallery.click(3);
    gallery.key(Qt::Key_2);
    CHECK(gallery.stored()[3] == QStringLiteral("beta"));
    CHECK(gallery.project().currentParticle() == 6);  // 4 and 5 have labels
    gallery.key(Qt::Key_1);
    gallery.key(Qt::Key_J);
    gallery.key(Qt::Key_U);
    CHECK(gallery.stored()[6] == QStringLiteral("alpha"));
    CHECK(gallery.stored()[7] == QStringLiteral("junk"));
    CHECK(gallery.stored()[8] == QStringLiteral("unsure"));
    CHECK(gallery.project().currentParticle() == 9);
    gallery.key(Qt::Key_Space);  // skipped
    CHECK(gallery.project().currentParticle() == 10);
    gallery.key(Qt::Key_Return);  // the model says alpha
    CHECK(gallery.stored()[10] == QStringLiteral("alpha"));
    gallery.key(Qt::Key_Enter);  // of 11 it says beta
    CHECK(gallery.stored()[11] == QStringLiteral("beta"));
    CHECK(gallery.project().currentParticle() == 9);  // the one that was skipped
    gallery.key(Qt::Key_7);                           // no such class
    CHECK(gallery.stored()[9].isEmpty());
    gallery.key(Qt::Key_1);
    CHECK(gallery.project().currentParticle() == 10);  // all have labels: simply the next
}

TEST_CASE("gallery, no bare key takes a label away; shift and space do, and undo brings it back") {
    Gallery gallery;
    gallery.click(2);
    for (const Qt::Key key : {Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_X, Qt::Key_D}) gallery.key(key);
    CHECK(gallery.stored()[2] == QStringLiteral("alpha"));
    CHECK(gallery.project().currentParticle() == 2);
    gallery.key(Qt::Key_Space, Qt::ShiftModifier);
    CHECK(gallery.stored()[2].isEmpty());
    gallery.find<QAction>("actionUndo")->trigger();
    CHECK(gallery.stored()[2] == QStringLiteral("alpha"));
    CHECK(gallery.project().currentParticle() == 2);
}

TEST_CASE("gallery, a key labels the whole selection in one step and the current particle stays") {
    Gallery gallery;
    gallery.click(7);
    gallery.click(9, Qt::ShiftModifier);
    gallery.click(2, Qt::ControlModifier);
    CHECK(gallery.project().selection() == Particles{2, 7, 8, 9});
    CHECK(gallery.find<QLabel>("galleryCounts")->accessibleName() == QStringLiteral("12 particles, 4 selected"));
    gallery.key(Qt::Key_2);
    const auto stored = gallery.stored();
    for (const std::size_t i : {2u, 7u, 8u, 9u}) CHECK(stored[i] == QStringLiteral("beta"));
    CHECK(gallery.project().selection().empty());
    CHECK(gallery.tiles->selection().selected() == 0);
    CHECK(gallery.project().currentParticle() == 2);
    gallery.find<QAction>("actionUndo")->trigger();
    CHECK(gallery.stored()[2] == QStringLiteral("alpha"));
    CHECK(gallery.stored()[8].isEmpty());
}

TEST_CASE("gallery, enter gives each of a selection its own suggestion, in one step") {
    Gallery gallery;
    gallery.key(Qt::Key_A, Qt::ControlModifier);
    CHECK(gallery.project().selection().size() == 12);
    gallery.key(Qt::Key_Return);
    const auto stored = gallery.stored();
    for (std::size_t i = 0; i < 6; ++i) CHECK(stored[i] == QStringLiteral("alpha"));  // a person's word
    for (std::size_t i = 6; i < 12; ++i) CHECK(stored[i] == (i % 2 ? QStringLiteral("beta") : QStringLiteral("alpha")));
    gallery.find<QAction>("actionUndo")->trigger();
    CHECK(gallery.stored()[6].isEmpty());
    CHECK(gallery.stored()[11].isEmpty());
    // Among those that disagree all have labels: there the suggestion is what is wanted.
    gallery.press("galleryDisagree");
    gallery.tiles->setFocus();
    gallery.key(Qt::Key_A, Qt::ControlModifier);
    gallery.key(Qt::Key_Return);
    CHECK(gallery.stored()[3] == QStringLiteral("beta"));
}

TEST_CASE("gallery, the list stays while labels change, until it is asked for anew") {
    Gallery gallery;
    gallery.press("galleryUnlabelled");
    gallery.tiles->setFocus();
    auto* anew = gallery.find<QPushButton>("galleryAnew");
    CHECK_FALSE(anew->isVisible());
    gallery.click(8);
    gallery.key(Qt::Key_1);
    CHECK(gallery.listed() == Numbers{6, 7, 8, 9, 10, 11});
    CHECK(gallery.project().currentParticle() == 9);
    CHECK(anew->isVisible());
    gallery.click(10, Qt::ShiftModifier);
    gallery.press("galleryAnew");
    CHECK(gallery.listed() == Numbers{6, 7, 9, 10, 11});
    CHECK(gallery.project().currentParticle() == 10);  // it and the selection survive
    CHECK(gallery.project().selection() == Particles{9, 10});
    CHECK(gallery.tiles->selection().tiles() == Numbers{2, 3});
    CHECK_FALSE(anew->isVisible());
}

TEST_CASE("gallery, what is not in the list is neither current nor selected: no key can label it") {
    Gallery gallery;
    gallery.click(1);
    gallery.click(7, Qt::ControlModifier);
    gallery.click(2, Qt::ControlModifier);
    gallery.press("galleryUnlabelled");
    CHECK(gallery.project().selection() == Particles{7});
    CHECK(gallery.project().currentParticle() == 6);
    CHECK(gallery.tiles->current() == 0);
}

TEST_CASE("gallery, sorts by the box and turns round; the current particle stays") {
    Gallery gallery;
    gallery.click(4);
    auto* sort = gallery.find<QComboBox>("gallerySort");
    sort->setCurrentIndex(sort->findText(QStringLiteral("confidence")));
    gallery.settle();
    CHECK(gallery.listed().front() == 11);
    CHECK(gallery.project().currentParticle() == 4);
    CHECK(gallery.tiles->current() == 7);
    gallery.press("gallerySortDirection");
    CHECK(gallery.listed().front() == 0);
    CHECK(gallery.tiles->current() == 4);
}

TEST_CASE("gallery, the filter panel narrows by typing and shows all again") {
    Gallery gallery;
    auto* panel = gallery.find<QWidget>("galleryFilterPanel");
    CHECK_FALSE(panel->isVisible());
    gallery.press("galleryFilter");
    CHECK(panel->isVisible());
    auto* from = gallery.find<QLineEdit>("filterConfidenceFrom");
    from->setFocus();
    QTest::keyClicks(from, QStringLiteral("0.8"));
    REQUIRE(QTest::qWaitFor([&] { return gallery.listed().size() < 12; }));
    CHECK(gallery.listed() == Numbers{9, 10, 11});
    CHECK(from->hasFocus());  // digits went into the field and labelled nothing
    CHECK(gallery.project().labelled() == 6);
    gallery.find<QComboBox>("filterState")->setCurrentIndex(2);
    gallery.settle();
    CHECK(gallery.listed().empty());
    gallery.press("filterClear");
    CHECK(gallery.listed().size() == 12);
    CHECK(from->text().isEmpty());
}

TEST_CASE("gallery, labels in the list of rows by the same keys") {
    Gallery gallery;
    gallery.press("galleryList");
    auto* table = gallery.find<QTableView>("galleryTable");
    REQUIRE(table->isVisible());
    gallery.project().setCurrentParticle(7);
    CHECK(table->currentIndex().row() == 7);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_2);
    CHECK(gallery.stored()[7] == QStringLiteral("beta"));
    CHECK(table->currentIndex().row() == 8);
    QTest::keyClick(table, Qt::Key_Down, Qt::ShiftModifier);
    CHECK(gallery.project().selection() == Particles{8, 9});
    QTest::keyClick(table, Qt::Key_1);
    CHECK(gallery.stored()[9] == QStringLiteral("alpha"));
    CHECK(gallery.project().selection().empty());
}

TEST_CASE("gallery, pictures follow what is to be shown") {
    Gallery gallery;
    gallery.settle();
    const QImage slab = gallery.page->pictures().image(0);
    REQUIRE_FALSE(slab.isNull());
    CHECK(slab.width() == slab.height());
    gallery.press("galleryShow");
    gallery.press("showProjection");
    const QImage projection = gallery.page->pictures().image(0);
    CHECK(projection != slab);
    gallery.press("showAll");
    const QImage all = gallery.page->pictures().image(0);
    CHECK(all.width() == 3 * all.height());
    CHECK(gallery.tiles->tileRect(0).width() == 3 * gallery.tiles->tileRect(0).height());
    CHECK_FALSE(gallery.page->pictures().commonRange());
    gallery.press("showCommonContrast");
    CHECK(gallery.page->pictures().commonRange());
    CHECK(gallery.find<QPushButton>("galleryShow")->text() == QStringLiteral("projection · all"));
}

TEST_CASE("gallery, the three slices stand beside a tile on which the pointer rests, without the focus") {
    Gallery gallery;
    const QPoint at = gallery.tiles->tileRect(2).center();
    QMouseEvent move(QEvent::MouseMove, at, gallery.tiles->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(gallery.tiles->viewport(), &move);
    CHECK_FALSE(gallery.window.findChild<TileHover*>());
    REQUIRE(QTest::qWaitFor([&] { return gallery.window.findChild<TileHover*>() != nullptr; }));
    auto* hover = gallery.window.findChild<TileHover*>();
    REQUIRE(QTest::qWaitFor([&] { return !hover->picture().isNull(); }));
    CHECK(hover->isVisible());
    CHECK(hover->picture().width() == 3 * hover->picture().height());
    CHECK(gallery.tiles->hasFocus());
    const QPoint corner = gallery.tiles->viewport()->mapTo(&gallery.window, gallery.tiles->tileRect(2).topLeft());
    CHECK_FALSE(hover->geometry().intersects(QRect(corner, gallery.tiles->tileRect(2).size())));
    CHECK(gallery.window.rect().contains(hover->geometry()));
    gallery.click(8);
    gallery.key(Qt::Key_1);
    CHECK_FALSE(hover->isVisible());
    CHECK(gallery.stored()[8] == QStringLiteral("alpha"));
}

TEST_CASE("gallery, particles without subtomograms are cut from their tomogram") {
    Gallery gallery(false, [](const std::filesystem::path& path) {
        const auto project = Project::open(path);
        ParticleTable table;
        for (int i = 0; i < 4; ++i) {
            Particle particle;
            particle.tomogram = i < 3 ? "made" : "lost";
            particle.positionVoxels = {10.0 + i, 15, 10};
            table.particles.push_back(particle);
        }
        static_cast<void>(project->addParticleSet("picked", table, "test"));
    });
    gallery.project().setCurrentSet(QStringLiteral("picked"));
    gallery.settle([&] { return gallery.listed().size() == 4; });
    CHECK_FALSE(gallery.page->pictures().image(0).isNull());
    CHECK(gallery.page->pictures().image(3).isNull());
    CHECK(gallery.page->pictures().trouble(3).contains(QStringLiteral("no tomogram lost")));
    auto* trouble = gallery.find<QLabel>("galleryTrouble");
    CHECK(trouble->isVisible());
    CHECK(trouble->text().contains(QStringLiteral("no tomogram lost")));
    const auto* slices = gallery.find<QWidget>("inspectorSlices");  // beside the gallery
    gallery.project().setCurrentParticle(1);
    CHECK(slices->isVisible());
    gallery.project().setCurrentParticle(3);
    CHECK_FALSE(slices->isVisible());
}

TEST_CASE("gallery, a tomogram that is gone is told in words, and the window goes on") {
    Gallery gallery(false, [](const std::filesystem::path& path) {
        const auto project = Project::open(path);
        ParticleTable table;
        Particle particle;
        particle.tomogram = "made";
        table.particles.push_back(particle);
        static_cast<void>(project->addParticleSet("picked", table, "test"));
        std::filesystem::remove(path.parent_path() / "made.mrc");
    });
    gallery.project().setCurrentSet(QStringLiteral("picked"));
    gallery.settle([&] { return gallery.listed().size() == 1; });
    CHECK(gallery.find<QLabel>("galleryTrouble")->text().contains(QStringLiteral("made.mrc")));
    gallery.tiles->setFocus();
    gallery.key(Qt::Key_1);
    CHECK(gallery.project().labelOf(0) != 0);
}

TEST_CASE("gallery, its actions have names, and their keys follow the classes") {
    Gallery gallery;
    QStringList names;
    for (const QAction* action : gallery.page->actions()) {
        CHECK_FALSE(action->text().isEmpty());
        names.append(action->objectName());
    }
    for (const char* name : {"actionAcceptSuggestion", "actionSkip", "actionMarkJunk", "actionMarkUnsure",
                             "actionRemoveLabel", "actionSelectAll", "actionDropSelection", "actionListAnew"})
        CHECK(names.contains(QString::fromLatin1(name)));
    ClassRecord gamma;
    gamma.name = "gamma";
    gamma.key = "g";
    REQUIRE(gallery.project().storeClass(gamma));
    gallery.click(6);
    gallery.key(Qt::Key_G);
    CHECK(gallery.stored()[6] == QStringLiteral("gamma"));
}
