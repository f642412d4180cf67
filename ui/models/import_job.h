#pragma once

#include <filesystem>
#include <memory>

#include "core/io/reader.h"
#include "core/jobs/job.h"
#include "core/project/import.h"

namespace tomoloupe {

/// Makes a folder of subtomograms a particle set named after the folder. Labels come from its labels.csv, else from the
/// names of its sub-folders.
[[nodiscard]] std::unique_ptr<Job> makeFolderImportJob(const std::filesystem::path& project,
                                                       std::shared_ptr<const ReaderRegistry> readers,
                                                       const std::filesystem::path& folder);

/// Makes a RELION or Warp particle list a set of this name, or of one like it that is free.
[[nodiscard]] std::unique_ptr<Job> makeListImportJob(const std::filesystem::path& project,
                                                     const std::filesystem::path& starFile,
                                                     const ListImportOptions& options, const std::string& setName);

}  // namespace tomoloupe
