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

/// What a class stands for: an object to be told apart (background too), what is no good, or what a person could not
/// decide. Nothing is learnt from particles that are unsure.
enum class ClassRole { Object, Junk, Unsure };

struct ClassRecord {
    std::int64_t id = 0;
    std::string name;
    std::string colour;  ///< "#4477AA"
    std::string key;     ///< that gives this label: a digit or a letter; empty: chosen by its place
    ClassRole role = ClassRole::Object;
};

/// One person's or one pass's labels; several can be kept side by side and compared.
struct LabelSetRecord {
    std::int64_t id = 0;
    std::string name;
    bool current = false;  ///< the one that is shown, changed and learnt from
    std::int64_t labels = 0;
};

/// A place that a person marked in a tomogram; picks become the particles of a set by makeSetOfPicks().
struct HandPick {
    std::int64_t id = 0;
    std::string tomogram;
    Vec3 positionVoxels;
    std::int64_t fromParticle = 0;  ///< id of the particle that it is a copy of, else 0
};

/// One committed edit of labels, of one or many particles; undo and redo are actions too, so history only grows.
struct LabelAction {
    std::int64_t id = 0;
    std::string kind;    ///< "set", "undo", "redo"; "aside": in another label set, which undo passes over
    std::string author;  ///< a person's name, "import FILE" or "run 0003"
    std::string time;    ///< ISO 8601, UTC
    std::int64_t particles = 0;
    std::optional<std::int64_t> classId;  ///< what a particle got by it; told by labelHistory() alone
};

/// A class for one particle; no class = unlabelled.
struct LabelEdit {
    std::int64_t particleId = 0;
    std::optional<std::int64_t> classId;
};

/// What an undo or redo changed.
struct LabelStep {
    std::vector<LabelEdit> edits;  ///< in the current label set, as they are now
    bool classesChanged = false;
    bool picksChanged = false;
    std::string tomogram;  ///< of the first pick that changed
    bool setsChanged = false;
    std::string set;  ///< that is there again
    bool labelSetChanged = false;  ///< the step was made in another label set, which is current now
};

struct Prediction {
    std::int64_t particleId = 0;
    std::int64_t classId = 0;       ///< the most probable
    std::vector<float> probabilities;  ///< in the order of the model's classes
};

/// The same for a whole set, in set order and without an object for each particle.
struct PredictionColumns {
    std::vector<std::int64_t> best;    ///< class ids; 0 where nothing was predicted. Empty: nothing was at all
    std::vector<float> probabilities;  ///< particle after particle, `classes` for each; zeros where nothing was predicted
    std::size_t classes = 0;
};

}  // namespace tomoloupe
