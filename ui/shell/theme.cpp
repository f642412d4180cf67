#include "ui/shell/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <array>

#include "ui/views/palette_roles.h"

// A static library's resources are only there when asked for; the macro must stand outside of namespaces.
static void initResources() {
    Q_INIT_RESOURCE(tomoloupe);
}

namespace tomoloupe {
namespace {

struct Tokens {
    const char *canvas, *panel, *raised, *line, *text, *muted, *accent, *good, *warn, *bad;
    const char* button;      ///< behind white words: 4.5 : 1
    const char* selected;    ///< behind text
    const char* accentText;  ///< accent as words on raised
    const char* handle;
};

constexpr Tokens kDark{"#0C0F12", "#15191F", "#1D242C", "#262D36", "#E4E9EF", "#8994A3", "#4CC2FF",
                       "#5FCB7A", "#E0B34A", "#F0716B", "#17759F", "#17303F", "#7FD3FF", "#C9D2DC"};
constexpr Tokens kLight{"#EEF1F4", "#FFFFFF", "#F6F8FA", "#D9DFE6", "#1A2027", "#5F6B79", "#0B7DB8",
                        "#1F8A3F", "#9A6A00", "#C8382F", "#0B6FA4", "#D8ECF7", "#0A6A9C", "#FFFFFF"};

QPalette paletteOf(const Tokens& tokens) {
    QPalette palette;
    const std::array<std::pair<QPalette::ColorRole, const char*>, 9> colours{{{QPalette::Window, tokens.panel},
                                                                              {QPalette::Base, tokens.canvas},
                                                                              {QPalette::AlternateBase, tokens.panel},
                                                                              {QPalette::Button, tokens.raised},
                                                                              {QPalette::Text, tokens.text},
                                                                              {QPalette::WindowText, tokens.text},
                                                                              {QPalette::ButtonText, tokens.text},
                                                                              {QPalette::PlaceholderText, tokens.muted},
                                                                              {QPalette::Highlight, tokens.accent}}};
    for (const auto& [role, colour] : colours) palette.setColor(role, QColor(colour));
    setTokens(palette, {tokens.canvas, tokens.panel, tokens.raised, tokens.line, tokens.text, tokens.muted,
                        tokens.accent, tokens.good, tokens.warn, tokens.bad});
    return palette;
}

QString styleSheetOf(const Tokens& tokens) {
    QFile file(QStringLiteral(":/styles/app.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString sheet = QString::fromUtf8(file.readAll());
    // Longer names first: @accentText begins like @accent.
    const std::array<std::pair<const char*, const char*>, 14> names{{{"@accentText", tokens.accentText},
                                                                     {"@accent", tokens.accent},
                                                                     {"@selected", tokens.selected},
                                                                     {"@button", tokens.button},
                                                                     {"@handle", tokens.handle},
                                                                     {"@canvas", tokens.canvas},
                                                                     {"@raised", tokens.raised},
                                                                     {"@panel", tokens.panel},
                                                                     {"@muted", tokens.muted},
                                                                     {"@line", tokens.line},
                                                                     {"@text", tokens.text},
                                                                     {"@good", tokens.good},
                                                                     {"@warn", tokens.warn},
                                                                     {"@bad", tokens.bad}}};
    for (const auto& [name, colour] : names) sheet.replace(QString::fromLatin1(name), QString::fromLatin1(colour));
    return sheet;
}

}  // namespace

void applyTheme(QApplication& application, Theme theme) {
    initResources();
    const Tokens& tokens = theme == Theme::Dark ? kDark : kLight;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QFont font = application.font();
    if (QFontDatabase::hasFamily(QStringLiteral("Inter"))) font.setFamily(QStringLiteral("Inter"));
    font.setPixelSize(13);
    QApplication::setFont(font);
    QApplication::setPalette(paletteOf(tokens));
    application.setStyleSheet(styleSheetOf(tokens));
}

}  // namespace tomoloupe
