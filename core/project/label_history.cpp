#include "core/project/label_history.h"

#include <nlohmann/json.hpp>

namespace tomoloupe {
namespace {

struct NewAction {
    const char* kind;
    const std::string& author;
    std::int64_t target = 0, parent = 0, top = 0;
};

void bindClass(Query& query, int index, std::int64_t classId) {
    if (classId == 0)
        query.bindNull(index);
    else
        query.bindWhole(index, classId);
}

void applyLabel(Database& database, const LabelChange& change) {
    if (change.after == 0)
        database.query("DELETE FROM labels WHERE label_set = ?1 AND particle_id = ?2")
            .with(change.labelSet, change.particle)
            .run();
    else
        database
            .query(
                "INSERT INTO labels VALUES (?1, ?2, ?3) ON CONFLICT(label_set, particle_id) DO UPDATE SET class_id = "
                "excluded.class_id")
            .with(change.labelSet, change.particle, change.after)
            .run();
}

void applyClass(Database& database, const ClassChange& change) {
    const auto json = nlohmann::json::parse(change.after);
    database.query("UPDATE classes SET name = ?2, colour = ?3, key = ?4, role = ?5, removed = ?6 WHERE id = ?1")
        .with(change.classId, json.at("name").get<std::string>(), json.at("colour").get<std::string>(),
              json.at("key").get<std::string>(), json.at("role").get<std::string>(),
              static_cast<std::int64_t>(json.at("removed").get<bool>()))
        .run();
}

void applyPick(Database& database, const PickChange& change) {
    const auto json = nlohmann::json::parse(change.after);
    database
        .query(
            "INSERT INTO hand_picks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO UPDATE SET "
            "tomogram = excluded.tomogram, x = excluded.x, y = excluded.y, z = excluded.z, "
            "from_particle = excluded.from_particle, removed = excluded.removed")
        .with(change.pickId, json.at(0).get<std::string>(), json.at(1).get<double>(), json.at(2).get<double>(),
              json.at(3).get<double>(), json.at(4).get<std::int64_t>(),
              static_cast<std::int64_t>(json.at(5).get<bool>()))
        .run();
}

void applySet(Database& database, const SetChange& change) {
    database.query("UPDATE particle_sets SET removed = ?2 WHERE id = ?1")
        .with(change.setId, static_cast<std::int64_t>(change.removedAfter))
        .run();
}

/// The "set" in force, 0 before the first.
std::int64_t currentTop(Database& database) {
    return database.number("SELECT top FROM label_actions ORDER BY id DESC LIMIT 1");
}

HistoryChanges changesOf(Database& database, std::int64_t action) {
    HistoryChanges changes;
    {
        Query rows = database.query(
            "SELECT label_set, particle_id, old_class, new_class FROM label_changes WHERE action_id = ?1");
        rows.with(action);
        while (rows.next()) changes.labels.push_back({rows.whole(0), rows.whole(1), rows.whole(2), rows.whole(3)});
    }
    {
        Query rows = database.query("SELECT class_id, old, new FROM class_changes WHERE action_id = ?1");
        rows.with(action);
        while (rows.next()) changes.classes.push_back({rows.whole(0), rows.text(1), rows.text(2)});
    }
    {
        Query rows = database.query("SELECT pick_id, old, new FROM pick_changes WHERE action_id = ?1");
        rows.with(action);
        while (rows.next()) changes.picks.push_back({rows.whole(0), rows.text(1), rows.text(2)});
    }
    Query rows = database.query("SELECT set_id, old_removed, new_removed FROM set_changes WHERE action_id = ?1");
    rows.with(action);
    while (rows.next()) changes.sets.push_back({rows.whole(0), rows.whole(1) != 0, rows.whole(2) != 0});
    return changes;
}

std::int64_t appendAction(Database& database, const NewAction& action, const HistoryChanges& changes) {
    database
        .query(
            "INSERT INTO label_actions (kind, author, time, particles, target, parent, top) VALUES (?1, ?2, ?3, ?4, "
            "?5, ?6, ?7)")
        .with(action.kind, action.author, utcNow(), static_cast<std::int64_t>(changes.labels.size()), action.target,
              action.parent, action.top)
        .run();
    const std::int64_t id = database.lastId();
    // A "set" is the one in force after itself.
    if (action.top == 0 && action.target == 0)
        database.query("UPDATE label_actions SET top = id WHERE id = ?1").with(id).run();
    for (const ClassChange& change : changes.classes) {
        database.query("INSERT INTO class_changes VALUES (?1, ?2, ?3, ?4)")
            .with(id, change.classId, change.before, change.after)
            .run();
        applyClass(database, change);
    }
    for (const PickChange& change : changes.picks) {
        database.query("INSERT INTO pick_changes VALUES (?1, ?2, ?3, ?4)")
            .with(id, change.pickId, change.before, change.after)
            .run();
        applyPick(database, change);
    }
    for (const SetChange& change : changes.sets) {
        database.query("INSERT INTO set_changes VALUES (?1, ?2, ?3, ?4)")
            .with(id, change.setId, static_cast<std::int64_t>(change.removedBefore),
                  static_cast<std::int64_t>(change.removedAfter))
            .run();
        applySet(database, change);
    }
    Query insert = database.query("INSERT INTO label_changes VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const LabelChange& change : changes.labels) {
        insert.with(id, change.labelSet, change.particle);
        bindClass(insert, 4, change.before);
        bindClass(insert, 5, change.after);
        insert.run();
        applyLabel(database, change);
    }
    return id;
}

}  // namespace

std::int64_t doAction(Database& database, const std::string& author, const HistoryChanges& changes) {
    return appendAction(database, {"set", author, 0, currentTop(database), 0}, changes);
}

std::int64_t doAside(Database& database, const std::string& author, const HistoryChanges& changes) {
    constexpr std::int64_t kNoTarget = -1;
    return appendAction(database, {"aside", author, kNoTarget, 0, currentTop(database)}, changes);
}

std::optional<HistoryChanges> undoAction(Database& database, const std::string& author, const SetIsNeeded& needed) {
    const std::int64_t undone = currentTop(database);
    if (undone == 0) return std::nullopt;
    HistoryChanges changes = changesOf(database, undone);
    for (LabelChange& change : changes.labels) std::swap(change.before, change.after);
    for (ClassChange& change : changes.classes) std::swap(change.before, change.after);
    for (PickChange& change : changes.picks) std::swap(change.before, change.after);
    for (SetChange& change : changes.sets) std::swap(change.removedBefore, change.removedAfter);
    std::erase_if(changes.sets, [&](const SetChange& change) { return change.removedAfter && needed(change.setId); });
    const std::int64_t parent = database.number("SELECT parent FROM label_actions WHERE id = ?1", undone);
    appendAction(database, {"undo", author, undone, 0, parent}, changes);
    return changes;
}

std::optional<HistoryChanges> redoAction(Database& database, const std::string& author) {
    // The newest "set" made on top of the one in force: older ones were given up when it was made.
    const std::int64_t redone = database.number(
        "SELECT max(id) FROM label_actions WHERE kind = 'set' AND parent = ?1", currentTop(database));
    if (redone == 0) return std::nullopt;
    HistoryChanges changes = changesOf(database, redone);
    appendAction(database, {"redo", author, redone, 0, redone}, changes);
    return changes;
}

std::int64_t currentLabelSet(Database& database) {
    return database.number("SELECT id FROM label_sets WHERE current = 1");
}

std::string pickText(const HandPick& pick, bool removed) {
    return nlohmann::json{pick.tomogram,         pick.positionVoxels.x, pick.positionVoxels.y,
                          pick.positionVoxels.z, pick.fromParticle,     removed}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string classText(const ClassRecord& record, bool removed) {
    constexpr const char* kRoles[] = {"object", "junk", "unsure"};
    return nlohmann::json{{"name", record.name},
                          {"colour", record.colour},
                          {"key", record.key},
                          {"role", kRoles[static_cast<int>(record.role)]},
                          {"removed", removed}}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace tomoloupe
