#pragma once

#include <QColor>
#include <QString>

class QHBoxLayout;
class QLabel;
class QPalette;
class QPushButton;
class QToolButton;
class QWidget;

namespace tomoloupe {

enum class RunState;

// Small parts that all pages are made of; their look is in the style sheet, chosen by the property "role".

/// `role`: "caption", "heading", "section", "muted", "error" ...
[[nodiscard]] QLabel* makeLabel(const QString& text, const char* role, QWidget* parent = nullptr);
[[nodiscard]] QPushButton* makeButton(const QString& text, const char* objectName, QWidget* parent = nullptr);
/// The one button of a page that does the main thing.
[[nodiscard]] QPushButton* makePrimaryButton(const QString& text, const char* objectName, QWidget* parent = nullptr);
/// Stays down while it holds.
[[nodiscard]] QPushButton* makeToggle(const QString& text, const char* objectName, QWidget* parent = nullptr);
/// The strip on top of a page, 40 px high; the layout to fill comes back.
[[nodiscard]] QHBoxLayout* makeToolBar(QWidget* page, QWidget** bar = nullptr);
/// Running is accent, done green, finished early amber, failed red.
[[nodiscard]] QColor stateColour(RunState state, const QPalette& palette);
/// Changes the role of a widget that is shown already.
void setRole(QWidget* widget, const char* role);

}  // namespace tomoloupe
