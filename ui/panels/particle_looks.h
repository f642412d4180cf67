#pragma once

#include <cstdint>
#include <map>

#include "ui/models/project_model.h"
#include "ui/views/tile_painter.h"

namespace tomoloupe {

/// What tiles say of particles: the label, else what the model suggests, with the probability that it gives to it.
class ParticleLooks {
  public:
    explicit ParticleLooks(const ProjectModel& project) : project_(project) {}
    /// After classes changed.
    void readClasses();
    [[nodiscard]] TileText of(std::int64_t particle) const;

  private:
    const ProjectModel& project_;
    std::map<std::int64_t, TileText> classes_;  // name, colour, pattern
};

}  // namespace tomoloupe
