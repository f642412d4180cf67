#include <array>

#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

/// Paul Tol's bright and vibrant sets: told apart by colour-blind eyes too.
constexpr std::array<const char*, 10> kClassColours{"#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE",
                                                    "#AA3377", "#EE7733", "#009988", "#CC3311", "#33BBEE"};
constexpr const char* kBackgroundColour = "#8A93A0";
constexpr const char* kBackground = "background";

std::string defaultColour(Database& database, const std::string& name) {
    if (name == kBackground) return kBackgroundColour;
    const auto others =
        static_cast<std::size_t>(database.number("SELECT count(*) FROM classes WHERE name <> ?1", kBackground));
    return kClassColours[others % kClassColours.size()];
}

/// A change of one particle; 0 stands for no class.
struct Change {
    std::int64_t particle = 0, before = 0, after = 0;
};

void bindClass(Query& query, int index, std::int64_t classId) {
    if (classId == 0)
        query.bindNull(index);
    else
        query.bindWhole(index, classId);
}

void applyLabel(Database& database, const Change& change) {
    if (change.after == 0)
        database.query("DELETE FROM labels WHERE particle_id = ?1").with(change.particle).run();
    else
        database
            .query(
                "INSERT INTO labels VALUES (?1, ?2) ON CONFLICT(particle_id) DO UPDATE SET class_id = "
                "excluded.class_id")
            .with(change.particle, change.after)
            .run();
}

/// The "set" in force, 0 before the first.
std::int64_t currentTop(Database& database) {
    return database.number("SELECT top FROM label_actions ORDER BY id DESC LIMIT 1");
}

std::vector<Change> changesOf(Database& database, std::int64_t action) {
    std::vector<Change> changes;
    Query rows = database.query("SELECT particle_id, old_class, new_class FROM label_changes WHERE action_id = ?1");
    rows.with(action);
    while (rows.next()) changes.push_back({rows.whole(0), rows.whole(1), rows.whole(2)});
    return changes;
}

struct NewAction {
    const char* kind;
    const std::string& author;
    std::int64_t target = 0, parent = 0, top = 0;
};

std::int64_t appendAction(Database& database, const NewAction& action, const std::vector<Change>& changes) {
    database
        .query(
            "INSERT INTO label_actions (kind, author, time, particles, target, parent, top) VALUES (?1, ?2, ?3, ?4, "
            "?5, ?6, ?7)")
        .with(action.kind, action.author, utcNow(), static_cast<std::int64_t>(changes.size()), action.target,
              action.parent, action.top)
        .run();
    const std::int64_t id = database.lastId();
    // A "set" is the one in force after itself.
    if (action.top == 0 && action.target == 0)
        database.query("UPDATE label_actions SET top = id WHERE id = ?1").with(id).run();
    Query insert = database.query("INSERT INTO label_changes VALUES (?1, ?2, ?3, ?4)");
    for (const Change& change : changes) {
        insert.with(id, change.particle);
        bindClass(insert, 3, change.before);
        bindClass(insert, 4, change.after);
        insert.run();
        applyLabel(database, change);
    }
    return id;
}

/// What the edits really change; of several edits of one particle the last holds.
std::vector<Change> realChanges(Database& database, std::span<const LabelEdit> edits) {
    std::vector<Change> changes;
    std::unordered_map<std::int64_t, std::size_t> known;
    for (const LabelEdit& edit : edits) {
        const std::int64_t after = edit.classId.value_or(0);
        const auto [place, isNew] = known.try_emplace(edit.particleId, changes.size());
        if (isNew) {
            const std::int64_t before =
                database.number("SELECT class_id FROM labels WHERE particle_id = ?1", edit.particleId);
            changes.push_back({edit.particleId, before, after});
        } else {
            changes[place->second].after = after;
        }
    }
    std::erase_if(changes, [](const Change& change) { return change.before == change.after; });
    return changes;
}

}  // namespace

ClassRecord Project::addClass(const std::string& name, const std::string& colour) {
    if (name.empty()) throw Error("A class needs a name");
    impl_->locked("add a class", [&] {
        Database& database = impl_->database;
        database.write([&] {
            const std::string chosen = colour.empty() ? defaultColour(database, name) : colour;
            database.query("INSERT INTO classes (name, colour) VALUES (?1, ?2) ON CONFLICT(name) DO NOTHING")
                .with(name, chosen)
                .run();
            if (!colour.empty())
                database.query("UPDATE classes SET colour = ?2 WHERE name = ?1").with(name, colour).run();
        });
    });
    for (const ClassRecord& known : classes())
        if (known.name == name) return known;
    throw Error(fmt::format("Class {} could not be added", name));
}

std::vector<ClassRecord> Project::classes() const {
    return impl_->locked("list the classes", [&] {
        std::vector<ClassRecord> found;
        Query rows = impl_->database.query("SELECT id, name, colour FROM classes ORDER BY id");
        while (rows.next()) found.push_back({rows.whole(0), rows.text(1), rows.text(2)});
        return found;
    });
}

std::int64_t Project::setLabels(std::span<const LabelEdit> edits, const std::string& author) {
    return impl_->locked("store labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::int64_t {
            const std::vector<Change> changes = realChanges(database, edits);
            if (changes.empty()) return 0;
            return appendAction(database, {"set", author, 0, currentTop(database), 0}, changes);
        });
    });
}

bool Project::undoLabels(const std::string& author) {
    return impl_->locked("undo labels", [&] {
        Database& database = impl_->database;
        return database.write([&] {
            const std::int64_t undone = currentTop(database);
            if (undone == 0) return false;
            std::vector<Change> changes = changesOf(database, undone);
            for (Change& change : changes) std::swap(change.before, change.after);
            const std::int64_t parent = database.number("SELECT parent FROM label_actions WHERE id = ?1", undone);
            appendAction(database, {"undo", author, undone, 0, parent}, changes);
            return true;
        });
    });
}

bool Project::redoLabels(const std::string& author) {
    return impl_->locked("redo labels", [&] {
        Database& database = impl_->database;
        return database.write([&] {
            // The newest "set" made on top of the one in force: older ones were given up when it was made.
            const std::int64_t redone = database.number(
                "SELECT max(id) FROM label_actions WHERE kind = 'set' AND parent = ?1", currentTop(database));
            if (redone == 0) return false;
            appendAction(database, {"redo", author, redone, 0, redone}, changesOf(database, redone));
            return true;
        });
    });
}

std::vector<std::int64_t> Project::labels(std::int64_t setId) const {
    return impl_->locked("read labels", [&] {
        std::int64_t first = 0, count = 0;
        {
            Query set = impl_->database.query("SELECT first_particle, count FROM particle_sets WHERE id = ?1");
            if (!set.with(setId).next()) throw Error(fmt::format("The project has no particle set number {}", setId));
            first = set.whole(0);
            count = set.whole(1);
        }
        std::vector<std::int64_t> found(static_cast<std::size_t>(count), 0);
        Query rows = impl_->database.query(
            "SELECT particle_id, class_id FROM labels WHERE particle_id >= ?1 AND particle_id < ?2");
        rows.with(first, first + count);
        while (rows.next()) found[static_cast<std::size_t>(rows.whole(0) - first)] = rows.whole(1);
        return found;
    });
}

std::int64_t Project::labelCount() const {
    return impl_->locked("count labels", [&] { return impl_->database.number("SELECT count(*) FROM labels"); });
}

std::vector<LabelAction> Project::labelHistory(std::int64_t particleId) const {
    return impl_->locked("read the label history", [&] {
        std::vector<LabelAction> history;
        Query rows = impl_->database.query(
            "SELECT a.id, a.kind, a.author, a.time, a.particles FROM label_changes c "
            "JOIN label_actions a ON a.id = c.action_id WHERE c.particle_id = ?1 ORDER BY a.id DESC");
        rows.with(particleId);
        while (rows.next()) history.push_back({rows.whole(0), rows.text(1), rows.text(2), rows.text(3), rows.whole(4)});
        return history;
    });
}

}  // namespace tomoloupe
