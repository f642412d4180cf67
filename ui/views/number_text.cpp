#include "ui/views/number_text.h"

#include <QLocale>
#include <cmath>

namespace tomoloupe {

QString lengthText(double angstrom) {
    if (angstrom < 100) return QStringLiteral("%1 Å").arg(QString::number(angstrom, 'g', 3));
    if (angstrom < 10000) return QStringLiteral("%1 nm").arg(QString::number(angstrom / 10, 'g', 4));
    return QStringLiteral("%1 µm").arg(QString::number(angstrom / 10000, 'g', 3));
}

double roundLength(double angstrom) {
    if (!(angstrom > 0)) return 0;
    const double decade = std::pow(10.0, std::floor(std::log10(angstrom)));
    for (const double step : {5.0, 2.0}) {
        if (step * decade <= angstrom) return step * decade;
    }
    return decade;
}

QString cubeText(int side) {
    return QString::number(side) + QChar(0xB3);  // not "%1³": QString takes the superscript for a second digit
}

QString figureText(double value) {
    const double size = std::abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) return QString::number(value, 'e', 1);
    const int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return QString::number(value, 'f', digits);
}

}  // namespace tomoloupe
