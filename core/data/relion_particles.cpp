#include "core/data/relion_particles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

/// Columns of one block by the first name that is there.
class Columns {
  public:
    Columns(const StarBlock& block, const std::string& source) : block_(block), source_(source) {}

    using Names = std::initializer_list<std::string_view>;
    [[nodiscard]] std::optional<std::size_t> find(Names names) const {
        for (const std::string_view name : names)
            if (const auto found = block_.column(name)) return found;
        return std::nullopt;
    }
    [[nodiscard]] double number(std::size_t row, std::size_t column) const {
        const std::string& text = block_.rows[row][column];
        double value = 0;
        const char* start = text.data() + (text.starts_with('+') ? 1 : 0);
        const auto [end, error] = std::from_chars(start, text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size())
            throw ReadError(fmt::format("{}: \"{}\" in column {}, row {}, is not a number", source_, text,
                                        block_.columns[column], row + 1));
        return value;
    }
    [[nodiscard]] double number(std::size_t row, Names names, double otherwise) const {
        const auto column = find(names);
        return column ? number(row, *column) : otherwise;
    }
    [[nodiscard]] std::string text(std::size_t row, Names names) const {
        const auto column = find(names);
        return column ? block_.rows[row][*column] : std::string();
    }
    /// Three columns that must come together.
    [[nodiscard]] std::optional<Vec3> triple(std::size_t row, Names x, Names y, Names z) const {
        const auto cx = find(x), cy = find(y), cz = find(z);
        if (!cx || !cy || !cz) return std::nullopt;
        return Vec3{number(row, *cx), number(row, *cy), number(row, *cz)};
    }
    [[nodiscard]] std::size_t rows() const { return block_.rows.size(); }

  private:
    const StarBlock& block_;
    const std::string& source_;
};

bool hasPositions(const StarBlock& block) {
    return block.column("rlnCoordinateX") || block.column("rlnCenteredCoordinateXAngst") ||
           block.column("wrpCoordinateX1");
}

std::size_t particleBlockOf(const StarFile& file, const std::string& source) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < file.blocks.size(); ++i)
        if (hasPositions(file.blocks[i]) && (!found || file.blocks[i].name == "particles")) found = i;
    if (found) return *found;
    std::vector<std::string> names;
    for (const StarBlock& block : file.blocks) names.push_back("data_" + block.name);
    throw ReadError(fmt::format("{} has no block with rlnCoordinateX or rlnCenteredCoordinateXAngst; it has: {}",
                                source, names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "))));
}

/// Å per pixel of the tilt series of each optics group.
std::map<std::string, double> pixelSizes(const StarFile& file, const std::string& source) {
    std::map<std::string, double> sizes;
    const StarBlock* optics = file.block("optics");
    if (!optics) return sizes;
    const Columns columns(*optics, source);
    for (std::size_t row = 0; row < columns.rows(); ++row) {
        const double binning = columns.number(row, {"rlnTomoSubtomogramBinning"}, 1);
        double size = columns.number(row, {"rlnTomoTiltSeriesPixelSize", "rlnMicrographOriginalPixelSize"}, 0);
        if (size <= 0) size = columns.number(row, {"rlnImagePixelSize"}, 0) / (binning > 0 ? binning : 1);
        if (size > 0) sizes[columns.text(row, {"rlnOpticsGroup"})] = size;
    }
    return sizes;
}

/// RELION 3.0 and Warp tell the pixel size in the rows.
double pixelSizeOfRow(const Columns& columns, std::size_t row) {
    if (const double told = columns.number(row, {"rlnTomoTiltSeriesPixelSize", "rlnPixelSize", "rlnImagePixelSize"}, 0);
        told > 0)
        return told;
    const double detector = columns.number(row, {"rlnDetectorPixelSize"}, 0),
                 magnification = columns.number(row, {"rlnMagnification"}, 0);
    return detector > 0 && magnification > 0 ? detector * 10000 / magnification : 0;  // µm on the detector
}

std::string tomogramNameOf(const Columns& columns, std::size_t row) {
    const std::string name = columns.text(row, {"rlnTomoName", "rlnMicrographName", "wrpSourceName"});
    const std::filesystem::path path = name;
    for (const std::string_view known : {".tomostar", ".mrc", ".rec", ".map"})
        if (path.extension() == known) return path.stem().string();
    return name;
}

/// Turns rows into particles.
class Converter {
  public:
    Converter(const StarFile& file, std::size_t block, const std::string& source, const RelionReadOptions& options)
        : options_(options), source_(source), columns_(file.blocks[block], source), sizes_(pixelSizes(file, source)) {}

    Particle particle(std::size_t row) {
        Particle made;
        const std::string name = options_.tomogram.empty() ? tomogramNameOf(columns_, row) : options_.tomogram;
        const RelionTomogram* known = tomogram(name);
        made.tomogram = known ? known->name : name;
        const Rotation sub =
            rotation(row, {"rlnTomoSubtomogramRot"}, {"rlnTomoSubtomogramTilt"}, {"rlnTomoSubtomogramPsi"});
        const Rotation own = rotation(row, {"rlnAngleRot", "wrpAngleRot1"}, {"rlnAngleTilt", "wrpAngleTilt1"},
                                      {"rlnAnglePsi", "wrpAnglePsi1"});
        made.tomogramFromParticle = sub * own;
        made.positionVoxels = position(row, known, sub);
        made.score = columns_.number(
            row, {"rlnAutopickFigureOfMerit", "rlnMaxValueProbDistribution", "rlnLogLikeliContribution"}, 0);
        made.source = columns_.text(row, {"rlnImageName"});
        return made;
    }

    /// 0: not told.
    [[nodiscard]] double toldPixelSize(std::size_t row) const {
        const auto group = sizes_.find(columns_.text(row, {"rlnOpticsGroup"}));
        if (group != sizes_.end()) return group->second;
        if (sizes_.size() == 1) return sizes_.begin()->second;
        return pixelSizeOfRow(columns_, row);
    }

    [[nodiscard]] std::vector<std::string> warnings() const {
        std::vector<std::string> said;
        if (unknownPixelSize_)
            said.push_back("The file does not tell its pixel size; positions are taken as voxels of the tomogram");
        if (!unknown_.empty())
            said.push_back(
                fmt::format("The tomograms of {} names are not known, {} for one; positions there are in pixels "
                            "of the tilt series{}. Import the tomograms first to place the particles in them.",
                            unknown_.size(), unknown_.front(), unplaced_ ? ", counted from the centre" : ""));
        return said;
    }

  private:
    [[nodiscard]] Rotation rotation(std::size_t row, Columns::Names rot, Columns::Names tilt,
                                    Columns::Names psi) const {
        return rotationFromRelion(
            {columns_.number(row, rot, 0), columns_.number(row, tilt, 0), columns_.number(row, psi, 0)});
    }

    /// Of this name; else the only one whose name goes on after it, as "TS_01_10.00Apx" does after "TS_01".
    [[nodiscard]] const RelionTomogram* search(const std::string& name) const {
        const RelionTomogram* longer = nullptr;
        int count = 0;
        for (const RelionTomogram& known : options_.tomograms) {
            if (known.name == name) return &known;
            if (name.empty() || !known.name.starts_with(name)) continue;
            if (std::isalnum(static_cast<unsigned char>(known.name[name.size()]))) continue;
            longer = &known;
            ++count;
        }
        return count == 1 ? longer : nullptr;
    }

    const RelionTomogram* tomogram(const std::string& name) {
        const auto [place, isNew] = found_.try_emplace(name, nullptr);
        if (isNew) place->second = search(name);
        if (isNew && !place->second) unknown_.push_back(name.empty() ? "(no name)" : name);
        return place->second;
    }

    double pixelSize(std::size_t row, const RelionTomogram* known) {
        if (options_.convention.pixelSizeAngstrom > 0) return options_.convention.pixelSizeAngstrom;
        if (const double told = toldPixelSize(row); told > 0) return told;
        unknownPixelSize_ = true;
        return known ? known->voxelSizeAngstrom : 1;
    }

    /// p = centred / apix + N / 2, then p -= A_sub * origin / apix (RELION particle_set.cpp), here in Å until the end.
    Vec3 position(std::size_t row, const RelionTomogram* known, const Rotation& sub) {
        using Origin = RelionConvention::Origin;
        const double pixel = pixelSize(row, known);
        const Origin origin = options_.convention.origin;
        Vec3 angstrom;
        if (const auto centred = columns_.triple(row, {"rlnCenteredCoordinateXAngst"}, {"rlnCenteredCoordinateYAngst"},
                                                 {"rlnCenteredCoordinateZAngst"}))
            angstrom = origin != Origin::Corner ? *centred + centre(known, pixel) : *centred;
        else if (const auto corner =
                     columns_.triple(row, {"rlnCoordinateX", "wrpCoordinateX1"}, {"rlnCoordinateY", "wrpCoordinateY1"},
                                     {"rlnCoordinateZ", "wrpCoordinateZ1"}))
            angstrom = pixel * options_.convention.binning * *corner +
                       (origin == Origin::Centre ? centre(known, pixel) : Vec3{});
        else
            throw ReadError(fmt::format(
                "{} has no complete positions: X, Y and Z of rlnCoordinate or rlnCenteredCoordinate are needed",
                source_));
        angstrom = angstrom - sub * shift(row, pixel);
        return (1 / (known ? known->voxelSizeAngstrom : pixel)) * angstrom;
    }

    [[nodiscard]] Vec3 shift(std::size_t row, double pixel) const {
        if (const auto told = columns_.triple(row, {"rlnOriginXAngst"}, {"rlnOriginYAngst"}, {"rlnOriginZAngst"}))
            return *told;
        if (const auto told = columns_.triple(row, {"rlnOriginX"}, {"rlnOriginY"}, {"rlnOriginZ"}))
            return pixel * *told;
        return {};
    }

    Vec3 centre(const RelionTomogram* known, double pixel) {
        if (!known) {
            unplaced_ = true;
            return {};
        }
        const Index3 size = known->sizeBin1Pixels.value_or(known->shapeVoxels);
        const double unit = known->sizeBin1Pixels ? pixel : known->voxelSizeAngstrom;
        return 0.5 * unit * Vec3{double(size.x), double(size.y), double(size.z)};
    }

    const RelionReadOptions& options_;
    const std::string& source_;
    Columns columns_;
    std::map<std::string, double> sizes_;
    std::map<std::string, const RelionTomogram*> found_;
    std::vector<std::string> unknown_;
    bool unknownPixelSize_ = false, unplaced_ = false;
};

std::string formatOf(const StarFile& file, const StarBlock& particles) {
    if (particles.column("rlnCenteredCoordinateXAngst")) return "relion5";
    if (particles.column("wrpCoordinateX1")) return "warp";
    if (!file.block("optics")) return "relion3";
    return particles.column("rlnTomoName") || particles.column("rlnTomoParticleName") ? "relion4" : "relion3.1";
}

/// Every block of the file, the particles' without its rows; {"particles": 1, "blocks": [...]}.
std::string frameOf(const StarFile& file, std::size_t particles) {
    json blocks = json::array();
    for (std::size_t i = 0; i < file.blocks.size(); ++i) {
        const StarBlock& block = file.blocks[i];
        blocks.push_back({{"name", block.name},
                          {"loop", block.loop},
                          {"columns", block.columns},
                          {"rows", i == particles ? json::array() : json(block.rows)}});
    }
    return json{{"particles", particles}, {"blocks", std::move(blocks)}}.dump(-1, ' ', false,
                                                                              json::error_handler_t::replace);
}

}  // namespace

ParticleTable particlesFromRelion(const StarFile& file, const std::string& sourceName,
                                  const RelionReadOptions& options) {
    const std::size_t index = particleBlockOf(file, sourceName);
    const StarBlock& block = file.blocks[index];
    ParticleTable table;
    table.format = formatOf(file, block);
    table.columnNames = block.columns;
    table.otherBlocks = frameOf(file, index);
    table.particles.reserve(block.rows.size());
    Converter converter(file, index, sourceName, options);
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
        table.particles.push_back(converter.particle(row));
        table.particles.back().columns = block.rows[row];
    }
    table.warnings = converter.warnings();
    return table;
}

RelionPositions positionsTold(const StarFile& file, const std::string& sourceName) {
    const std::size_t index = particleBlockOf(file, sourceName);
    const StarBlock& block = file.blocks[index];
    const RelionReadOptions none;
    RelionPositions told;
    told.inAngstromFromCentre = block.column("rlnCenteredCoordinateXAngst").has_value();
    if (!block.rows.empty()) told.pixelSizeAngstrom = Converter(file, index, sourceName, none).toldPixelSize(0);
    return told;
}

ParticleTable readRelionParticles(const std::filesystem::path& path, const RelionReadOptions& options) {
    return particlesFromRelion(readStar(path), path.string(), options);
}

}  // namespace tomoloupe
