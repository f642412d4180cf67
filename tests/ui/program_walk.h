#pragma once

#include <QTest>
#include <QWidget>
#include <cstdlib>

#include "app/gui/gui.h"
#include "tests/support/catch.h"
#include "tests/ui/find_named.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshot.h"

namespace tomoloupe::test {

/// The real program's window, walked through by clicks and keys. With TOMOLOUPE_PICTURES=FOLDER each step's picture is saved there.
class ProgramWalk {
  public:
    static constexpr int kMinute = 60000;

    /// The demo project lies, or is made, in `demoFolder`.
    explicit ProgramWalk(const std::filesystem::path& demoFolder) : window(partsIn(demoFolder)) {
        window.resize(1280, 800);
        window.show();
        activate();
    }
    /// What a window manager does.
    void activate() {
        window.activateWindow();
        REQUIRE(QTest::qWaitForWindowActive(&window));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    void picture(const QString& name) {
        const char* folder = std::getenv("TOMOLOUPE_PICTURES");
        if (!folder) return;
        QString problem = QStringLiteral("not yet");
        saveScreenshot(window, QStringLiteral("%1/%2.png").arg(QString::fromLocal8Bit(folder), name),
                       [&](const QString& sentence) { problem = sentence; });
        CHECK(QTest::qWaitFor([&] { return problem != QStringLiteral("not yet"); }, kMinute));
        CHECK(problem.isEmpty());
    }
    /// Nothing runs and nothing is read.
    bool settled(int minutes) {
        return QTest::qWaitFor([this] { return window.jobs().active().empty() && window.idle(); }, minutes * kMinute);
    }
    MainWindow window;

  private:
    static MainWindow::Parts partsIn(const std::filesystem::path& folder) {
        MainWindow::Parts parts = programParts(false);
        parts.demoFolder = folder;
        return parts;
    }
};

}  // namespace tomoloupe::test
