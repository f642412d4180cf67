#pragma once

#include <initializer_list>

class QLabel;
class QPushButton;
class QWidget;

namespace tomoloupe {

/// What a page shows while it has nothing: words that say what to do first, and buttons that do it, below each other.
struct EmptyState {
    QWidget* page = nullptr;
    QLabel* text = nullptr;
};

/// `textName` is the object name of the words. The page owns the buttons.
[[nodiscard]] EmptyState makeEmptyState(QWidget* parent, const char* textName, std::initializer_list<QPushButton*> buttons);

}  // namespace tomoloupe
