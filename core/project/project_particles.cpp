#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

/// Between the columns of a source row; cannot stand in a text table.
constexpr char kSeparator = '\x1f';
constexpr const char* kSelectSets =
    "SELECT id, name, count, stack_path, box_size, voxel_size, origin FROM particle_sets WHERE removed = 0 ORDER BY "
    "id";

std::string joined(const std::vector<std::string>& columns) {
    std::string text;
    for (const std::string& column : columns) {
        if (!text.empty() || &column != &columns.front()) text += kSeparator;
        text += column;
    }
    return text;
}

std::vector<std::string> separated(const std::string& text) {
    std::vector<std::string> columns;
    std::size_t start = 0;
    for (std::size_t end; (end = text.find(kSeparator, start)) != std::string::npos; start = end + 1)
        columns.push_back(text.substr(start, end - start));
    columns.push_back(text.substr(start));
    return columns;
}

std::string jsonText(const std::vector<std::string>& words) {
    return nlohmann::json(words).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Particle particleFrom(const ManyRows& row, bool withColumns) {
    Particle particle;
    particle.id = row.whole(0);
    particle.tomogram = row.text(1);
    particle.positionVoxels = {row.real(2), row.real(3), row.real(4)};
    particle.tomogramFromParticle = {row.real(5), row.real(6), row.real(7), row.real(8)};
    particle.score = row.real(9);
    particle.source = row.text(10);
    if (withColumns && !row.bytes(11).empty()) particle.columns = separated(std::string(row.text(11)));
    return particle;
}

ParticleSetRecord setFrom(const Query& row, std::filesystem::path stackPath) {
    ParticleSetRecord set;
    set.id = row.whole(0);
    set.name = row.text(1);
    set.count = row.whole(2);
    set.stackPath = std::move(stackPath);
    set.boxSize = row.whole(4);
    set.voxelSizeAngstrom = row.real(5);
    set.origin = row.text(6);
    return set;
}

/// What is stored of a set itself; the table without its rows.
struct SetRow {
    std::int64_t first = 0, count = 0;
    ParticleTable table;
};

SetRow setRow(Database& database, std::int64_t setId) {
    Query row = database.query(
        "SELECT first_particle, count, format, column_names, other_blocks, warnings FROM particle_sets WHERE id = ?1");
    if (!row.with(setId).next()) throw Error(fmt::format("The project has no particle set number {}", setId));
    SetRow set;
    set.first = row.whole(0);
    set.count = row.whole(1);
    set.table.format = row.text(2);
    set.table.columnNames = nlohmann::json::parse(row.text(3)).get<std::vector<std::string>>();
    set.table.otherBlocks = row.text(4);
    set.table.warnings = nlohmann::json::parse(row.text(5)).get<std::vector<std::string>>();
    return set;
}

ParticleTable readParticles(Database& database, std::int64_t setId, bool withColumns) {
    SetRow set = setRow(database, setId);
    set.table.particles.reserve(static_cast<std::size_t>(set.count));
    ManyRows rows(database, withColumns ? "SELECT id, tomogram, x, y, z, qw, qx, qy, qz, score, source, columns FROM particles "
                                          "WHERE id >= ?1 AND id < ?2 ORDER BY id"
                                        : "SELECT id, tomogram, x, y, z, qw, qx, qy, qz, score, source FROM particles "
                                          "WHERE id >= ?1 AND id < ?2 ORDER BY id");
    rows.bind(1, set.first).bind(2, set.first + set.count);
    while (rows.next()) set.table.particles.push_back(particleFrom(rows, withColumns));
    return std::move(set.table);
}

std::string_view nthColumn(std::string_view text, std::size_t place) {
    std::size_t start = 0;
    for (; place > 0 && start != text.npos; --place) {
        start = text.find(kSeparator, start);
        if (start != text.npos) ++start;
    }
    return start == text.npos ? std::string_view() : text.substr(start, text.find(kSeparator, start) - start);
}

}  // namespace

void insertParticle(Database& database, std::int64_t setId, std::int64_t id, const Particle& particle) {
    Query insert =
        database.query("INSERT INTO particles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    const Vec3& at = particle.positionVoxels;
    const Rotation& turn = particle.tomogramFromParticle;
    insert.with(id, setId, particle.tomogram, at.x, at.y, at.z, turn.w, turn.x, turn.y, turn.z, particle.score,
                particle.source);
    if (particle.columns.empty())
        insert.bindNull(13);
    else
        insert.bindText(13, joined(particle.columns));
    insert.run();
}

SetIds insertSet(Database& database, const NewSet& set, const ParticleTable& table) {
    if (set.name.empty() || set.name.find('/') != std::string::npos)
        throw Error(fmt::format("\"{}\" cannot be the name of a particle set", set.name));
    if (database.number("SELECT id FROM particle_sets WHERE name = ?1 AND removed = 0", set.name))
        throw Error(fmt::format("The project has a particle set named {} already; choose another name", set.name));
    // One that undo took back leaves its name to the new one.
    database.query("UPDATE particle_sets SET name = name || ' (' || id || ')' WHERE name = ?1").with(set.name).run();
    // Also behind the particles of a set that another program is storing.
    const std::int64_t firstId = database.number(
        "SELECT 1 + max((SELECT ifnull(max(id), 0) FROM particles), "
        "(SELECT ifnull(max(first_particle + count - 1), 0) FROM particle_sets))");
    database
        .query(
            "INSERT INTO particle_sets (name, count, first_particle, origin, format, column_names, other_blocks, "
            "warnings, created, removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
        .with(set.name, static_cast<std::int64_t>(table.particles.size()), firstId, set.origin, table.format,
              jsonText(table.columnNames), table.otherBlocks, jsonText(table.warnings), utcNow(),
              static_cast<std::int64_t>(set.removed))
        .run();
    return {database.lastId(), firstId};
}

ParticleSetRecord Project::addParticleSet(const std::string& name, const ParticleTable& table,
                                          const std::string& origin) {
    constexpr const char* kDoing = "add a particle set";
    const bool removed = true;  // until its particles are there: labels can be stored between them
    const SetIds ids = impl_->locked(
        kDoing, [&] { return impl_->database.write([&] { return insertSet(impl_->database, {name, origin, removed}, table); }); });
    std::size_t done = 0;
    impl_->inTurns(kDoing, [&](const Turn& turn) {
        for (; done < table.particles.size() && !turn.over(); ++done)
            insertParticle(impl_->database, ids.set, ids.firstParticle + static_cast<std::int64_t>(done), table.particles[done]);
        return done < table.particles.size();
    });
    const std::string stored = impl_->locked(kDoing, [&] {
        return impl_->database.write([&] {
            impl_->database.query("UPDATE particle_sets SET removed = 0 WHERE id = ?1").with(ids.set).run();
            return impl_->database.query("SELECT name FROM particle_sets WHERE id = ?1").with(ids.set).firstText();
        });
    });
    return particleSet(stored);
}

void Project::setStack(std::int64_t setId, const std::filesystem::path& stackPath, std::int64_t boxSize,
                       double voxelSizeAngstrom) {
    impl_->locked("note where subtomograms lie", [&] {
        impl_->database.query("UPDATE particle_sets SET stack_path = ?2, box_size = ?3, voxel_size = ?4 WHERE id = ?1")
            .with(setId, impl_->stored(stackPath), boxSize, voxelSizeAngstrom)
            .run();
    });
}

std::vector<ParticleSetRecord> Project::particleSets() const {
    return impl_->locked("list the particle sets", [&] {
        std::vector<ParticleSetRecord> sets;
        Query rows = impl_->database.query(kSelectSets);
        while (rows.next()) sets.push_back(setFrom(rows, impl_->absolute(rows.text(3))));
        return sets;
    });
}

ParticleSetRecord Project::particleSet(const std::string& name) const {
    std::vector<std::string> names;
    for (const ParticleSetRecord& set : particleSets()) {
        if (set.name == name) return set;
        names.push_back(set.name);
    }
    if (names.empty())
        throw Error(fmt::format("There is no particle set \"{}\": the project has none yet. Import one first.", name));
    throw Error(fmt::format("There is no particle set \"{}\"; there are: {}", name, fmt::join(names, ", ")));
}

ParticleTable Project::particles(std::int64_t setId) const {
    return impl_->locked("read particles", [&] { return readParticles(impl_->database, setId, true); });
}

ParticleTable Project::particlesWithoutColumns(std::int64_t setId) const {
    return impl_->locked("read particles", [&] { return readParticles(impl_->database, setId, false); });
}

std::vector<std::string> Project::column(std::int64_t setId, const std::string& name) const {
    return impl_->locked("read a column", [&] {
        const SetRow set = setRow(impl_->database, setId);
        const auto found = std::find(set.table.columnNames.begin(), set.table.columnNames.end(), name);
        if (found == set.table.columnNames.end())
            throw Error(fmt::format("The particles have no column \"{}\"; there are: {}", name,
                                    fmt::join(set.table.columnNames, ", ")));
        const auto place = static_cast<std::size_t>(found - set.table.columnNames.begin());
        std::vector<std::string> values;
        values.reserve(static_cast<std::size_t>(set.count));
        ManyRows rows(impl_->database, "SELECT columns FROM particles WHERE id >= ?1 AND id < ?2 ORDER BY id");
        rows.bind(1, set.first).bind(2, set.first + set.count);
        while (rows.next()) values.emplace_back(nthColumn(rows.text(0), place));
        return values;
    });
}

std::vector<ParticlePlace> Project::particlesIn(std::int64_t setId, const std::string& tomogram) const {
    return impl_->locked("read particles", [&] {
        const std::int64_t first = setRow(impl_->database, setId).first;
        std::vector<ParticlePlace> places;
        Query rows = impl_->database.query(
            "SELECT id, x, y, z, score, qw, qx, qy, qz FROM particles WHERE set_id = ?1 AND tomogram = ?2 ORDER BY id");
        rows.with(setId, tomogram);
        while (rows.next())
            places.push_back({.id = rows.whole(0),
                              .index = rows.whole(0) - first,
                              .positionVoxels = {rows.real(1), rows.real(2), rows.real(3)},
                              .score = rows.real(4),
                              .tomogramFromParticle = {rows.real(5), rows.real(6), rows.real(7), rows.real(8)}});
        return places;
    });
}

std::vector<std::int64_t> Project::particleIds(std::int64_t setId) const {
    return impl_->locked("read particles", [&] {
        Query row = impl_->database.query("SELECT first_particle, count FROM particle_sets WHERE id = ?1");
        if (!row.with(setId).next()) throw Error(fmt::format("The project has no particle set number {}", setId));
        std::vector<std::int64_t> ids(static_cast<std::size_t>(row.whole(1)));
        std::iota(ids.begin(), ids.end(), row.whole(0));
        return ids;
    });
}

std::shared_ptr<const SubtomogramSource> Project::subtomograms(const ParticleSetRecord& set) const {
    if (set.stackPath.empty())
        throw Error(fmt::format(
            "The subtomograms of set {} have not been extracted yet; import a folder of subtomograms, or extract "
            "them from their tomograms",
            set.name));
    auto source = openStackSource(set.stackPath);
    if (source->count() != set.count)
        throw Error(fmt::format("{} holds {} subtomograms but set {} has {} particles; import the set again",
                                set.stackPath.string(), source->count(), set.name, set.count));
    return source;
}

std::filesystem::path Project::stackPathFor(const std::string& setName) const {
    return impl_->folder / "subtomograms" / (setName + ".h5");
}

}  // namespace tomoloupe
