#pragma once

#include <QString>

namespace tomoloupe {

/// How well a text answers what was typed, higher is better; -1: not at all. Case and accents do not count. Every word
/// typed has to be found: at the start of a word ("exp par" in "Export particles"), within one, or as letters in order
/// that begin at the start of a word ("oat" in "Open a tomogram"), in that order of worth. Nothing typed: 0.
[[nodiscard]] int matchScore(const QString& typed, const QString& text);

}  // namespace tomoloupe
