#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/experiment/experiment_table.h"
#include "core/volume/geometry.h"

namespace tomoloupe {

// Pictures of a report, each an <svg> element that needs nothing from outside.

/// Text as HTML and SVG take it.
[[nodiscard]] std::string escaped(const std::string& text);

/// A colour for each start, told apart by colour-blind readers too (Okabe and Ito 2008).
[[nodiscard]] std::string colourOfStart(std::size_t start);

/// Accuracy against the part of the labels, a line a start, with bars of one standard deviation, and dots for what is
/// published.
[[nodiscard]] std::string fractionPicture(const ExperimentTable& table, std::size_t set);

/// Confusion matrix, the sum over the runs of an entry; shade: the part of the true class (row).
[[nodiscard]] std::string confusionPicture(const TableEntry& entry);

/// The middle slice of a particle with its heat on top; both of `shape`, x fastest.
[[nodiscard]] std::string heatPicture(Index3 shape, std::span<const float> volume, std::span<const float> heat);

}  // namespace tomoloupe
