#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/volume/geometry.h"

namespace tomoloupe {

// What the project's database holds, as plain values.

struct TomogramRecord {
    std::int64_t id = 0;
    std::string name;
    std::filesystem::path path;  ///< absolute; stored relative to the project
    std::int64_t fileBytes = 0;
    std::string headerHash;  ///< of the first 4096 bytes, to notice another file under the same name
    Index3 shape;
    double voxelSizeAngstrom = 1;
};

struct ParticleSetRecord {
    std::int64_t id = 0;
    std::string name;
    std::int64_t count = 0;
    std::filesystem::path stackPath;  ///< absolute; empty while nothing is extracted
    std::int64_t boxSize = 0;
    double voxelSizeAngstrom = 0;
    std::string origin;  ///< "folder DIR", "STAR FILE", "simulated" ...
};

struct ClassRecord {
    std::int64_t id = 0;
    std::string name;
    std::string colour;  ///< "#4477AA"
};

/// One committed edit of labels, of one or many particles; undo and redo are actions too, so history only grows.
struct LabelAction {
    std::int64_t id = 0;
    std::string kind;    ///< "set", "undo", "redo"
    std::string author;  ///< a person's name, "import FILE" or "run 0003"
    std::string time;    ///< ISO 8601, UTC
    std::int64_t particles = 0;
};

/// A class for one particle; no class = unlabelled.
struct LabelEdit {
    std::int64_t particleId = 0;
    std::optional<std::int64_t> classId;
};

struct Prediction {
    std::int64_t particleId = 0;
    std::int64_t classId = 0;       ///< the most probable
    std::vector<float> probabilities;  ///< in the order of the model's classes
};

}  // namespace tomoloupe
