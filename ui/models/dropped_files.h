#pragma once

#include <QStringList>
#include <filesystem>
#include <vector>

#include "core/io/reader.h"

namespace tomoloupe {

/// What a file from the desktop is to the project.
enum class DropKind { Project, ParticleFolder, ParticleList, Tomogram, Unknown };

struct DroppedFile {
    std::filesystem::path path;
    DropKind kind = DropKind::Unknown;
};

/// Reads the beginnings of files; for a worker.
[[nodiscard]] std::vector<DroppedFile> lookAtDropped(const std::vector<std::filesystem::path>& paths,
                                                     const ReaderRegistry& readers);

/// What dropping them will do, a sentence each; what will be left alone, too.
[[nodiscard]] QStringList dropPlan(const std::vector<DroppedFile>& files, bool projectOpen);

}  // namespace tomoloupe
