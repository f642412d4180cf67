#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ui/models/particle_query.h"

namespace tomoloupe {

class ProjectModel;

/// By what the points of a map are coloured.
enum class MapColour { Class, Prediction, Confidence, Score, Tomogram, Column, Group };

/// A colour of the legend.
struct MapCategory {
    QString name;
    QString colour;  ///< "#4477AA"
    int shape = 0;   ///< tells categories of one colour apart
    std::int64_t count = 0;
    std::int64_t classId = 0;  ///< of a class, else 0
};

/// What each point shows, in set order: a category, or a value.
struct MapColouring {
    std::vector<MapCategory> categories;
    std::vector<std::int32_t> category;  ///< -1: none, drawn grey. Empty where values are shown
    std::vector<float> values;           ///< NaN: none
    double low = 0, high = 1;            ///< ends of the colour bar
    [[nodiscard]] bool continuous() const { return category.empty() && !values.empty(); }
};

/// What colours are made of, besides the project: empty parts are not known, or not wanted.
struct MapFacts {
    std::shared_ptr<const ParticleFacts> particles;
    std::shared_ptr<const SourceColumn> column;
    std::shared_ptr<const std::vector<std::int32_t>> groups;  ///< -1: in none
};

/// Empty where what it would need is not known. Rare texts beyond `kMostCategories` share the last category.
inline constexpr std::size_t kMostCategories = 200;
[[nodiscard]] MapColouring mapColouring(MapColour by, const ProjectModel& project, const MapFacts& facts);

/// Particles of a category, in rising order; -1: of none.
[[nodiscard]] std::vector<std::int64_t> particlesOf(const MapColouring& colouring, std::int32_t category);

}  // namespace tomoloupe
