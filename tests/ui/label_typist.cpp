// Opens a project in the real window and labels particle after particle by keys, as a person would. Prints a line a label,
// "INDEX STORED SHOWN": milliseconds from the key to the stored label, and to the next particle painted in gallery and
// inspector. Usage: label_typist PROJECT COUNT
#include <QApplication>
#include <QStandardPaths>
#include <QTest>
#include <chrono>
#include <cstdio>

#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/theme.h"
#include "ui/views/tile_view.h"
#include "ui/views/vtk_view.h"

using namespace tomoloupe;

namespace {

double milliseconds(std::chrono::steady_clock::time_point since) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since).count();
}

/// Counts the paintings of a widget.
class Paintings : public QObject {
  public:
    int count = 0;
    bool eventFilter(QObject*, QEvent* event) override {
        count += event->type() == QEvent::Paint;
        return false;
    }
};

int type(MainWindow& window, int labels) {
    TileView* tiles = window.gallery()->tiles();
    tiles->setFocus();
    Paintings paintings;
    tiles->viewport()->installEventFilter(&paintings);
    for (int i = 0; i < labels; ++i) {
        const std::int64_t particle = window.project().currentParticle();
        const int before = paintings.count;
        const auto start = std::chrono::steady_clock::now();
        QTest::keyClick(tiles, i % 2 == 0 ? Qt::Key_1 : Qt::Key_2);
        const double stored = milliseconds(start);
        if (window.project().labelOf(particle) == 0) return 1;
        const bool shown = QTest::qWaitFor([&] { return paintings.count > before && window.io().idle(); });
        if (!shown) return 1;
        std::printf("%lld %.3f %.3f\n", static_cast<long long>(particle), stored, milliseconds(start));
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    VtkView::prepareProcess();
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    applyTheme(application, Theme::Dark);
    MainWindow window(test::makeParts());
    window.resize(1280, 800);
    window.choosePage(MainWindow::Gallery);
    window.show();
    window.openProject(argv[1]);
    if (!QTest::qWaitFor([&] { return window.project().set() && window.io().idle(); }, 60000)) return 1;
    return type(window, std::atoi(argv[2]));
}
