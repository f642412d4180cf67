#include <QApplication>
#include <QStandardPaths>

#include "ui/shell/theme.h"
#include "ui/views/vtk_view.h"

#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_RUNNER
#endif
#include "tests/support/catch.h"

int main(int argc, char** argv) {
    tomoloupe::VtkView::prepareProcess();
    QStandardPaths::setTestModeEnabled(true);
    int none = 1;  // the arguments are Catch2's
    QApplication application(none, argv);
    tomoloupe::applyTheme(application, tomoloupe::Theme::Dark);
    return Catch::Session().run(argc, argv);
}
