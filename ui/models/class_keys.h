#pragma once

#include <QChar>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/project/records.h"

namespace tomoloupe {

/// Background, noise and what else stands for "nothing here".
[[nodiscard]] bool isBackground(const ClassRecord& record);

/// The key of each class, lower case. A class's own key comes first; the others get 1-9 in order, then letters;
/// background gets 0, without one the tenth does. Junk is j and unsure u, which no other class can have.
[[nodiscard]] std::map<QChar, std::int64_t> classKeys(const std::vector<ClassRecord>& classes);

/// Ten colours that colour-blind eyes tell apart, as "#4477AA" (Paul Tol's bright and vibrant schemes).
[[nodiscard]] std::span<const char* const> classPalette();

/// "#4477AA": the class's own colour, else that of its place; grey for background and for a class there is not.
[[nodiscard]] std::string classColour(const std::vector<ClassRecord>& classes, std::int64_t classId);

}  // namespace tomoloupe
