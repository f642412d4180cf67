#include "core/project/database.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <thread>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

/// "TmLp": tells a project from any other SQLite file.
constexpr int kApplicationId = 0x546d4c70;
constexpr int kBusyMilliseconds = 20000;

// Particles of a set have consecutive ids from first_particle on, in the order of the set, so neither needs an index.
// label_actions is a tree: `parent` of a "set" is the one in force before it; `top` the one in force after the action.
constexpr const char* kLayout1 = R"sql(
CREATE TABLE tomograms (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, file_bytes INTEGER NOT NULL,
    header_hash TEXT NOT NULL, nx INTEGER NOT NULL, ny INTEGER NOT NULL, nz INTEGER NOT NULL, voxel_size REAL NOT NULL);
CREATE TABLE particle_sets (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER NOT NULL, first_particle INTEGER NOT NULL,
    stack_path TEXT NOT NULL DEFAULT '', box_size INTEGER NOT NULL DEFAULT 0, voxel_size REAL NOT NULL DEFAULT 0,
    origin TEXT NOT NULL, format TEXT NOT NULL, column_names TEXT NOT NULL, other_blocks TEXT NOT NULL,
    warnings TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE particles (
    id INTEGER PRIMARY KEY, set_id INTEGER NOT NULL REFERENCES particle_sets(id), tomogram TEXT NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL, z REAL NOT NULL, qw REAL NOT NULL, qx REAL NOT NULL, qy REAL NOT NULL,
    qz REAL NOT NULL, score REAL NOT NULL, source TEXT NOT NULL, columns TEXT);
CREATE TABLE classes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, colour TEXT NOT NULL);
CREATE TABLE labels (
    particle_id INTEGER PRIMARY KEY REFERENCES particles(id), class_id INTEGER NOT NULL REFERENCES classes(id));
CREATE TABLE label_actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, author TEXT NOT NULL, time TEXT NOT NULL,
    particles INTEGER NOT NULL, target INTEGER NOT NULL DEFAULT 0, parent INTEGER NOT NULL DEFAULT 0,
    top INTEGER NOT NULL DEFAULT 0);
CREATE INDEX label_actions_parent ON label_actions(parent) WHERE kind = 'set';
CREATE TABLE label_changes (
    action_id INTEGER NOT NULL REFERENCES label_actions(id), particle_id INTEGER NOT NULL,
    old_class INTEGER, new_class INTEGER, PRIMARY KEY (action_id, particle_id)) WITHOUT ROWID;
CREATE INDEX label_changes_particle ON label_changes(particle_id);
CREATE TABLE predictions (
    run_id TEXT NOT NULL, particle_id INTEGER NOT NULL, class_id INTEGER NOT NULL, probabilities BLOB NOT NULL,
    PRIMARY KEY (run_id, particle_id)) WITHOUT ROWID;
)sql";

// Several label sets, where layout 1 had one label a particle; picks; classes and picks in the history. A class is never
// deleted, only marked: old predictions and the history go on meaning what they meant.
constexpr const char* kLayout2 = R"sql(
CREATE INDEX particles_place ON particles(set_id, tomogram);
ALTER TABLE classes ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE classes ADD COLUMN role TEXT NOT NULL DEFAULT 'object';
ALTER TABLE classes ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE label_sets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, current INTEGER NOT NULL DEFAULT 0);
INSERT INTO label_sets VALUES (1, 'labels', 1);
ALTER TABLE labels RENAME TO labels_1;
CREATE TABLE labels (
    label_set INTEGER NOT NULL REFERENCES label_sets(id), particle_id INTEGER NOT NULL REFERENCES particles(id),
    class_id INTEGER NOT NULL REFERENCES classes(id), PRIMARY KEY (label_set, particle_id)) WITHOUT ROWID;
INSERT INTO labels SELECT 1, particle_id, class_id FROM labels_1;
DROP TABLE labels_1;
ALTER TABLE label_changes RENAME TO label_changes_1;
CREATE TABLE label_changes (
    action_id INTEGER NOT NULL REFERENCES label_actions(id), label_set INTEGER NOT NULL, particle_id INTEGER NOT NULL,
    old_class INTEGER, new_class INTEGER, PRIMARY KEY (action_id, label_set, particle_id)) WITHOUT ROWID;
INSERT INTO label_changes SELECT action_id, 1, particle_id, old_class, new_class FROM label_changes_1;
DROP TABLE label_changes_1;
CREATE INDEX label_changes_particle ON label_changes(particle_id);
CREATE TABLE class_changes (
    action_id INTEGER NOT NULL REFERENCES label_actions(id), class_id INTEGER NOT NULL, old TEXT NOT NULL,
    new TEXT NOT NULL, PRIMARY KEY (action_id, class_id)) WITHOUT ROWID;
CREATE TABLE hand_picks (
    id INTEGER PRIMARY KEY, tomogram TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL, z REAL NOT NULL,
    from_particle INTEGER NOT NULL, removed INTEGER NOT NULL);
CREATE INDEX hand_picks_tomogram ON hand_picks(tomogram) WHERE removed = 0;
CREATE TABLE pick_changes (
    action_id INTEGER NOT NULL REFERENCES label_actions(id), pick_id INTEGER NOT NULL, old TEXT NOT NULL,
    new TEXT NOT NULL, PRIMARY KEY (action_id, pick_id)) WITHOUT ROWID;
)sql";

// Sets in the history: one that is made of picks goes with undo and comes back with redo.
constexpr const char* kLayout3 = R"sql(
ALTER TABLE particle_sets ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE set_changes (
    action_id INTEGER NOT NULL REFERENCES label_actions(id), set_id INTEGER NOT NULL, old_removed INTEGER NOT NULL,
    new_removed INTEGER NOT NULL, PRIMARY KEY (action_id, set_id)) WITHOUT ROWID;
)sql";

/// What each layout adds to the one before it.
constexpr std::array kLayouts{kLayout1, kLayout2, kLayout3};
constexpr int kSchemaVersion = static_cast<int>(kLayouts.size());

/// In one transaction; where another program has done it meanwhile, nothing.
void bringToNewest(SQLite::Database& connection) {
    SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = connection.execAndGet("PRAGMA user_version").getInt();
    for (int layout = version; layout < kSchemaVersion; ++layout) connection.exec(kLayouts[static_cast<std::size_t>(layout)]);
    connection.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
    transaction.commit();
}

void applySettings(SQLite::Database& connection) {
    connection.setBusyTimeout(kBusyMilliseconds);
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec("PRAGMA foreign_keys = ON");
}

SQLite::Database openConnection(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        throw Error(fmt::format("{} is not a project: it has no {}. Make one with \"project create\".",
                                file.parent_path().string(), file.filename().string()));
    return SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_FULLMUTEX);
}

/// Keeps the file as it was beside it, then changes it.
void upgrade(SQLite::Database& connection, const std::filesystem::path& file, int version) {
    const std::filesystem::path kept = file.parent_path() / fmt::format("project.layout-{}.db", version);
    if (!std::filesystem::exists(kept)) {
        SQLite::Statement copy(connection, "VACUUM INTO ?1");
        copy.bind(1, kept.string());
        copy.exec();
    }
    bringToNewest(connection);
}

}  // namespace

void Database::create(const std::filesystem::path& file) {
    SQLite::Database connection(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    connection.exec("PRAGMA journal_mode = WAL");
    applySettings(connection);
    connection.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    bringToNewest(connection);
}

Database::Database(const std::filesystem::path& file) : connection_(openConnection(file)) {
    const std::string folder = file.parent_path().string();
    try {
        applySettings(connection_);
        const int version = connection_.execAndGet("PRAGMA user_version").getInt();
        if (connection_.execAndGet("PRAGMA application_id").getInt() != kApplicationId)
            throw Error(fmt::format("{} is not a project: its project.db was made by another program", folder));
        if (version > kSchemaVersion)
            throw Error(fmt::format(
                "{} was written by a newer version of the program (its layout is {}, this version knows {}). "
                "Update the program to open it.",
                folder, version, kSchemaVersion));
    } catch (const SQLite::Exception& cause) {
        throw Error(fmt::format("{} is not a project: its project.db cannot be read", folder), cause);
    }
    const int version = connection_.execAndGet("PRAGMA user_version").getInt();
    if (version < kSchemaVersion) upgrade(connection_, file, version);
}

void Database::setPatience(std::chrono::milliseconds patience) {
    patience_ = patience;
    // SQLite's own waits grow to 100 ms each, in which a lock that is free now and then is missed.
    sqlite3_busy_handler(connection_.getHandle(), &Database::waitForTurn, this);
}

int Database::waitForTurn(void* database, int turns) {
    constexpr std::chrono::milliseconds kPause{1};
    auto* self = static_cast<Database*>(database);
    const auto now = std::chrono::steady_clock::now();
    if (turns == 0) self->waitingSince_ = now;
    if (now - self->waitingSince_ >= self->patience_) return 0;
    std::this_thread::sleep_for(kPause);
    return 1;
}

SQLite::Statement& Database::statement(const char* sql) {
    std::unique_ptr<SQLite::Statement>& known = statements_[sql];
    if (!known) known = std::make_unique<SQLite::Statement>(connection_, sql);
    return *known;
}

Query Database::query(const char* sql) {
    return Query(statement(sql));
}

ManyRows::ManyRows(Database& database, const char* sql) : connection_(database.connection_.getHandle()) {
    check(sqlite3_prepare_v2(connection_, sql, -1, &statement_, nullptr));
}

ManyRows::~ManyRows() {
    sqlite3_finalize(statement_);
}

void ManyRows::check(int code) const {
    if (code != SQLITE_OK) throw SQLite::Exception(connection_, code);
}

ManyRows& ManyRows::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
    return *this;
}

ManyRows& ManyRows::bind(int index, const std::string& text) {
    check(sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    return *this;
}

bool ManyRows::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) throw SQLite::Exception(connection_, code);
    return false;
}

std::int64_t ManyRows::whole(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double ManyRows::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view ManyRows::text(int column) const {
    // As a blob: SQLite would copy each text to put a zero behind it. (Text columns hold text, and the file is UTF-8.)
    const auto* text = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
                : std::string_view();
}

std::span<const std::byte> ManyRows::bytes(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string utcNow() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

}  // namespace tomoloupe
