#include "ui/shell/screenshot.h"

#include <QTimer>
#include <memory>

#include "ui/shell/main_window.h"

namespace tomoloupe {
namespace {

constexpr int kTick = 50;          // ms
constexpr int kQuietTicks = 6;     // in a row: nothing was asked for since
constexpr int kMostTicks = 12000;  // ten minutes

}  // namespace

void saveScreenshot(MainWindow& window, const QString& path, std::function<void(const QString&)> done) {
    auto* timer = new QTimer(&window);
    auto quiet = std::make_shared<int>(0), all = std::make_shared<int>(0);
    QObject::connect(timer, &QTimer::timeout, &window, [&window, timer, quiet, all, path, done] {
        *quiet = window.idle() && window.jobs().active().empty() ? *quiet + 1 : 0;
        ++*all;
        if (*quiet < kQuietTicks && *all < kMostTicks) return;
        timer->stop();
        timer->deleteLater();
        const bool saved = window.grab().save(path);
        done(saved ? QString()
                   : MainWindow::tr("Cannot write the picture %1; is the folder there, and does the name end in .png?")
                         .arg(path));
    });
    timer->start(kTick);
}

}  // namespace tomoloupe
