#include <QAction>
#include <QLabel>
#include <QSettings>

#include "tests/ui/open_window.h"
#include "ui/shell/action_list.h"
#include "ui/shell/help_page.h"
#include "ui/shell/key_button.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

QString actionOf(OpenWindow& open, std::size_t place) {
    return QStringLiteral("actionLabelClass%1").arg(open.project().contents().classes[place].id);
}

/// On the help page, which is opened for it.
void giveKey(OpenWindow& open, const QString& action, Qt::Key key) {
    if (auto* help = open.window->findChild<HelpPage*>(); !help || !help->isVisible())
        QTest::keyClick(open.window.get(), Qt::Key_F1);
    auto* button = open.find<KeyButton>(QStringLiteral("key_") + action);
    QTest::mouseClick(button, Qt::LeftButton);
    REQUIRE(button->waiting());
    QTest::keyClick(button, key);
    QCoreApplication::processEvents();  // the page is made anew
}

}  // namespace

TEST_CASE("class keys, one given on the help page is the class's own and stays when classes change") {
    QSettings().clear();
    OpenWindow open({}, true);
    const QString alpha = actionOf(open, 0), beta = actionOf(open, 1);
    giveKey(open, beta, Qt::Key_B);
    CHECK(open.stored()->classes()[1].key == "b");
    CHECK(open.project().classForKey(QChar('b')) == open.project().contents().classes[1].id);
    ClassRecord third;
    third.name = "gamma";
    REQUIRE(open.project().storeClass(third));
    CHECK(open.find<QAction>(beta)->shortcut() == QKeySequence(Qt::Key_B));
    CHECK(open.find<QAction>(actionOf(open, 2))->shortcut() == QKeySequence(Qt::Key_2));
    giveKey(open, alpha, Qt::Key_X);
    CHECK(open.find<KeyButton>(QStringLiteral("key_") + actionOf(open, 2))->text() == QStringLiteral("1"));
    open.open(true);
    CHECK(open.find<QAction>(beta)->shortcut() == QKeySequence(Qt::Key_B));
    open.project().setCurrentParticle(8);
    open.tiles()->setFocus();
    open.key(Qt::Key_B);
    CHECK(open.project().labelOf(8) == open.project().contents().classes[1].id);
    QSettings().clear();
}

TEST_CASE("class keys, what cannot be one is refused in its row") {
    QSettings().clear();
    OpenWindow open({}, true);
    const QString beta = actionOf(open, 1);
    giveKey(open, beta, Qt::Key_F5);  // lists anew
    auto* note = open.find<QLabel>(QStringLiteral("note_") + beta);
    CHECK(note->isVisible());
    giveKey(open, beta, Qt::Key_F9);
    CHECK(note->text().contains("a digit or a letter"));
    giveKey(open, beta, Qt::Key_1);
    CHECK(note->text().contains("Label as alpha"));
    giveKey(open, beta, Qt::Key_J);
    CHECK(note->isVisible());
    CHECK(open.stored()->classes()[1].key.empty());
    CHECK(open.find<KeyButton>(QStringLiteral("key_") + beta)->text() == QStringLiteral("2"));
    QSettings().clear();
}

TEST_CASE("class keys, of classes that go away go with them") {
    OpenWindow open;
    const QString beta = actionOf(open, 1);
    REQUIRE(open.project().removeClass(open.project().contents().classes[1].id));
    CHECK(QTest::qWaitFor([&] { return open.window->findChild<QAction*>(beta) == nullptr; }));
}
