#include <SQLiteCpp/SQLiteCpp.h>

#include <QLabel>

#include "tests/ui/open_window.h"
#include "ui/panels/notice_strip.h"

using namespace tomoloupe;
using test::OpenWindow;

TEST_CASE("storing, while another program writes for long a label is refused in place and the window goes on") {
    OpenWindow open;
    open.project().setCurrentParticle(6);
    open.tiles()->setFocus();
    auto* state = open.find<QLabel>("storedText");
    auto* notice = open.find<NoticeStrip>("notice");
    const QString before = state->text();
    SQLite::Database other((open.path / "project.db").string(), SQLite::OPEN_READWRITE);
    {
        SQLite::Transaction writes(other, SQLite::TransactionBehavior::IMMEDIATE);
        open.key(Qt::Key_2);
        CHECK(open.project().labelOf(6) == 0);
        CHECK(open.project().currentParticle() == 6);  // does not go on
        CHECK(state->text() == QStringLiteral("The last change is not stored"));
        CHECK(notice->isVisible());
        CHECK(notice->text().contains("Not stored"));
        CHECK(notice->kind() == NoticeStrip::Kind::Warn);
        open.project().setCurrentParticle(7);  // looking is possible all the while
        open.settle();
        CHECK(open.project().currentParticle() == 7);
        QTest::keyClick(open.window.get(), Qt::Key_Z, Qt::ControlModifier);
        CHECK(open.project().labelled() == 6);
        open.project().setCurrentParticle(6);
    }
    open.key(Qt::Key_2);
    CHECK(open.project().labelOf(6) == open.project().contents().classes[1].id);
    CHECK(open.project().currentParticle() == 7);
    CHECK_FALSE(notice->isVisible());
    CHECK(state->text() != before);
    CHECK(state->text().contains("7 labels"));
    CHECK(open.stored()->labelCount() == 7);
}
