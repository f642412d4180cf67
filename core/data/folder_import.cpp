#include "core/data/folder_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/data/csv.h"
#include "core/io/stack.h"

namespace tomoloupe {
namespace {

constexpr std::array<std::string_view, 4> kExtensions{".mrc", ".map", ".ccp4", ".rec"};
constexpr std::size_t kNamedAtMost = 8;

/// What is known of the files before they are read.
struct Listing {
    std::vector<std::filesystem::path> files;
    std::vector<double> voxelSizes;  ///< as the table tells; empty when it does not
    FolderImport import;
};

std::string someOf(const std::vector<std::string>& names) {
    if (names.size() <= kNamedAtMost) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kNamedAtMost, ", "),
                       names.size() - kNamedAtMost);
}

Listing listFolder(const FolderImportOptions& options) {
    Listing listing;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(options.folder)) {
        const std::string extension = entry.path().extension().string();
        if (entry.is_regular_file() &&
            std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end())
            listing.files.push_back(entry.path());
    }
    if (listing.files.empty()) throw Error(fmt::format("There is no MRC file in {}", options.folder.string()));
    std::sort(listing.files.begin(), listing.files.end());
    for (const auto& file : listing.files) {
        Particle particle;
        particle.source = file.lexically_relative(options.folder).string();
        listing.import.table.particles.push_back(particle);
        const auto parent = file.parent_path();
        const bool named = options.labelsFromFolders && parent != options.folder;
        listing.import.labels.push_back(named ? parent.filename().string() : std::string());
    }
    return listing;
}

double numberAt(const CsvTable& table, std::size_t row, std::size_t column, const std::filesystem::path& file) {
    const std::string& text = table.rows[row][column];
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw ReadError(fmt::format("{}, row {}: \"{}\" in column {} is not a number", file.string(), row + 1, text,
                                    table.columns[column]));
    return value;
}

/// Missing files and files named twice, told together so that they can be mended in one go.
void checkFiles(const Listing& listing, const std::filesystem::path& csv) {
    std::vector<std::string> missing, twice;
    std::set<std::filesystem::path> seen;
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
        const std::string& name = listing.import.table.particles[i].source;
        if (!std::filesystem::is_regular_file(listing.files[i])) missing.push_back(name);
        if (!seen.insert(listing.files[i].lexically_normal()).second) twice.push_back(name);
    }
    std::vector<std::string> problems;
    if (!missing.empty())
        problems.push_back(
            fmt::format("{} of {} files are missing: {}", missing.size(), listing.files.size(), someOf(missing)));
    if (!twice.empty()) problems.push_back(fmt::format("{} files are named twice: {}", twice.size(), someOf(twice)));
    if (!problems.empty()) throw Error(fmt::format("{}: {}", csv.string(), fmt::join(problems, "; ")));
}

std::filesystem::path placeOf(const std::string& name, const FolderImportOptions& options) {
    const auto inFolder = options.folder / name;
    const auto besideTable = options.labelsCsv.parent_path() / name;
    return !std::filesystem::exists(inFolder) && std::filesystem::exists(besideTable) ? besideTable : inFolder;
}

Listing listTable(const FolderImportOptions& options) {
    const CsvTable table = readCsv(options.labelsCsv);
    const auto file = table.column({"file", "path"});
    if (!file)
        throw ReadError(fmt::format("{} has no column \"file\" or \"path\"; it has: {}", options.labelsCsv.string(),
                                    fmt::join(table.columns, ", ")));
    if (table.rows.empty()) throw ReadError(fmt::format("{} names no file", options.labelsCsv.string()));
    const auto label = table.column({"label", "class"}), tomogram = table.column({"tomogram", "source"});
    const auto voxel = table.column({"voxel_A"}), x = table.column({"x"}), y = table.column({"y"}),
               z = table.column({"z"});
    Listing listing;
    listing.import.table.columnNames = table.columns;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto& fields = table.rows[row];
        Particle particle;
        particle.source = fields[*file];
        particle.columns = fields;
        if (tomogram) particle.tomogram = fields[*tomogram];
        const auto number = [&](std::size_t column) { return numberAt(table, row, column, options.labelsCsv); };
        // What was made without a tomogram leaves its place empty.
        if (x && y && z && !fields[*x].empty()) particle.positionVoxels = {number(*x), number(*y), number(*z)};
        if (voxel) listing.voxelSizes.push_back(number(*voxel));
        listing.files.push_back(placeOf(particle.source, options));
        listing.import.labels.push_back(label ? fields[*label] : std::string());
        listing.import.table.particles.push_back(std::move(particle));
    }
    checkFiles(listing, options.labelsCsv);
    return listing;
}

/// The middle one; a warning when they differ by more than a hundredth.
double commonVoxelSize(std::vector<double> sizes, std::vector<std::string>& warnings) {
    std::sort(sizes.begin(), sizes.end());
    const double middle = sizes[sizes.size() / 2];
    if (sizes.back() - sizes.front() > 0.01 * middle)
        warnings.push_back(fmt::format("The voxel sizes range from {:g} to {:g} Å; {:g} Å is taken for all",
                                       sizes.front(), sizes.back(), middle));
    return middle;
}

}  // namespace

FolderImport importFolder(const ReaderRegistry& readers, const FolderImportOptions& options,
                          const std::filesystem::path& stackPath, const ImportProgress& progress,
                          const StopToken& stop) {
    if (!std::filesystem::is_directory(options.folder))
        throw Error(fmt::format("There is no folder {}", options.folder.string()));
    Listing listing = options.labelsCsv.empty() ? listFolder(options) : listTable(options);
    FolderImport& import = listing.import;
    import.table.format = options.labelsCsv.empty() ? "folder" : "csv";
    const auto readOne = [&](std::size_t i) {
        stop.throwIfCancelled();
        const auto file = readers.open(listing.files[i]);
        if (file->info().count != 1)
            throw Error(fmt::format("{} holds {} volumes; one a file is expected", listing.files[i].string(),
                                    file->info().count));
        return readWhole(*file);
    };
    const Volume first = readOne(0);
    import.boxShape = first.shape();
    if (listing.voxelSizes.empty())
        for (const auto& file : listing.files) listing.voxelSizes.push_back(readers.open(file)->info().voxelSize());
    import.voxelSizeAngstrom = commonVoxelSize(listing.voxelSizes, import.table.warnings);
    StackWriter writer(stackPath, import.boxShape, import.voxelSizeAngstrom);
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
        const Volume volume = i == 0 ? first : readOne(i);
        const Index3 shape = volume.shape(), wanted = import.boxShape;
        if (shape != wanted)
            throw Error(fmt::format("{} has {} x {} x {} voxels but {} has {} x {} x {}; all must have one size",
                                    listing.files[i].string(), shape.x, shape.y, shape.z, listing.files[0].string(),
                                    wanted.x, wanted.y, wanted.z));
        writer.append(volume);
        if (progress) progress(static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(listing.files.size()));
    }
    writer.commit();
    return std::move(listing.import);
}

}  // namespace tomoloupe
