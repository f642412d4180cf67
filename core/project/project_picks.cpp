#include <algorithm>

#include "core/project/label_history.h"
#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

const std::string kPickedByHand = "picked by hand";
constexpr const char* kSelectAll =
    "SELECT id, tomogram, x, y, z, from_particle FROM hand_picks WHERE removed = 0 ORDER BY id";
constexpr const char* kSelectIn =
    "SELECT id, tomogram, x, y, z, from_particle FROM hand_picks WHERE removed = 0 AND tomogram = ?1 ORDER BY id";
constexpr const char* kSelectOne = "SELECT id, tomogram, x, y, z, from_particle, removed FROM hand_picks WHERE id = ?1";

HandPick pickFrom(const Query& row) {
    return {row.whole(0), row.text(1), {row.real(2), row.real(3), row.real(4)}, row.whole(5)};
}

std::vector<HandPick> picksOf(Query& rows) {
    std::vector<HandPick> picks;
    while (rows.next()) picks.push_back(pickFrom(rows));
    return picks;
}

HandPick knownPick(Database& database, std::int64_t id) {
    Query row = database.query(kSelectOne);
    if (!row.with(id).next() || row.whole(6) != 0) throw Error(fmt::format("There is no pick number {}", id));
    return pickFrom(row);
}

PickChange removal(const HandPick& pick) {
    return {pick.id, pickText(pick, false), pickText(pick, true)};
}

/// Numbers the new ones and appends the action.
void store(Database& database, std::vector<HandPick>& picks, const std::string& author) {
    HistoryChanges changes;
    std::int64_t next = database.number("SELECT max(id) FROM hand_picks") + 1;
    for (HandPick& pick : picks) {
        const bool isNew = pick.id == 0;
        if (isNew) pick.id = next++;
        const HandPick before = isNew ? pick : knownPick(database, pick.id);
        changes.picks.push_back({pick.id, pickText(before, isNew), pickText(pick, false)});
    }
    if (!picks.empty()) doAction(database, author, changes);
}

}  // namespace

std::vector<HandPick> Project::handPicks() const {
    return impl_->locked("read picks", [&] {
        Query rows = impl_->database.query(kSelectAll);
        return picksOf(rows);
    });
}

std::vector<HandPick> Project::handPicksIn(const std::string& tomogram) const {
    return impl_->locked("read picks", [&] {
        Query rows = impl_->database.query(kSelectIn);
        rows.with(tomogram);
        return picksOf(rows);
    });
}

std::vector<std::int64_t> Project::storePicks(std::span<const HandPick> given, const std::string& author) {
    return impl_->locked("store picks", [&] {
        return impl_->database.write([&] {
            std::vector<HandPick> picks(given.begin(), given.end());
            store(impl_->database, picks, author);
            std::vector<std::int64_t> ids;
            for (const HandPick& pick : picks) ids.push_back(pick.id);
            return ids;
        });
    });
}

void Project::removePicks(std::span<const std::int64_t> ids, const std::string& author) {
    impl_->locked("remove picks", [&] {
        impl_->database.write([&] {
            HistoryChanges changes;
            for (const std::int64_t id : ids) changes.picks.push_back(removal(knownPick(impl_->database, id)));
            if (!changes.picks.empty()) doAction(impl_->database, author, changes);
        });
    });
}

std::string Project::pickAgain(std::int64_t setId, const std::string& author) {
    const bool already = impl_->locked("read picks", [&] {
        return impl_->database.number(
                   "SELECT count(*) FROM hand_picks h JOIN particles p ON p.id = h.from_particle "
                   "WHERE h.removed = 0 AND p.set_id = ?1",
                   setId) > 0;
    });
    if (already) throw Error("The particles of this set are picks already: edit them in their tomograms");
    std::vector<HandPick> picks;
    for (const Particle& particle : particlesWithoutColumns(setId).particles) {
        if (!particle.tomogram.empty()) picks.push_back({0, particle.tomogram, particle.positionVoxels, particle.id});
    }
    if (picks.empty()) throw Error("The particles of this set lie in no tomogram, so they cannot be moved");
    storePicks(picks, author);
    return picks.front().tomogram;
}

ParticleSetRecord Project::makeSetOfPicks(const std::string& name, const std::string& author) {
    const std::vector<HandPick> picks = handPicks();
    if (picks.empty()) throw Error("Nothing is picked yet");
    ParticleTable table;
    table.format = "picked";
    std::vector<std::int64_t> classIds;
    impl_->locked("read what was picked", [&] {
        Database& database = impl_->database;
        for (const HandPick& pick : picks) {
            Particle particle;
            particle.tomogram = pick.tomogram;
            particle.positionVoxels = pick.positionVoxels;
            Query from = database.query("SELECT qw, qx, qy, qz, score FROM particles WHERE id = ?1");
            if (from.with(pick.fromParticle).next()) {
                particle.tomogramFromParticle = {from.real(0), from.real(1), from.real(2), from.real(3)};
                particle.score = from.real(4);
            }
            table.particles.push_back(std::move(particle));
            classIds.push_back(database.number("SELECT class_id FROM labels WHERE label_set = ?1 AND particle_id = ?2",
                                               currentLabelSet(database), pick.fromParticle));
        }
    });
    impl_->locked("make a set of picks", [&] {
        Database& database = impl_->database;
        database.write([&] {
            const SetIds ids = insertSet(database, {name, kPickedByHand, true}, table);
            HistoryChanges changes;
            changes.sets.push_back({ids.set, true, false});
            for (const HandPick& pick : picks) changes.picks.push_back(removal(pick));
            for (std::size_t i = 0; i < table.particles.size(); ++i) {
                const std::int64_t id = ids.firstParticle + static_cast<std::int64_t>(i);
                insertParticle(database, ids.set, id, table.particles[i]);
                if (classIds[i] != 0) changes.labels.push_back({currentLabelSet(database), id, 0, classIds[i]});
            }
            doAction(database, author, changes);
        });
    });
    return particleSet(name);
}

}  // namespace tomoloupe
