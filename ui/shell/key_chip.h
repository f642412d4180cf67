#pragma once

#include <QPalette>
#include <QRect>
#include <QString>

class QPainter;

namespace tomoloupe {

/// Draws keys as a chip at the right end of a row; returns the width taken with the gap before it, 0 for no keys.
int paintKeyChips(QPainter& painter, const QRect& row, const QString& keys, const QPalette& palette);

}  // namespace tomoloupe
