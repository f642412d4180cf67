#include "ui/views/palette_roles.h"

#include <cmath>

namespace tomoloupe {

void setTokens(QPalette& palette, const TokenColours& tokens) {
    palette.setColor(QPalette::Shadow, tokens.canvas);
    palette.setColor(QPalette::Dark, tokens.panel);
    palette.setColor(QPalette::Midlight, tokens.raised);
    palette.setColor(QPalette::Mid, tokens.line);
    palette.setColor(QPalette::ToolTipText, tokens.text);
    palette.setColor(QPalette::Light, tokens.muted);
    palette.setColor(QPalette::ToolTipBase, tokens.accent);
    palette.setColor(QPalette::Link, tokens.good);
    palette.setColor(QPalette::LinkVisited, tokens.warn);
    palette.setColor(QPalette::BrightText, tokens.bad);
}

QColor canvasColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Shadow);
}
QColor panelColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Dark);
}
QColor raisedColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Midlight);
}
QColor lineColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Mid);
}
QColor textColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::ToolTipText);
}
QColor mutedColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Light);
}
QColor accentColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::ToolTipBase);
}
QColor goodColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Link);
}
QColor warnColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::LinkVisited);
}
QColor badColour(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::BrightText);
}

Colour toColour(const QColor& colour) {
    return {colour.redF(), colour.greenF(), colour.blueF()};
}

QColor toQColor(const Colour& colour) {
    return QColor::fromRgbF(static_cast<float>(colour[0]), static_cast<float>(colour[1]),
                            static_cast<float>(colour[2]));
}

QColor inkOn(const QColor& background) {
    // Relative luminance of WCAG 2.1; at 0.179 black and white contrast alike.
    auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    const double luminance =
        0.2126 * linear(background.redF()) + 0.7152 * linear(background.greenF()) + 0.0722 * linear(background.blueF());
    return luminance > 0.179 ? QColor(Qt::black) : QColor(Qt::white);
}

}  // namespace tomoloupe
