#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/models/particle_query.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

/// A particle over a slice, with all that its colour may tell.
struct OverlayParticle {
    PlacedParticle placed;
    double score = 0;
    std::optional<std::int64_t> predictedClass;  ///< by the newest run that predicted its set
};
/// Of all sets of the project; on a worker.
[[nodiscard]] std::vector<OverlayParticle> overlayIn(const Project& project, const TomogramRecord& tomogram);

/// One column of the source tables, for particles in that order; empty where a set has no such column. On a worker.
[[nodiscard]] std::vector<std::string> overlayColumn(const Project& project, const std::vector<OverlayParticle>& particles,
                                                     const std::string& name);

/// Which particles are shown over a tomogram; everything that is set must hold.
struct OverlayFilter {
    std::vector<std::int64_t> classes;      ///< one of these is its label; 0: it has none
    std::vector<std::int64_t> predictions;  ///< likewise
    ValueRange score;
    std::string column;      ///< of the source tables; empty: none
    std::string columnText;  ///< contained in it, whatever the case of letters
    ValueRange columnRange;  ///< for numbers
    friend bool operator==(const OverlayFilter&, const OverlayFilter&) = default;
    [[nodiscard]] bool trivial() const { return *this == OverlayFilter{}; }
};
/// `columnText`: what the particle has in the filter's column.
[[nodiscard]] bool passes(const OverlayFilter& filter, const OverlayParticle& particle, std::int64_t label,
                          const std::string& columnText);
/// NaN where it is no number.
[[nodiscard]] double columnNumber(const std::string& text);

}  // namespace tomoloupe
