#pragma once

#include <string>
#include <vector>

#include "core/data/folder_import.h"
#include "core/data/relion_particles.h"
#include "core/project/project.h"

namespace tomoloupe {

// From files into a project: what the command line and the window both do. All throw Error.

struct ImportedSet {
    ParticleSetRecord set;
    std::int64_t labelled = 0;
    std::vector<std::string> warnings;
};

/// A folder of subtomograms becomes a set with its stack; labels of the table become one action of the label history.
ImportedSet importSubtomograms(Project& project, const ReaderRegistry& readers, const FolderImportOptions& options,
                               const std::string& setName, const ImportProgress& progress = {},
                               const StopToken& stop = {});

/// Notes a tomogram, which stays where it is, under the name of its file.
TomogramRecord importTomogram(Project& project, const ReaderRegistry& readers, const std::filesystem::path& file);

struct ListImportOptions {
    std::string tomogram = {};  ///< the one that all particles lie in; empty: each row names its own
    RelionConvention convention = {};
};
/// Tomograms the project knows give sizes to positions that count from a centre.
[[nodiscard]] RelionReadOptions readOptions(const std::vector<TomogramRecord>& known, const ListImportOptions& options);

/// A RELION or Warp particle list becomes a set without subtomograms.
ImportedSet importParticles(Project& project, const std::filesystem::path& starFile, const ListImportOptions& options,
                            const std::string& setName);
/// As the file tells.
ImportedSet importParticles(Project& project, const std::filesystem::path& starFile, const std::string& tomogram,
                            const std::string& setName);

}  // namespace tomoloupe
