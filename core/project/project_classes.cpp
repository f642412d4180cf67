#include <array>

#include "core/project/label_history.h"
#include "core/project/project_impl.h"

namespace tomoloupe {
namespace {

/// Paul Tol's bright and vibrant sets: told apart by colour-blind eyes too.
constexpr std::array<const char*, 10> kClassColours{"#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE",
                                                    "#AA3377", "#EE7733", "#009988", "#CC3311", "#33BBEE"};
constexpr const char* kBackgroundColour = "#8A93A0";
constexpr const char* kJunkColour = "#6B5B55";
constexpr const char* kUnsureColour = "#B8AFC9";
constexpr const char* kBackground = "background";

std::string defaultColour(Database& database, const std::string& name, ClassRole role) {
    if (role == ClassRole::Junk) return kJunkColour;
    if (role == ClassRole::Unsure) return kUnsureColour;
    if (name == kBackground) return kBackgroundColour;
    const auto others = static_cast<std::size_t>(database.number(
        "SELECT count(*) FROM classes WHERE name <> ?1 AND role = 'object' AND removed = 0", kBackground));
    return kClassColours[others % kClassColours.size()];
}

ClassRole roleFrom(const std::string& text) {
    return text == "junk" ? ClassRole::Junk : text == "unsure" ? ClassRole::Unsure : ClassRole::Object;
}

ClassRecord classFrom(const Query& row) {
    return {row.whole(0), row.text(1), row.text(2), row.text(3), roleFrom(row.text(4))};
}

struct StoredClass {
    ClassRecord record;
    bool removed = false;
};

std::optional<StoredClass> storedClass(Database& database, std::int64_t id) {
    Query row = database.query("SELECT id, name, colour, key, role, removed FROM classes WHERE id = ?1");
    if (!row.with(id).next()) return std::nullopt;
    return StoredClass{classFrom(row), row.whole(5) != 0};
}

void checkFree(Database& database, const ClassRecord& record) {
    if (record.name.empty()) throw Error("A class needs a name");
    if (database.number("SELECT id FROM classes WHERE name = ?1 AND id <> ?2 AND removed = 0", record.name, record.id))
        throw Error(fmt::format("There is a class named {} already", record.name));
    if (!record.key.empty()) {
        Query other = database.query("SELECT name FROM classes WHERE key = ?1 AND id <> ?2 AND removed = 0");
        if (other.with(record.key, record.id).next())
            throw Error(fmt::format("The key {} belongs to the class {} already", record.key, other.text(0)));
    }
}

/// The id of a row for a new class, marked as removed until an action says otherwise; that of a class of this name that
/// was removed once is taken again.
std::int64_t rowForNew(Database& database, const std::string& name) {
    database.query("INSERT INTO classes (name, colour, removed) VALUES (?1, '', 1) ON CONFLICT(name) DO NOTHING")
        .with(name)
        .run();
    return database.number("SELECT id FROM classes WHERE name = ?1", name);
}

}  // namespace

ClassRecord Project::addClass(const std::string& name, const std::string& colour) {
    if (name.empty()) throw Error("A class needs a name");
    impl_->locked("add a class", [&] {
        Database& database = impl_->database;
        database.write([&] {
            const std::string chosen = colour.empty() ? defaultColour(database, name, ClassRole::Object) : colour;
            database
                .query("INSERT INTO classes (name, colour) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET removed = 0")
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
        Query rows =
            impl_->database.query("SELECT id, name, colour, key, role FROM classes WHERE removed = 0 ORDER BY id");
        while (rows.next()) found.push_back(classFrom(rows));
        return found;
    });
}

ClassRecord Project::storeClass(const ClassRecord& given, const std::string& author) {
    return impl_->locked("store a class", [&] {
        Database& database = impl_->database;
        return database.write([&] {
            ClassRecord record = given;
            checkFree(database, record);
            if (record.id == 0) record.id = rowForNew(database, record.name);
            const auto known = storedClass(database, record.id);
            if (!known) throw Error(fmt::format("The project has no class number {}", record.id));
            if (record.colour.empty()) record.colour = defaultColour(database, record.name, record.role);
            const ClassChange change{record.id, classText(known->record, known->removed), classText(record, false)};
            if (change.before != change.after) doAction(database, author, {{}, {change}});
            return record;
        });
    });
}

namespace {

/// Makes the class of this name where there is none, as a change still to be applied; its id.
std::int64_t classNamed(Database& database, const std::string& name, HistoryChanges& changes) {
    if (name.empty()) throw Error("A class needs a name");
    if (const std::int64_t known = database.number("SELECT id FROM classes WHERE name = ?1 AND removed = 0", name)) return known;
    ClassRecord record;
    record.name = name;
    record.id = rowForNew(database, name);
    for (const ClassChange& change : changes.classes)
        if (change.classId == record.id) return record.id;
    const auto place = static_cast<std::size_t>(database.number(
                           "SELECT count(*) FROM classes WHERE name <> ?1 AND role = 'object' AND removed = 0", kBackground)) +
                       changes.classes.size();
    record.colour = name == kBackground ? kBackgroundColour : kClassColours[place % kClassColours.size()];
    const auto known = storedClass(database, record.id);
    changes.classes.push_back({record.id, classText(known->record, known->removed), classText(record, false)});
    return record.id;
}

}  // namespace

std::int64_t Project::labelByName(std::span<const NamedLabels> groups, const std::string& author) {
    return impl_->locked("store labels", [&] {
        Database& database = impl_->database;
        return database.write([&]() -> std::int64_t {
            HistoryChanges changes;
            const std::int64_t labelSet = currentLabelSet(database);
            for (const NamedLabels& group : groups) {
                const std::int64_t id = classNamed(database, group.className, changes);
                for (const std::int64_t particle : group.particleIds) {
                    const std::int64_t before =
                        database.number("SELECT class_id FROM labels WHERE label_set = ?1 AND particle_id = ?2", labelSet, particle);
                    if (before != id) changes.labels.push_back({labelSet, particle, before, id});
                }
            }
            return changes.labels.empty() && changes.classes.empty() ? 0 : doAction(database, author, changes);
        });
    });
}

void Project::removeClass(std::int64_t classId, const std::string& author) {
    impl_->locked("remove a class", [&] {
        Database& database = impl_->database;
        database.write([&] {
            const auto known = storedClass(database, classId);
            if (!known || known->removed) throw Error(fmt::format("The project has no class number {}", classId));
            HistoryChanges changes;
            changes.classes.push_back({classId, classText(known->record, false), classText(known->record, true)});
            {
                Query rows = database.query("SELECT label_set, particle_id FROM labels WHERE class_id = ?1");
                rows.with(classId);
                while (rows.next()) changes.labels.push_back({rows.whole(0), rows.whole(1), classId, 0});
            }
            doAction(database, author, changes);
        });
    });
}

}  // namespace tomoloupe
