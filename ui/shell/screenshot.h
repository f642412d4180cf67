#pragma once

#include <QString>
#include <functional>

namespace tomoloupe {

class MainWindow;

/// Waits until the window has read and drawn what it shows, then saves its picture. `done` gets an empty sentence, or
/// what went wrong.
void saveScreenshot(MainWindow& window, const QString& path, std::function<void(const QString&)> done);

}  // namespace tomoloupe
