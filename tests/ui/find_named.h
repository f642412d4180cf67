#pragma once

#include <QWidget>

#include "tests/support/catch.h"

namespace tomoloupe::test {

/// The widget of this name and kind below `window`; the test ends where there is none.
template <typename Widget>
[[nodiscard]] Widget* findNamed(const QWidget& window, const char* name) {
    auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
    INFO(name);
    REQUIRE(widget);
    return widget;
}

}  // namespace tomoloupe::test
