#pragma once

class QApplication;

namespace tomoloupe {

enum class Theme { Dark, Light };

/// Palette, font and style sheet from the design's tokens. GUI thread.
void applyTheme(QApplication& application, Theme theme);

}  // namespace tomoloupe
