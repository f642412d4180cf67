#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QUrl>
#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/bridge/text_match.h"
#include "ui/panels/import_page.h"
#include "ui/panels/navigator.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/shell/action_list.h"
#include "ui/shell/command_field.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/help_page.h"
#include "ui/shell/key_button.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

const RunConfig kRun{.kind = "pretrain",
                     .title = "moco",
                     .options = nlohmann::json::object(),
                     .particleSet = "made",
                     .inputs = {},
                     .seed = 1,
                     .versions = {}};

/// The real window on a made project; what it remembers goes into the test's own settings.
struct Frame {
    explicit Frame(bool remember = false, QSize size = {1440, 900}, RunLauncher::MakeJob makeJob = {},
                   const std::function<void(Project&)>& prepare = {}) {
        if (!std::filesystem::exists(folder / "made.tomoloupe")) test::makeProject(folder / "made.tomoloupe");
        if (prepare) prepare(*Project::open(folder / "made.tomoloupe"));
        open(remember, size, std::move(makeJob));
    }
    void open(bool remember, QSize size = {1440, 900}, RunLauncher::MakeJob makeJob = {}) {
        MainWindow::Parts parts = test::makeParts(std::move(makeJob));
        parts.remember = remember;
        window = std::make_unique<MainWindow>(std::move(parts));
        window->resize(size);
        window->show();
        window->openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window->project().set() != nullptr && window->idle(); }));
        window->activateWindow();  // no window manager does it here
        REQUIRE(QTest::qWaitForWindowActive(window.get()));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window->findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    QListWidgetItem* row(const QString& text) {
        auto* navigator = find<Navigator>("navigator");
        for (int at = 0; at < navigator->count(); ++at) {
            if (navigator->item(at)->text() == text) return navigator->item(at);
        }
        return nullptr;
    }
    test::TemporaryFolder folder;
    std::unique_ptr<MainWindow> window;
};

QStringList textsOf(const QListWidget& list) {
    QStringList texts;
    for (int row = 0; row < list.count(); ++row) texts.append(list.item(row)->text());
    return texts;
}

}  // namespace

TEST_CASE("text match, beginnings of words before parts before initials") {
    CHECK(matchScore({}, QStringLiteral("Quit")) == 0);
    CHECK(matchScore(QStringLiteral("xyz"), QStringLiteral("Open a tomogram")) < 0);
    CHECK(matchScore(QStringLiteral("part imp"), QStringLiteral("Import a particle list")) > 0);
    CHECK(matchScore(QStringLiteral("ARRIÈRE"), QStringLiteral("en arriere")) > 0);
    const int whole = matchScore(QStringLiteral("list"), QStringLiteral("particle list")),
              start = matchScore(QStringLiteral("lis"), QStringLiteral("particle list")),
              part = matchScore(QStringLiteral("ist"), QStringLiteral("particle list")),
              letters = matchScore(QStringLiteral("lst"), QStringLiteral("particle list"));
    CHECK(whole > start);
    CHECK(start > part);
    CHECK(part > letters);
    CHECK(letters > 0);
    CHECK(matchScore(QStringLiteral("oat"), QStringLiteral("Open a tomogram")) >
          matchScore(QStringLiteral("oat"), QStringLiteral("Over agreement")));
    CHECK(matchScore(QStringLiteral("aoat"), QStringLiteral("Add or open a tomogram…")) > 0);
    CHECK(matchScore(QStringLiteral("list zzz"), QStringLiteral("particle list")) < 0);
}

TEST_CASE("action list, every action has a name of its own and says what it does") {
    Frame frame;
    for (int page = 0; page < MainWindow::PageCount; ++page)
        frame.window->showPage(static_cast<MainWindow::Page>(page));
    frame.window->actions().collect();
    std::set<QString> names;
    for (const ActionList::Entry& entry : frame.window->actions().entries()) {
        REQUIRE(entry.action);
        INFO(entry.action->objectName().toStdString());
        CHECK(names.insert(entry.action->objectName()).second);
        CHECK_FALSE(entry.action->text().isEmpty());
        CHECK_FALSE(entry.group.isEmpty());
        CHECK_FALSE(entry.help.isEmpty());
    }
    CHECK(names.size() >= 20);
    CHECK(names.count(QStringLiteral("actionPageExplain")) == 1);
}

TEST_CASE("keys, no action of the window has one that an action of a page has too") {
    Frame frame;
    for (int page = 0; page < MainWindow::PageCount; ++page)
        frame.window->showPage(static_cast<MainWindow::Page>(page));
    frame.window->actions().collect();
    const auto& entries = frame.window->actions().entries();
    int ofWindow = 0;
    for (const ActionList::Entry& one : entries) {
        if (one.action->parent() != frame.window.get() || one.action->shortcut().isEmpty()) continue;
        ++ofWindow;
        for (const ActionList::Entry& other : entries) {
            INFO(one.action->objectName().toStdString() << ", " << other.action->objectName().toStdString());
            CHECK((one.action == other.action || !other.action->shortcuts().contains(one.action->shortcut())));
        }
    }
    CHECK(ofWindow >= 15);
}

TEST_CASE("action list, takes in the actions of pages and their place") {
    Frame frame;
    auto* page = frame.find<QWidget>("tomogramPage");
    auto* action = new QAction(QStringLiteral("Thicker slab"), page);
    action->setObjectName(QStringLiteral("actionThicker"));
    action->setWhatsThis(QStringLiteral("Averages more slices"));
    action->setShortcut(Qt::Key_Plus);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    page->addAction(action);
    frame.window->actions().collect();
    REQUIRE(frame.window->actions().find("actionThicker") == action);
    CHECK(frame.window->actions().entries().back().group == QStringLiteral("Tomogram"));
    CHECK(frame.window->actions().setKey(action, QKeySequence(Qt::Key_M)).isEmpty());  // bare keys are the pages' own
    CHECK_FALSE(frame.window->actions().setKey(action, QKeySequence(Qt::CTRL | Qt::Key_Z)).isEmpty());
    CHECK(action->shortcut() == QKeySequence(Qt::Key_M));
}

TEST_CASE("keys, changed in the help page they work, last and can be set back; a taken one is refused in place") {
    QSettings().clear();
    Frame frame(true);
    QTest::keyClick(frame.window.get(), Qt::Key_F1);
    auto* help = frame.find<HelpPage>("helpPage");
    REQUIRE(help->isVisible());
    auto* keys = frame.find<KeyButton>("key_actionTheme");
    const QString before = keys->text();
    QTest::mouseClick(keys, Qt::LeftButton);
    CHECK(keys->waiting());
    QTest::keyClick(keys, Qt::Key_Z, Qt::ControlModifier);  // undo's
    auto* note = frame.find<QLabel>("note_actionTheme");
    CHECK(note->isVisible());
    CHECK(note->text().contains(QStringLiteral("Undo a step")));
    CHECK(keys->text() == before);
    QTest::mouseClick(keys, Qt::LeftButton);
    QTest::keyClick(keys, Qt::Key_J);  // junk in the gallery
    CHECK(note->isVisible());
    QTest::mouseClick(keys, Qt::LeftButton);
    QTest::keyClick(keys, Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
    CHECK_FALSE(note->isVisible());
    const QKeySequence wanted(Qt::CTRL | Qt::SHIFT | Qt::Key_B);
    CHECK(frame.find<QAction>("actionTheme")->shortcut() == wanted);
    QTest::keyClick(help, Qt::Key_Escape);
    CHECK_FALSE(help->isVisible());

    frame.open(true);
    CHECK(frame.find<QAction>("actionTheme")->shortcut() == wanted);
    QTest::keyClick(frame.window.get(), Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
    CHECK(QSettings().value(QStringLiteral("theme")).toString() == QStringLiteral("light"));
    QTest::keyClick(frame.window.get(), Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClick(frame.window.get(), Qt::Key_F1);
    QTest::mouseClick(frame.find<QPushButton>("helpKeysBack"), Qt::LeftButton);
    CHECK(frame.find<QAction>("actionTheme")->shortcut() == QKeySequence(Qt::Key_F8));
    CHECK_FALSE(QSettings().contains(QStringLiteral("keys/actionTheme")));
    QSettings().clear();
}

TEST_CASE("help page, shows keys and hands and is searched") {
    Frame frame;
    QTest::keyClick(frame.window.get(), Qt::Key_F1);
    auto* search = frame.find<QLineEdit>("helpSearch");
    CHECK(search->hasFocus());
    auto visible = [&](const QString& words) {
        for (const QLabel* label : frame.find<HelpPage>("helpPage")->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words)) return true;
        }
        return false;
    };
    CHECK(visible(QStringLiteral("Mark as junk")));
    CHECK(visible(QStringLiteral("Undo a step")));
    QTest::keyClicks(search, QStringLiteral("junk"));
    CHECK(visible(QStringLiteral("Mark as junk")));
    CHECK_FALSE(visible(QStringLiteral("Undo a step")));
    search->clear();
    QTest::keyClicks(search, QStringLiteral("no such thing"));
    CHECK(visible(QStringLiteral("Nothing here holds")));
    frame.window->showPage(MainWindow::Gallery);
    CHECK_FALSE(frame.find<HelpPage>("helpPage")->isVisible());
}

TEST_CASE("command field, finds an action by the beginnings of its words and runs it") {
    Frame frame;
    frame.window->showPage(MainWindow::Tomogram);
    QTest::keyClick(frame.window.get(), Qt::Key_K, Qt::ControlModifier);
    auto* field = frame.find<CommandField>("commandField");
    CHECK(field->hasFocus());
    REQUIRE(field->isOpen());
    auto* list = frame.find<QListWidget>("commandList");
    CHECK(list->isVisible());
    CHECK(list->count() > 20);
    QTest::keyClicks(field, QStringLiteral("pag gall"));
    CHECK(list->item(0)->text() == QStringLiteral("Page: Gallery"));
    CHECK(list->item(0)->data(Qt::UserRole + 2).toString() == QStringLiteral("Ctrl+2"));
    QTest::keyClick(field, Qt::Key_Return);
    CHECK_FALSE(field->isOpen());
    CHECK(field->text().isEmpty());
    CHECK(frame.find<QWidget>("galleryPage")->isVisible());
}

TEST_CASE("command field, before anything is open offers the ways in and no pages") {
    MainWindow window(test::makeParts());
    window.show();
    window.activateWindow();
    REQUIRE(QTest::qWaitForWindowActive(&window));
    auto* field = window.findChild<CommandField*>(QStringLiteral("commandField"));
    field->open();
    const QStringList texts = textsOf(*window.findChild<QListWidget*>(QStringLiteral("commandList")));
    CHECK(texts.contains(QStringLiteral("Open a project…")));
    CHECK(texts.filter(QStringLiteral("Page:")).isEmpty());
}

TEST_CASE("command field, arrows move, Escape closes and gives the keyboard back") {
    Frame frame;
    frame.window->showPage(MainWindow::Gallery);
    auto* tiles = frame.find<QWidget>("galleryTiles");
    tiles->setFocus();
    QTest::keyClick(tiles, Qt::Key_K, Qt::ControlModifier);
    auto* field = frame.find<CommandField>("commandField");
    REQUIRE(field->hasFocus());
    auto* list = frame.find<QListWidget>("commandList");
    CHECK(list->currentRow() == 0);
    QTest::keyClick(field, Qt::Key_Down);
    CHECK(list->currentRow() == 1);
    QTest::keyClick(field, Qt::Key_Up);
    QTest::keyClick(field, Qt::Key_Up);
    CHECK(list->currentRow() == list->count() - 1);
    QTest::keyClicks(field, QStringLiteral("qqqqq"));
    CHECK(list->item(0)->text().contains(QStringLiteral("qqqqq")));
    QTest::keyClick(field, Qt::Key_Return);  // nothing to run
    CHECK(field->isOpen());
    QTest::keyClick(field, Qt::Key_Escape);
    CHECK_FALSE(field->isOpen());
    CHECK(tiles->hasFocus());
}

TEST_CASE("command field, opens tomograms, sets and runs by name") {
    Frame frame(false, {1440, 900}, {}, [](Project& project) { static_cast<void>(project.createRun(kRun)); });
    auto* field = frame.find<CommandField>("commandField");
    frame.window->showPage(MainWindow::Gallery);
    field->open();
    auto* list = frame.find<QListWidget>("commandList");
    QTest::keyClicks(field, QStringLiteral("made tomogram"));
    CHECK(list->item(0)->text() == QStringLiteral("made"));
    QTest::keyClick(field, Qt::Key_Return);
    CHECK(frame.find<QWidget>("tomogramPage")->isVisible());
    field->open();
    QTest::keyClicks(field, QStringLiteral("0001"));
    CHECK(list->item(0)->text().startsWith(QStringLiteral("0001")));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
    CHECK(frame.find<QWidget>("trainPage")->isVisible());
    CHECK_FALSE(list->isVisible());
}

TEST_CASE("command field and navigator, stay quick in a project of 200 tomograms") {
    Frame frame(false, {1440, 900}, {}, [](Project& project) {
        TomogramRecord record = project.tomograms().front();
        for (int at = 0; at < 200; ++at) {
            record.name = "TS_" + std::to_string(1000 + at);
            project.addTomogram(record);
        }
    });
    auto* field = frame.find<CommandField>("commandField");
    QElapsedTimer timer;
    timer.start();
    field->open();
    QTest::keyClicks(field, QStringLiteral("1137"));
    CHECK(timer.elapsed() < 500);
    CHECK(frame.find<QListWidget>("commandList")->item(0)->text() == QStringLiteral("TS_1137"));
    QTest::keyClick(field, Qt::Key_Escape);
    timer.start();
    QTest::keyClicks(frame.find<QLineEdit>("navigatorSearch"), QStringLiteral("1137"));
    CHECK(timer.elapsed() < 500);
    CHECK(frame.row(QStringLiteral("TS_1137")));
}

TEST_CASE("navigator, its filter looks at all sections and Enter opens the first") {
    Frame frame(false, {1440, 900}, {}, [](Project& project) { static_cast<void>(project.createRun(kRun)); });
    auto* navigator = frame.find<Navigator>("navigator");
    auto* filter = frame.find<QLineEdit>("navigatorSearch");
    REQUIRE(filter->isVisible());
    CHECK(textsOf(*navigator).contains(QStringLiteral("alpha")));
    QTest::keyClicks(filter, QStringLiteral("alp"));
    CHECK(textsOf(*navigator) == QStringList{"Classes", "alpha"});
    QTest::keyClick(filter, Qt::Key_Escape);
    CHECK(filter->text().isEmpty());
    CHECK(textsOf(*navigator).size() > 5);
    QTest::keyClicks(filter, QStringLiteral("moc"));
    CHECK(textsOf(*navigator).size() == 2);
    QTest::keyClick(filter, Qt::Key_Return);
    CHECK(frame.find<QWidget>("trainPage")->isVisible());
    filter->clear();
    QTest::keyClicks(filter, QStringLiteral("nowhere"));
    CHECK(textsOf(*navigator) == QStringList{"Nothing found"});
}

TEST_CASE("navigator, tells the state of every run and why one failed") {
    Frame frame(false, {1440, 900}, {}, [](Project& project) {
        project.createRun(kRun).writeResult(RunState::Done, {{"loss", 1.25}});
        project.createRun(kRun).writeResult(RunState::FinishedEarly, {{"loss", 1.5}});
        project.createRun(kRun).writeResult(RunState::Failed, {{"error", "not enough memory: try batch 128"}});
    });
    const auto stateOf = [&](const char* id) {
        return static_cast<RunState>(frame.row(QString::fromLatin1(id) + QStringLiteral(" Pre-train · moco"))
                                         ->data(Navigator::kStateRole)
                                         .toInt());
    };
    CHECK(stateOf("0001") == RunState::Done);
    CHECK(stateOf("0002") == RunState::FinishedEarly);
    CHECK(stateOf("0003") == RunState::Failed);
    CHECK(frame.row(QStringLiteral("0003 Pre-train · moco"))->toolTip().contains(QStringLiteral("try batch 128")));
    CHECK(frame.row(QStringLiteral("0003 Pre-train · moco"))->data(Navigator::kCountRole).toString() ==
          QStringLiteral("failed"));
    CHECK(frame.row(QStringLiteral("0001 Pre-train · moco"))->data(Navigator::kCountRole).toString() ==
          QStringLiteral("loss 1.250"));
}

TEST_CASE("navigator, counts follow the labels without losing the place") {
    Frame frame;
    CHECK(frame.row(QStringLiteral("alpha"))->data(Navigator::kCountRole).toString() == QStringLiteral("6"));
    CHECK(frame.row(QStringLiteral("Classes"))->data(Navigator::kCountRole).toString() ==
          QStringLiteral("50 % labelled"));
    QListWidgetItem* beta = frame.row(QStringLiteral("beta"));
    ProjectModel& project = frame.window->project();
    for (int particle = 6; particle < 9; ++particle) project.label(particle, project.classForKey(QChar('2')));
    CHECK(frame.row(QStringLiteral("beta")) == beta);  // not made anew
    CHECK(beta->data(Navigator::kCountRole).toString() == QStringLiteral("3"));
    CHECK(beta->data(Navigator::kShareRole).toDouble() == Approx(0.5));
}

TEST_CASE("navigator, folds to icons in a narrow window and unfolds by hand") {
    QSettings().clear();
    Frame frame(true, {1280, 800});
    auto* navigator = frame.find<Navigator>("navigator");
    CHECK(navigator->folded());
    CHECK(navigator->width() == Navigator::kFoldedWidth);
    CHECK_FALSE(frame.find<QLineEdit>("navigatorSearch")->isVisible());
    for (int row = 0; row < navigator->count(); ++row) {
        if (navigator->item(row)->flags() != Qt::NoItemFlags) CHECK_FALSE(navigator->item(row)->toolTip().isEmpty());
    }
    QTest::mouseClick(frame.find<QToolButton>("navigatorUnfold"), Qt::LeftButton);
    CHECK_FALSE(navigator->folded());
    CHECK(navigator->width() > 200);
    frame.open(true, {1280, 800});
    CHECK_FALSE(frame.find<Navigator>("navigator")->folded());
    QSettings().clear();
}

TEST_CASE("panels, widths dragged by hand are remembered") {
    QSettings().clear();
    Frame frame(true);
    auto* panels = frame.find<QSplitter>("panels");
    auto drag = [&](int handle, int by) {
        QWidget* grip = panels->handle(handle);
        const QPoint middle = grip->rect().center();
        QTest::mousePress(grip, Qt::LeftButton, {}, middle);
        QTest::mouseMove(grip, middle + QPoint(by, 0));
        QTest::mouseRelease(grip, Qt::LeftButton, {}, middle + QPoint(by, 0));
    };
    const QList<int> before = panels->sizes();
    drag(1, 60);
    drag(2, -40);
    CHECK(std::abs(panels->sizes()[0] - before[0] - 60) <= 3);
    CHECK(std::abs(panels->sizes()[2] - before[2] - 40) <= 3);
    const QList<int> dragged = panels->sizes();
    frame.open(true);
    CHECK(std::abs(frame.find<QSplitter>("panels")->sizes()[0] - dragged[0]) <= 2);
    CHECK(std::abs(frame.find<QSplitter>("panels")->sizes()[2] - dragged[2]) <= 2);
    QTest::keyClick(frame.window.get(), Qt::Key_F6);
    CHECK_FALSE(frame.find<Navigator>("navigator")->isVisible());
    QTest::keyClick(frame.window.get(), Qt::Key_F6);
    CHECK(std::abs(frame.find<QSplitter>("panels")->sizes()[0] - dragged[0]) <= 2);
    QSettings().clear();
}

namespace {

/// Drags files from the desktop onto the window, waits for the plan, and drops them.
struct Drag {
    Drag(MainWindow& target, const std::vector<std::filesystem::path>& files) : window(target) {
        QList<QUrl> urls;
        for (const auto& file : files) urls.append(QUrl::fromLocalFile(QString::fromStdString(file.string())));
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        accepted = enter.isAccepted();
    }
    QString plan() {
        static_cast<void>(QTest::qWaitFor([this] { return window.io().idle(); }));
        auto* overlay = window.findChild<DropOverlay*>(QStringLiteral("dropOverlay"));
        return overlay->isVisible() ? overlay->text() : QString();
    }
    void drop() {
        QDropEvent event(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &event);
    }
    MainWindow& window;
    QMimeData data;
    bool accepted = false;
};

}  // namespace

TEST_CASE("drop, tomograms are added, several at once, and what is none is left alone") {
    Frame frame;
    for (const char* name : {"one.mrc", "two.mrc"}) writeMrc(frame.folder / name, test::ramp({12, 10, 8}));
    std::ofstream(frame.folder / "notes.txt") << "nothing to see";
    Drag drag(*frame.window, {frame.folder / "one.mrc", frame.folder / "two.mrc", frame.folder / "notes.txt"});
    CHECK(drag.accepted);
    const QString plan = drag.plan();
    CHECK(plan.contains(QStringLiteral("Add 2 tomograms")));
    CHECK(plan.contains(QStringLiteral("Leave alone: notes.txt")));
    drag.drop();
    CHECK_FALSE(frame.find<DropOverlay>("dropOverlay")->isVisible());
    CHECK(QTest::qWaitFor([&] { return frame.row(QStringLiteral("two")) != nullptr; }));
    CHECK(frame.row(QStringLiteral("one")));
}

TEST_CASE("drop, before the files were looked at waits for that; dragged away nothing happens") {
    Frame frame;
    writeMrc(frame.folder / "late.mrc", test::ramp({12, 10, 8}));
    Drag drag(*frame.window, {frame.folder / "late.mrc"});
    drag.drop();
    CHECK(QTest::qWaitFor([&] { return frame.row(QStringLiteral("late")) != nullptr; }));
    writeMrc(frame.folder / "away.mrc", test::ramp({12, 10, 8}));
    Drag away(*frame.window, {frame.folder / "away.mrc"});
    QDragLeaveEvent leave;
    QCoreApplication::sendEvent(frame.window.get(), &leave);
    CHECK(QTest::qWaitFor([&] { return frame.window->io().idle(); }));
    CHECK_FALSE(frame.find<DropOverlay>("dropOverlay")->isVisible());
    CHECK_FALSE(frame.row(QStringLiteral("away")));
}

TEST_CASE("drop, a folder is a project to open or subtomograms to import") {
    Frame frame;
    test::makeProject(frame.folder / "other" / "other.tomoloupe", 4);
    std::filesystem::create_directories(frame.folder / "crops");
    for (const char* name : {"a.mrc", "b.mrc"}) writeMrc(frame.folder / "crops" / name, test::ramp({8, 8, 8}));
    Drag crops(*frame.window, {frame.folder / "crops"});
    CHECK(crops.plan().contains(QStringLiteral("Import the subtomograms in crops")));
    crops.drop();
    CHECK(QTest::qWaitFor([&] { return frame.row(QStringLiteral("crops")) != nullptr; }));
    Drag project(*frame.window, {frame.folder / "other" / "other.tomoloupe"});
    CHECK(project.plan().contains(QStringLiteral("Open the project other.tomoloupe")));
    project.drop();
    CHECK(QTest::qWaitFor([&] { return frame.window->project().name() == QStringLiteral("other"); }));
}

TEST_CASE("relink, a tomogram whose file is gone is shown so and found again with its neighbours") {
    test::TemporaryFolder elsewhere;
    Frame frame(false, {1440, 900}, {}, [&](Project& project) {
        const auto folder = project.folder().parent_path();
        writeMrc(folder / "second.mrc", test::ramp({12, 10, 8}));
        TomogramRecord record;
        record.name = "second";
        record.path = folder / "second.mrc";
        record.shape = {12, 10, 8};
        project.addTomogram(record);
        for (const char* name : {"made.mrc", "second.mrc"}) std::filesystem::rename(folder / name, elsewhere / name);
    });
    QListWidgetItem* row = frame.row(QStringLiteral("made"));
    REQUIRE(row->data(Navigator::kMissingRole).toBool());
    CHECK(row->toolTip().contains(QStringLiteral("not there any more")));
    auto* navigator = frame.find<Navigator>("navigator");
    QString wanted;
    QObject::disconnect(navigator, &Navigator::findWanted, nullptr, nullptr);  // a file dialog is the desktop's
    QObject::connect(navigator, &Navigator::findWanted, navigator, [&](const QString& name) { wanted = name; });
    const QRect place = navigator->visualItemRect(row);
    QTest::mouseClick(navigator->viewport(), Qt::LeftButton, {}, {place.right() - 20, place.center().y()});
    CHECK(wanted == QStringLiteral("made"));

    frame.window->relink(QStringLiteral("made"), elsewhere / "second.mrc");  // another file: asks
    auto* notice = frame.find<NoticeStrip>("notice");
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible(); }));
    CHECK(notice->text().contains(QStringLiteral("is not the file")));
    CHECK(frame.row(QStringLiteral("made"))->data(Navigator::kMissingRole).toBool());
    CHECK(frame.find<QPushButton>("noticeWay")->text() == QStringLiteral("Use it all the same"));
    frame.window->relink(QStringLiteral("made"), elsewhere / "made.mrc");
    REQUIRE(QTest::qWaitFor([&] { return notice->text().contains(QStringLiteral("found again")); }));
    REQUIRE(QTest::qWaitFor([&] { return frame.window->io().idle(); }));
    CHECK_FALSE(frame.row(QStringLiteral("made"))->data(Navigator::kMissingRole).toBool());
    CHECK_FALSE(frame.row(QStringLiteral("second"))->data(Navigator::kMissingRole).toBool());
}

TEST_CASE("relink, another file is taken when it is meant") {
    Frame frame(false, {1440, 900}, {}, [](Project& project) {
        const auto folder = project.folder().parent_path();
        std::filesystem::remove(folder / "made.mrc");
        writeMrc(folder / "again.mrc", test::ramp({44, 30, 20}));
    });
    frame.window->relink(QStringLiteral("made"), frame.folder / "again.mrc");
    auto* notice = frame.find<NoticeStrip>("notice");
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible(); }));
    QTest::mouseClick(frame.find<QPushButton>("noticeWay"), Qt::LeftButton);
    REQUIRE(QTest::qWaitFor([&] { return notice->text().contains(QStringLiteral("found again")); }));
    REQUIRE(QTest::qWaitFor([&] { return frame.window->io().idle(); }));
    CHECK(frame.window->project().contents().tomograms.front().path.filename() == "again.mrc");
}

namespace {

class FailingJob : public Job {
  public:
    void run(JobContext&) override { throw Error("The device has no memory left; try batch 128"); }
};

}  // namespace

TEST_CASE("notice, a run that ended stays told until it is dismissed, and leads to it") {
    Frame frame;
    frame.window->launcher().start(kRun);
    auto* notice = frame.find<NoticeStrip>("notice");
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible(); }));
    CHECK(notice->kind() == NoticeStrip::Kind::Good);
    CHECK(notice->text().startsWith(QStringLiteral("0001 Pre-train · moco is done · ")));
    QTest::mouseClick(frame.find<QPushButton>("noticeWay"), Qt::LeftButton);
    CHECK_FALSE(notice->isVisible());
    CHECK(frame.find<QWidget>("trainPage")->isVisible());
    frame.window->launcher().start(kRun);
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible(); }));
    QTest::mouseClick(frame.find<QToolButton>("noticeDismiss"), Qt::LeftButton);
    CHECK_FALSE(notice->isVisible());
}

TEST_CASE("notice, leads to the particles that a run made") {
    Frame frame;
    RunConfig simulated = kRun;
    simulated.kind = "simulate";
    frame.window->launcher().start(simulated);
    auto* notice = frame.find<NoticeStrip>("notice");
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible() && frame.window->idle(); }));
    QTest::mouseClick(frame.find<QPushButton>("noticeWay"), Qt::LeftButton);
    CHECK(frame.find<QWidget>("galleryPage")->isVisible());
}

TEST_CASE("notice, a run that failed says why in red, until the next one starts") {
    int made = 0;
    Frame frame(false, {1440, 900}, [&made](const std::filesystem::path&) -> std::unique_ptr<Job> {
        if (made++ == 0) return std::make_unique<FailingJob>();
        return std::make_unique<test::BusyJob>(-1);
    });
    frame.window->launcher().start(kRun);
    auto* notice = frame.find<NoticeStrip>("notice");
    REQUIRE(QTest::qWaitFor([&] { return notice->isVisible(); }));
    CHECK(notice->kind() == NoticeStrip::Kind::Bad);
    CHECK(notice->text().contains(QStringLiteral("try batch 128")));
    CHECK_FALSE(QApplication::activeModalWidget());
    frame.window->launcher().start(kRun);
    CHECK_FALSE(notice->isVisible());
    QTest::mouseClick(frame.find<QPushButton>("jobFinish"), Qt::LeftButton);
    CHECK(QTest::qWaitFor([&] { return notice->isVisible(); }));
}

namespace {

/// Positions in a list that names "made" (40 x 30 x 20 voxels of 10 Å) and one that the project lacks.
std::filesystem::path writeList(const std::filesystem::path& file) {
    std::ofstream(file) << "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnTomoTiltSeriesPixelSize\n1 5\n\n"
                           "data_particles\n\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
                           "_rlnOpticsGroup\n"
                           "made 10 10 10 1\nmade 40 40 20 1\nmade 70 50 30 1\nTS_9 1 1 1 1\n";
    return file;
}

/// Two tomograms, so that a list has to name them.
void addSecondTomogram(Project& project) {
    const auto folder = project.folder().parent_path();
    writeMrc(folder / "second.mrc", test::ramp({12, 10, 8}));
    TomogramRecord record;
    record.name = "second";
    record.path = folder / "second.mrc";
    record.shape = {12, 10, 8};
    project.addTomogram(record);
}

}  // namespace

TEST_CASE("import, a particle list is looked at before it is taken, and its numbers can be put right") {
    Frame frame(false, {1440, 900}, {}, addSecondTomogram);
    Drag drag(*frame.window, {writeList(frame.folder / "list.star")});
    CHECK(drag.plan().contains(QStringLiteral("Look at the positions of list.star")));
    drag.drop();
    auto* page = frame.find<ImportPage>("importPage");
    CHECK(page->isVisible());
    auto* counts = frame.find<QLabel>("importCounts");
    auto* take = frame.find<QPushButton>("importTake");
    REQUIRE(QTest::qWaitFor([&] { return take->isEnabled() && frame.window->io().idle(); }));
    CHECK(counts->text() == QStringLiteral("4 positions, 3 inside of the volume"));
    CHECK(frame.find<QLabel>("importUnknown")->text().contains(QStringLiteral("TS_9 (1)")));
    CHECK(frame.find<OrthogonalViews>("importViews")->isVisible());
    auto* pixel = frame.find<QDoubleSpinBox>("importPixelSize");
    CHECK(pixel->value() == 5);
    pixel->setValue(10);  // then two of them lie outside
    CHECK(QTest::qWaitFor([&] { return counts->text().contains(QStringLiteral("1 inside and 2 outside")); }));
    pixel->setValue(5);
    frame.find<QComboBox>("importOrigin")->setCurrentIndex(2);
    CHECK(QTest::qWaitFor(
        [&] { return counts->text().contains(QStringLiteral("outside")) && frame.window->io().idle(); }));
    frame.find<QComboBox>("importOrigin")->setCurrentIndex(0);
    frame.find<QDoubleSpinBox>("importBinning")->setValue(0.5);
    CHECK(QTest::qWaitFor(
        [&] { return !counts->text().contains(QStringLiteral("outside")) && frame.window->io().idle(); }));
    CHECK(frame.window->project().contents().sets.size() == 1);  // nothing was taken yet
    auto* name = frame.find<QLineEdit>("importName");
    name->setText(QStringLiteral("made"));
    CHECK_FALSE(take->isEnabled());  // there is one
    name->setText(QStringLiteral("from relion"));
    QTest::mouseClick(take, Qt::LeftButton);
    CHECK_FALSE(page->isVisible());
    REQUIRE(QTest::qWaitFor([&] { return frame.row(QStringLiteral("from relion")) != nullptr; }));
    const auto project = Project::open(frame.folder / "made.tomoloupe");
    const ParticleTable table = project->particles(project->particleSet("from relion").id);
    CHECK(table.particles[0].positionVoxels.x == Approx(2.5));  // 10 x 0.5 x 5 / 10
}

TEST_CASE("import, Escape takes nothing, and the next list that was dropped comes up") {
    Frame frame;
    Drag drag(*frame.window, {writeList(frame.folder / "first.star"), writeList(frame.folder / "second.star")});
    static_cast<void>(drag.plan());
    drag.drop();
    auto* name = frame.find<QLineEdit>("importName");
    CHECK(name->text() == QStringLiteral("first"));
    REQUIRE(QTest::qWaitFor([&] { return frame.window->io().idle(); }));
    CHECK(frame.find<QComboBox>("importLiesIn")->currentText() ==
          QStringLiteral("made"));  // the only tomogram there is
    QTest::keyClick(name, Qt::Key_Escape);
    REQUIRE(QTest::qWaitFor(
        [&] { return frame.window->findChildren<ImportPage*>().size() == 1 && frame.window->io().idle(); }));
    CHECK(frame.find<QLineEdit>("importName")->text() == QStringLiteral("second"));
    QTest::mouseClick(frame.find<QPushButton>("importCancel"), Qt::LeftButton);
    CHECK(QTest::qWaitFor([&] { return frame.window->findChildren<ImportPage*>().empty(); }));
    CHECK(frame.window->jobs().active().empty());
    CHECK(frame.find<QWidget>("tomogramPage")->isVisible());
}

TEST_CASE("import, a list that cannot be read says so in the page") {
    Frame frame;
    std::ofstream(frame.folder / "broken.star") << "data_\n\nloop_\n_rlnSomething\n1\n";
    frame.window->importList(frame.folder / "broken.star");
    auto* message = frame.find<QLabel>("importMessage");
    CHECK(QTest::qWaitFor([&] { return message->text().contains(QStringLiteral("rlnCoordinateX")); }));
    CHECK_FALSE(frame.find<QPushButton>("importTake")->isEnabled());
}

TEST_CASE("access, every widget that takes keys or clicks has a name and a tool tip") {
    Frame frame;
    frame.window->importList(writeList(frame.folder / "list.star"));
    REQUIRE(QTest::qWaitFor([&] { return frame.window->idle(); }));
    const auto check = [&](const QWidget& root) {
        for (const QWidget* widget : root.findChildren<QWidget*>()) {
            const bool button = qobject_cast<const QAbstractButton*>(widget),
                       slider =
                           qobject_cast<const QAbstractSlider*>(widget) && !qobject_cast<const QScrollBar*>(widget),
                       field = qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QComboBox*>(widget) ||
                               qobject_cast<const QAbstractSpinBox*>(widget);
            if (!button && !slider && !field) continue;
            if (qobject_cast<const QAbstractSpinBox*>(widget->parent()) ||
                qobject_cast<const QComboBox*>(widget->parent()) || qobject_cast<const QLineEdit*>(widget->parent()) ||
                qobject_cast<const QTableView*>(widget->parent()))
                continue;  // a part of it
            INFO(widget->metaObject()->className()
                 << " " << widget->objectName().toStdString() << " on " << root.objectName().toStdString());
            const QAbstractButton* words = qobject_cast<const QAbstractButton*>(widget);
            CHECK_FALSE(widget->objectName().isEmpty());
            CHECK((!widget->accessibleName().isEmpty() || (words && words->text().size() > 1)));
            CHECK_FALSE(widget->toolTip().isEmpty());
        }
    };
    check(*frame.window);
    for (int page = 0; page < MainWindow::PageCount; ++page)
        frame.window->showPage(static_cast<MainWindow::Page>(page));
    QTest::keyClick(frame.window.get(), Qt::Key_F1);
    check(*frame.window);
}
