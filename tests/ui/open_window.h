#pragma once

#include <QTest>
#include <functional>
#include <memory>

#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/navigator.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

namespace tomoloupe::test {

/// The real window on a made project; what it remembers goes into the test's own settings.
struct OpenWindow {
    using Prepare = std::function<void(Project&)>;
    explicit OpenWindow(const Prepare& prepare = {}, bool remember = false, QSize size = {1440, 900}) {
        path = makeProject(folder / "made.tomoloupe");
        if (prepare) prepare(*Project::open(path));
        open(remember, size);
    }
    void open(bool remember, QSize size = {1440, 900}) {
        window.reset();
        MainWindow::Parts parts = makeParts();
        parts.remember = remember;
        window = std::make_unique<MainWindow>(std::move(parts));
        window->resize(size);
        window->choosePage(MainWindow::Gallery);
        window->show();
        window->openProject(path);
        settle([this] { return window->project().set() != nullptr; });
        window->activateWindow();  // no window manager does it here
        REQUIRE(QTest::qWaitForWindowActive(window.get()));
    }
    void settle(const std::function<bool()>& also = [] { return true; }) {
        REQUIRE(QTest::qWaitFor([&] { return also() && window->idle(); }, 10000));
    }
    template <typename Widget>
    Widget* find(const QString& name) {
        auto* widget = window->findChild<Widget*>(name);
        INFO(name.toStdString());
        REQUIRE(widget);
        return widget;
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return find<Widget>(QString::fromLatin1(name));
    }
    Navigator* navigator() { return find<Navigator>("navigator"); }
    /// Of the navigator; null where there is none.
    QListWidgetItem* row(Navigator::Item kind, const QString& name) {
        for (int at = 0; at < navigator()->count(); ++at) {
            QListWidgetItem* item = navigator()->item(at);
            if (item->data(Navigator::kItemRole).toInt() == static_cast<int>(kind) &&
                item->data(Navigator::kNameRole).toString() == name)
                return item;
        }
        return nullptr;
    }
    void clickRow(Navigator::Item kind, const QString& name) {
        QListWidgetItem* item = row(kind, name);
        REQUIRE(item);
        navigator()->scrollToItem(item);
        QTest::mouseClick(navigator()->viewport(), Qt::LeftButton, {}, navigator()->visualItemRect(item).center());
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(tiles(), key, modifiers); }
    TileView* tiles() { return window->gallery()->tiles(); }
    ProjectModel& project() { return window->project(); }
    /// As another program that opens the project sees it.
    std::unique_ptr<Project> stored() { return Project::open(path); }

    TemporaryFolder folder;
    std::filesystem::path path;
    std::unique_ptr<MainWindow> window;
};

}  // namespace tomoloupe::test
