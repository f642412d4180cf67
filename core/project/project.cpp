#include "core/project/project.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kHashedBytes = 4096;

/// FNV-1a, 64 bits: notices another file, guards against nothing else.
std::string headerHash(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    unsigned char head[kHashedBytes];
    const ssize_t got = descriptor < 0 ? -1 : ::pread(descriptor, head, sizeof head, 0);
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (got < 0) throw ReadError(fmt::format("Cannot read {}: {}", path.string(), std::strerror(reason)));
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (ssize_t i = 0; i < got; ++i) hash = (hash ^ head[i]) * 0x100000001b3u;
    return fmt::format("{:016x}", hash);
}

std::filesystem::path fullPath(const std::filesystem::path& path) {
    std::filesystem::path full = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    return full.has_filename() ? full : full.parent_path();
}

TomogramRecord tomogramFrom(const Query& row, const std::filesystem::path& path) {
    TomogramRecord tomogram;
    tomogram.id = row.whole(0);
    tomogram.name = row.text(1);
    tomogram.path = path;
    tomogram.fileBytes = row.whole(3);
    tomogram.headerHash = row.text(4);
    tomogram.shape = {row.whole(5), row.whole(6), row.whole(7)};
    tomogram.voxelSizeAngstrom = row.real(8);
    return tomogram;
}

}  // namespace

std::string explain(const SQLite::Exception& cause) {
    switch (cause.getErrorCode()) {
        case SQLITE_BUSY:
            return "another program has been writing to it for a long time; try again";
        case SQLITE_FULL:
            return "the disk is full";
        case SQLITE_READONLY:
            return "you may not write there";
        case SQLITE_CORRUPT:
            return "project.db is damaged; restore it from a backup";
        default:
            return cause.what();
    }
}

bool isBusy(const SQLite::Exception& cause) {
    return cause.getErrorCode() == SQLITE_BUSY;
}

std::string Project::Impl::stored(const std::filesystem::path& path) const {
    return path.empty() ? std::string() : fullPath(path).lexically_relative(folder).string();
}

std::filesystem::path Project::Impl::absolute(const std::string& stored) const {
    return stored.empty() ? std::filesystem::path() : (folder / stored).lexically_normal();
}

Project::Project(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Project::~Project() = default;

std::unique_ptr<Project> Project::create(const std::filesystem::path& given) {
    const std::filesystem::path folder = fullPath(given);
    std::error_code error;
    if (std::filesystem::exists(folder) &&
        (!std::filesystem::is_directory(folder) || !std::filesystem::is_empty(folder, error)))
        throw Error(fmt::format("{} exists already; choose another name", folder.string()));
    for (const auto& made : {folder / "subtomograms", folder / "runs"}) {
        std::filesystem::create_directories(made, error);
        if (error) throw Error(fmt::format("Cannot make the folder {}: {}", made.string(), error.message()));
    }
    try {
        Database::create(folder / "project.db");
    } catch (const SQLite::Exception& cause) {
        throw Error(fmt::format("Cannot make the project {}: {}", folder.string(), explain(cause)));
    }
    return open(folder);
}

std::unique_ptr<Project> Project::open(const std::filesystem::path& given) {
    const std::filesystem::path folder = fullPath(given);
    if (!std::filesystem::is_directory(folder))
        throw Error(fmt::format("There is no project folder {}", folder.string()));
    try {
        return std::unique_ptr<Project>(new Project(std::make_unique<Impl>(folder, folder / "project.db")));
    } catch (const SQLite::Exception& cause) {
        throw Error(fmt::format("Cannot open the project {}: {}", folder.string(), explain(cause)));
    }
}

void Project::setPatience(std::chrono::milliseconds patience) {
    impl_->locked("set how long to wait", [&] { impl_->database.setPatience(patience); });
}

const std::filesystem::path& Project::folder() const {
    return impl_->folder;
}

std::string Project::name() const {
    return impl_->folder.stem().string();
}

TomogramRecord Project::addTomogram(const TomogramRecord& given) {
    TomogramRecord tomogram = given;
    tomogram.path = fullPath(given.path);
    tomogram.headerHash = headerHash(tomogram.path);
    tomogram.fileBytes = static_cast<std::int64_t>(std::filesystem::file_size(tomogram.path));
    return impl_->locked("add a tomogram", [&] {
        Database& database = impl_->database;
        return database.write([&] {
            if (database.number("SELECT id FROM tomograms WHERE name = ?1", tomogram.name))
                throw Error(fmt::format("The project has a tomogram named {} already", tomogram.name));
            database
                .query(
                    "INSERT INTO tomograms (name, path, file_bytes, header_hash, nx, ny, nz, voxel_size) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                .with(tomogram.name, impl_->stored(tomogram.path), tomogram.fileBytes, tomogram.headerHash,
                      tomogram.shape.x, tomogram.shape.y, tomogram.shape.z, tomogram.voxelSizeAngstrom)
                .run();
            tomogram.id = database.lastId();
            return tomogram;
        });
    });
}

std::vector<TomogramRecord> Project::tomograms() const {
    return impl_->locked("list the tomograms", [&] {
        std::vector<TomogramRecord> found;
        Query rows = impl_->database.query("SELECT * FROM tomograms ORDER BY id");
        while (rows.next()) found.push_back(tomogramFrom(rows, impl_->absolute(rows.text(2))));
        return found;
    });
}

void Project::relinkTomogram(const std::string& name, const std::filesystem::path& path, bool force) {
    const std::string hash = headerHash(path);
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    impl_->locked("relink a tomogram", [&] {
        Database& database = impl_->database;
        database.write([&] {
            std::string known;
            {
                Query row = database.query("SELECT header_hash FROM tomograms WHERE name = ?1");
                if (!row.with(name).next()) throw Error(fmt::format("The project has no tomogram named {}", name));
                known = row.text(0);
            }
            if (known != hash && !force)
                throw Error(fmt::format(
                    "{} is not the file that {} was: its header differs. Use force if it is right all the same.",
                    path.string(), name));
            database.query("UPDATE tomograms SET path = ?2, header_hash = ?3, file_bytes = ?4 WHERE name = ?1")
                .with(name, impl_->stored(path), hash, bytes)
                .run();
        });
    });
}

}  // namespace tomoloupe
