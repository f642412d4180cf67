#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include "tests/ui/open_window.h"
#include "ui/shell/command_field.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

using Item = Navigator::Item;

/// What the context menu of a row offers, taken by its words.
void take(OpenWindow& open, Item kind, const QString& name, const QString& words) {
    QListWidgetItem* item = open.row(kind, name);
    REQUIRE(item);
    Navigator* navigator = open.navigator();
    navigator->scrollToItem(item);
    const QPoint place = navigator->visualItemRect(item).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, navigator->viewport()->mapToGlobal(place));
    QCoreApplication::sendEvent(navigator->viewport(), &event);
    auto* menu = open.find<QMenu>("navigatorMenu");
    for (QAction* action : menu->actions()) {
        if (!action->text().startsWith(words)) continue;
        REQUIRE(action->isEnabled());
        action->trigger();
        menu->close();
        QCoreApplication::sendPostedEvents(menu, QEvent::DeferredDelete);
        return;
    }
    FAIL("no such way: " << words.toStdString());
}

QString countOf(OpenWindow& open, const QString& labelSet) {
    QListWidgetItem* item = open.row(Item::LabelSet, labelSet);
    return item ? item->data(Navigator::kCountRole).toString() : QStringLiteral("none");
}

bool isCurrent(OpenWindow& open, const QString& labelSet) {
    QListWidgetItem* item = open.row(Item::LabelSet, labelSet);
    return item && item->data(Navigator::kCurrentRole).toBool();
}

void nameEditor(OpenWindow& open, const QString& name) {
    auto* editor = open.find<QLineEdit>("navigatorName");
    editor->selectAll();
    QTest::keyClicks(editor, name);
    QTest::keyClick(editor, Qt::Key_Return);
}

}  // namespace

TEST_CASE("label sets, stand in the navigator; a new one is named there and used at once") {
    OpenWindow open;
    REQUIRE(isCurrent(open, "labels"));
    CHECK(countOf(open, "labels") == QStringLiteral("6"));
    take(open, Item::LabelSet, "labels", "New label set");
    nameEditor(open, "second look");
    REQUIRE(QTest::qWaitFor([&] { return isCurrent(open, "second look"); }));
    CHECK(countOf(open, "second look") == QStringLiteral("0"));
    CHECK(countOf(open, "labels") == QStringLiteral("6"));
    open.tiles()->setFocus();
    open.key(Qt::Key_2);
    CHECK(countOf(open, "second look") == QStringLiteral("1"));
    CHECK(open.stored()->labelSets()[1].name == "second look");
    open.clickRow(Item::LabelSet, "labels");
    CHECK(isCurrent(open, "labels"));
    CHECK(open.project().labelled() == 6);
    CHECK(open.stored()->labelSets()[0].current);
    CHECK(countOf(open, "second look") == QStringLiteral("1"));
}

TEST_CASE("label sets, F2 renames, Escape leaves the name, one that is taken is refused") {
    OpenWindow open([](Project& project) {
        project.useLabelSet("second");
        project.useLabelSet("labels");
    });
    Navigator* navigator = open.navigator();
    navigator->setFocus();
    navigator->setCurrentItem(open.row(Item::LabelSet, "second"));
    QTest::keyClick(navigator, Qt::Key_F2);
    nameEditor(open, "by Ann");
    REQUIRE(QTest::qWaitFor([&] { return open.row(Item::LabelSet, "by Ann") != nullptr; }));
    CHECK(open.stored()->labelSets()[1].name == "by Ann");
    take(open, Item::LabelSet, "by Ann", "Rename");
    auto* editor = open.find<QLineEdit>("navigatorName");
    QTest::keyClicks(editor, "nothing");
    QTest::keyClick(editor, Qt::Key_Escape);
    CHECK(open.row(Item::LabelSet, "by Ann"));
    QString told;
    QObject::connect(open.window.get(), &MainWindow::failed, open.window.get(), [&](const QString& why) { told = why; });
    REQUIRE(QTest::qWaitFor([&] { return open.window->findChild<QLineEdit*>("navigatorName") == nullptr; }));
    take(open, Item::LabelSet, "by Ann", "Rename");
    nameEditor(open, "labels");
    REQUIRE(QTest::qWaitFor([&] { return !told.isEmpty(); }));
    CHECK(told.contains("already"));
    CHECK(open.row(Item::LabelSet, "by Ann"));
}

TEST_CASE("label sets, are compared with the labels in use from the navigator and by name") {
    OpenWindow open([](Project& project) {
        const std::vector<std::int64_t> ids = project.particleIds(project.particleSet("made").id);
        std::vector<LabelEdit> edits;
        for (std::size_t i = 0; i < 4; ++i) edits.push_back({ids[i], project.classes()[i < 3 ? 0 : 1].id});
        project.setLabelsIn("second", edits, "test");
        project.setLabelsIn("third", edits, "test");
    });
    take(open, Item::LabelSet, "third", "Compare");
    open.settle();
    CHECK(open.find<QWidget>("classPanel")->isVisible());
    CHECK(open.find<QComboBox>("otherLabelSet")->currentText() == QStringLiteral("third"));
    CHECK(open.find<QLabel>("agreement")->text().contains("3 of 4"));
    auto* field = open.find<CommandField>("commandField");
    QTest::keyClick(open.window.get(), Qt::Key_K, Qt::ControlModifier);
    QTest::keyClicks(field, "use labels second");
    QTest::keyClick(field, Qt::Key_Return);
    CHECK(isCurrent(open, "second"));
}

TEST_CASE("particle set, its particles are edited from the navigator") {
    OpenWindow open;
    take(open, Item::Set, "made", "Edit this set's particles");
    open.settle();
    CHECK(open.find<QWidget>("tomogramPage")->isVisible());
    CHECK(open.project().picks().size() == 12);
    CHECK(open.find<QWidget>("handPickStrip")->isVisible());
    CHECK(open.find<QPushButton>("modeMove")->isChecked());
    QTest::keyClick(open.window.get(), Qt::Key_Z, Qt::ControlModifier);
    CHECK(open.project().picks().empty());
}
