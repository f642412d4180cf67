#pragma once

#include <QColor>
#include <QPalette>

#include "ui/render/colour_map.h"

namespace tomoloupe {

// The design's colour tokens travel in the widget palette, so that a view needs no theme object. They stand in roles
// that style sheets leave alone: a rule "color" or "background" changes Text, Window, Base and their like in every
// widget.

/// Puts the tokens into their roles.
struct TokenColours {
    QColor canvas, panel, raised, line, text, muted, accent, good, warn, bad;
};
void setTokens(QPalette& palette, const TokenColours& tokens);

[[nodiscard]] QColor canvasColour(const QPalette& palette);
[[nodiscard]] QColor panelColour(const QPalette& palette);
[[nodiscard]] QColor raisedColour(const QPalette& palette);
[[nodiscard]] QColor lineColour(const QPalette& palette);
[[nodiscard]] QColor textColour(const QPalette& palette);
[[nodiscard]] QColor mutedColour(const QPalette& palette);
[[nodiscard]] QColor accentColour(const QPalette& palette);
[[nodiscard]] QColor goodColour(const QPalette& palette);
[[nodiscard]] QColor warnColour(const QPalette& palette);
[[nodiscard]] QColor badColour(const QPalette& palette);

[[nodiscard]] Colour toColour(const QColor& colour);
[[nodiscard]] QColor toQColor(const Colour& colour);
/// Black or white, whichever reads better on `background`.
[[nodiscard]] QColor inkOn(const QColor& background);

}  // namespace tomoloupe
