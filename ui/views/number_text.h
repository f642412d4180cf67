#pragma once

#include <QString>

namespace tomoloupe {

/// A length in Å as people of the field write it: "85 Å", "12.5 nm", "1.2 µm".
[[nodiscard]] QString lengthText(double angstrom);
/// The round length (1, 2 or 5 times a power of ten) nearest below `angstrom`.
[[nodiscard]] double roundLength(double angstrom);
/// "32³".
[[nodiscard]] QString cubeText(int side);
/// Three significant digits, no exponent where it can be avoided.
[[nodiscard]] QString figureText(double value);

}  // namespace tomoloupe
