#pragma once

#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "core/base/error.h"
#include "core/project/database.h"
#include "core/project/project.h"

namespace tomoloupe {

// Within core/project alone.

/// What SQLite's reason means to a person.
[[nodiscard]] std::string explain(const SQLite::Exception& cause);
/// Another program writes; nothing was changed.
[[nodiscard]] bool isBusy(const SQLite::Exception& cause);

/// The time for which one writer may hold the lock.
class Turn {
  public:
    static constexpr std::chrono::milliseconds kOfOthers{4};  ///< in which nobody of us holds it
    [[nodiscard]] bool over() const { return std::chrono::steady_clock::now() - start_ > kLongest; }

  private:
    static constexpr std::chrono::milliseconds kLongest{20};  // besides what the commit takes
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

struct NewSet {
    const std::string& name;
    const std::string& origin;
    bool removed = false;  ///< until an action says otherwise
};
/// Inside a transaction; its id and that of its first particle. The particles are to follow.
struct SetIds {
    std::int64_t set = 0, firstParticle = 0;
};
SetIds insertSet(Database& database, const NewSet& set, const ParticleTable& table);
void insertParticle(Database& database, std::int64_t setId, std::int64_t id, const Particle& particle);

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
    /// Runs `some(turn)` in one short transaction after another while it returns true: a person who labels meanwhile waits
    /// for no more than one of them.
    template <typename Some>
    void inTurns(const char* doing, Some&& some) {
        while (locked(doing, [&] { return database.write([&] { return some(Turn()); }); }))
            std::this_thread::sleep_for(Turn::kOfOthers);
    }
    /// How a path is stored: relative to the project.
    [[nodiscard]] std::string stored(const std::filesystem::path& path) const;
    [[nodiscard]] std::filesystem::path absolute(const std::string& stored) const;

    std::filesystem::path folder;
    std::mutex databaseMutex;
    Database database;
};

}  // namespace tomoloupe
