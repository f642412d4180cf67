#pragma once

#include <fmt/format.h>

#include <mutex>

#include "core/base/error.h"
#include "core/project/database.h"
#include "core/project/project.h"

namespace tomoloupe {

// Within core/project alone.

/// What SQLite's reason means to a person.
[[nodiscard]] std::string explain(const SQLite::Exception& cause);
/// Another program writes; nothing was changed.
[[nodiscard]] bool isBusy(const SQLite::Exception& cause);

struct NewSet {
    const std::string& name;
    const std::string& origin;
    bool removed = false;  ///< until an action says otherwise
};
/// Inside a transaction; returns its id.
std::int64_t insertSet(Database& database, const NewSet& set, const ParticleTable& table);

struct Project::Impl {
    Impl(std::filesystem::path projectFolder, const std::filesystem::path& databaseFile)
        : folder(std::move(projectFolder)), database(databaseFile) {}

    /// One caller at a time; SQLite's errors become "Cannot <doing> ...".
    template <typename Work>
    auto locked(const char* doing, Work&& work) {
        const std::lock_guard lock(databaseMutex);
        try {
            return work();
        } catch (const SQLite::Exception& cause) {
            if (isBusy(cause)) throw ProjectBusy(fmt::format("Cannot {} in project {}: {}", doing, folder.string(), explain(cause)));
            throw Error(fmt::format("Cannot {} in project {}: {}", doing, folder.string(), explain(cause)));
        }
    }
    /// How a path is stored: relative to the project.
    [[nodiscard]] std::string stored(const std::filesystem::path& path) const;
    [[nodiscard]] std::filesystem::path absolute(const std::string& stored) const;

    std::filesystem::path folder;
    std::mutex databaseMutex;
    Database database;
};

}  // namespace tomoloupe
