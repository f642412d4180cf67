#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "core/project/label_history.h"
#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

/// What the edits really change; of several edits of one particle the last holds.
std::vector<LabelChange> realChanges(Database& database, std::int64_t labelSet,
                                     std::span<const LabelEdit> edits) {
    std::vector<LabelChange> changes;
    std::unordered_map<std::int64_t, std::size_t> known;
    for (const LabelEdit& edit : edits) {
        const std::int64_t after = edit.classId.value_or(0);
        const auto [place, isNew] = known.try_emplace(edit.particleId, changes.size());
        if (isNew) {
            const std::int64_t before =
                database.number("SELECT class_id FROM labels WHERE label_set = ?1 AND particle_id = ?2", labelSet,
                                edit.particleId);
            changes.push_back({labelSet, edit.particleId, before, after});
        } else {
            changes[place->second].after = after;
        }
    }
    std::erase_if(changes, [](const LabelChange& change) { return change.before == change.after; });
    return changes;
}


/// Its id; made when it is new.
std::int64_t labelSetNamed(Database& database, const std::string& name) {
    if (name.empty()) throw Error("A label set needs a name");
    database.query("INSERT INTO label_sets (name) VALUES (?1) ON CONFLICT(name) DO NOTHING").with(name).run();
    return database.number("SELECT id FROM label_sets WHERE name = ?1", name);
}

/// Subtomograms, predictions, labels beyond those that came with the copies, or picks that stand for its particles.
bool hasMoreThanItWasMadeOf(Database& database, std::int64_t setId) {
    const std::int64_t first = database.number("SELECT first_particle FROM particle_sets WHERE id = ?1", setId),
                       end = first + database.number("SELECT count FROM particle_sets WHERE id = ?1", setId);
    const auto any = [&](const char* sql) { return database.number(sql, first, end) > 0; };
    return database.number("SELECT count(*) FROM particle_sets WHERE id = ?1 AND stack_path <> ''", setId) > 0 ||
           any("SELECT EXISTS (SELECT 1 FROM predictions WHERE particle_id >= ?1 AND particle_id < ?2)") ||
           any("SELECT EXISTS (SELECT 1 FROM hand_picks WHERE removed = 0 AND from_particle >= ?1 AND from_particle < ?2)") ||
           any("SELECT EXISTS (SELECT 1 FROM labels l WHERE particle_id >= ?1 AND particle_id < ?2 AND NOT EXISTS (SELECT 1 "
               "FROM label_changes c JOIN set_changes s ON s.action_id = c.action_id WHERE c.label_set = l.label_set AND "
               "c.particle_id = l.particle_id AND c.new_class = l.class_id))");
}

/// What was changed in the current label set. Where nothing was, one in which something was becomes the current one.
LabelStep stepOf(Database& database, const HistoryChanges& changes) {
    LabelStep step;
    step.classesChanged = !changes.classes.empty();
    step.picksChanged = !changes.picks.empty();
    step.setsChanged = !changes.sets.empty();
    if (step.setsChanged && !changes.sets[0].removedAfter)
        step.set = database.query("SELECT name FROM particle_sets WHERE id = ?1").with(changes.sets[0].setId).firstText();
    if (step.picksChanged)
        step.tomogram = database.query("SELECT tomogram FROM hand_picks WHERE id = ?1").with(changes.picks[0].pickId).firstText();
    std::int64_t current = currentLabelSet(database);
    const bool elsewhere = std::none_of(changes.labels.begin(), changes.labels.end(),
                                        [&](const LabelChange& change) { return change.labelSet == current; });
    if (elsewhere && !changes.labels.empty()) {
        current = changes.labels.front().labelSet;
        step.labelSetChanged = true;
        database.query("UPDATE label_sets SET current = (id = ?1)").with(current).run();
    }
    for (const LabelChange& change : changes.labels) {
        if (change.labelSet != current) continue;
        step.edits.push_back({change.particle, change.after ? std::optional(change.after) : std::nullopt});
    }
    return step;
}

std::vector<std::int64_t> readLabels(Database& database, std::int64_t labelSet, std::int64_t setId) {
    std::int64_t first = 0, count = 0;
    {
        Query set = database.query("SELECT first_particle, count FROM particle_sets WHERE id = ?1");
        if (!set.with(setId).next()) throw Error(fmt::format("The project has no particle set number {}", setId));
        first = set.whole(0);
        count = set.whole(1);
    }
    std::vector<std::int64_t> found(static_cast<std::size_t>(count), 0);
    ManyRows rows(
        database,
        "SELECT particle_id, class_id FROM labels WHERE label_set = ?1 AND particle_id >= ?2 AND particle_id < ?3");
    rows.bind(1, labelSet).bind(2, first).bind(3, first + count);
    while (rows.next()) found[static_cast<std::size_t>(rows.whole(0) - first)] = rows.whole(1);
    return found;
}

}  // namespace

std::int64_t Project::setLabels(std::span<const LabelEdit> edits, const std::string& author) {
    return impl_->locked("store labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::int64_t {
            const std::vector<LabelChange> changes = realChanges(database, currentLabelSet(database), edits);
            return changes.empty() ? 0 : doAction(database, author, {changes});
        });
    });
}

std::int64_t Project::setLabelsIn(const std::string& labelSet, std::span<const LabelEdit> edits,
                                  const std::string& author) {
    return impl_->locked("store labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::int64_t {
            const std::int64_t id = labelSetNamed(database, labelSet);
            const std::vector<LabelChange> changes = realChanges(database, id, edits);
            if (changes.empty()) return 0;
            const bool current = id == currentLabelSet(database);
            return current ? doAction(database, author, {changes}) : doAside(database, author, {changes});
        });
    });
}

std::optional<LabelStep> Project::undoLabels(const std::string& author) {
    // Runs name the set they look at; asked for only where a set is about to go.
    const auto needed = [&](std::int64_t setId) {
        Database& database = impl_->database;
        const std::string name = database.query("SELECT name FROM particle_sets WHERE id = ?1").with(setId).firstText();
        const std::vector<Run> known = runs();
        return hasMoreThanItWasMadeOf(database, setId) ||
               std::any_of(known.begin(), known.end(), [&](const Run& run) { return run.config().particleSet == name; });
    };
    return impl_->locked("undo labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::optional<LabelStep> {
            const auto changes = undoAction(database, author, needed);
            return changes ? std::optional(stepOf(database, *changes)) : std::nullopt;
        });
    });
}

std::optional<LabelStep> Project::redoLabels(const std::string& author) {
    return impl_->locked("redo labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::optional<LabelStep> {
            const auto changes = redoAction(database, author);
            return changes ? std::optional(stepOf(database, *changes)) : std::nullopt;
        });
    });
}

std::vector<std::int64_t> Project::labels(std::int64_t setId) const {
    return impl_->locked("read labels",
                         [&] { return readLabels(impl_->database, currentLabelSet(impl_->database), setId); });
}

std::vector<std::int64_t> Project::labelsIn(const std::string& labelSet, std::int64_t setId) const {
    return impl_->locked("read labels", [&] {
        const std::int64_t id = impl_->database.number("SELECT id FROM label_sets WHERE name = ?1", labelSet);
        if (id == 0) {
            std::vector<std::string> names;
            Query rows = impl_->database.query("SELECT name FROM label_sets ORDER BY id");
            while (rows.next()) names.push_back(rows.text(0));
            throw Error(fmt::format("There is no label set \"{}\"; there are: {}", labelSet, fmt::join(names, ", ")));
        }
        return readLabels(impl_->database, id, setId);
    });
}

std::int64_t Project::labelCount() const {
    return impl_->locked("count labels", [&] {
        return impl_->database.number("SELECT count(*) FROM labels WHERE label_set = ?1",
                                      currentLabelSet(impl_->database));
    });
}

std::vector<LabelAction> Project::labelHistory(std::int64_t particleId) const {
    return impl_->locked("read the label history", [&] {
        std::vector<LabelAction> history;
        Query rows = impl_->database.query(
            "SELECT a.id, a.kind, a.author, a.time, a.particles, c.new_class FROM label_changes c "
            "JOIN label_actions a ON a.id = c.action_id WHERE c.label_set = ?1 AND c.particle_id = ?2 "
            "ORDER BY a.id DESC");
        rows.with(currentLabelSet(impl_->database), particleId);
        while (rows.next())
            history.push_back({rows.whole(0), rows.text(1), rows.text(2), rows.text(3), rows.whole(4),
                               rows.isNull(5) ? std::nullopt : std::optional(rows.whole(5))});
        return history;
    });
}

std::vector<LabelSetRecord> Project::labelSets() const {
    return impl_->locked("list the label sets", [&] {
        std::vector<LabelSetRecord> found;
        Query rows = impl_->database.query(
            "SELECT id, name, current, (SELECT count(*) FROM labels WHERE label_set = label_sets.id) FROM label_sets "
            "ORDER BY id");
        while (rows.next()) found.push_back({rows.whole(0), rows.text(1), rows.whole(2) != 0, rows.whole(3)});
        return found;
    });
}

void Project::useLabelSet(const std::string& name) {
    impl_->locked("choose a label set", [&] {
        Database& database = impl_->database;
        database.write([&] {
            database.query("UPDATE label_sets SET current = (id = ?1)").with(labelSetNamed(database, name)).run();
        });
    });
}

void Project::renameLabelSet(const std::string& name, const std::string& newName) {
    impl_->locked("rename a label set", [&] {
        Database& database = impl_->database;
        database.write([&] {
            if (newName.empty()) throw Error("A label set needs a name");
            const std::int64_t id = database.number("SELECT id FROM label_sets WHERE name = ?1", name);
            if (id == 0) throw Error(fmt::format("There is no label set \"{}\"", name));
            const std::int64_t other = database.number("SELECT id FROM label_sets WHERE name = ?1", newName);
            if (other != 0 && other != id) throw Error(fmt::format("There is a label set named {} already", newName));
            database.query("UPDATE label_sets SET name = ?2 WHERE id = ?1").with(id, newName).run();
        });
    });
}

}  // namespace tomoloupe
