#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/stop_token.h"
#include "core/data/particle.h"
#include "core/io/reader.h"

namespace tomoloupe {

/// A folder of subtomograms, one volume a file.
struct FolderImportOptions {
    std::filesystem::path folder;
    /// A table of files in the wanted order; empty: every MRC file below the folder, by name. Columns are found by
    /// name: `file` or `path` (needed), `label` or `class`, `tomogram` or `source`, `voxel_A`, and `z`, `y`, `x`.
    std::filesystem::path labelsCsv;
    /// Without a table: the name of the sub-folder a file lies in is its label.
    bool labelsFromFolders = false;
};

struct FolderImport {
    ParticleTable table;
    std::vector<std::string> labels;  ///< class name of each particle; empty: none
    Index3 boxShape;
    double voxelSizeAngstrom = 1;  ///< of the table where it tells, else of the files
};

using ImportProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Reads the folder and writes the subtomograms as one stack to `stackPath`. Throws Error naming the files that are
/// missing, named twice or of another size; then nothing is written.
[[nodiscard]] FolderImport importFolder(const ReaderRegistry& readers, const FolderImportOptions& options,
                                        const std::filesystem::path& stackPath, const ImportProgress& progress,
                                        const StopToken& stop);

}  // namespace tomoloupe
