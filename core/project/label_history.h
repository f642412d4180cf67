#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/project/database.h"
#include "core/project/records.h"

namespace tomoloupe {

// Within core/project alone: the tree of actions that undo and redo walk. All functions run inside a transaction.

/// A change of one particle's label; 0 stands for no class.
struct LabelChange {
    std::int64_t labelSet = 0, particle = 0, before = 0, after = 0;
};

/// A change of one class; the texts are JSON objects with name, colour, key, role, removed.
struct ClassChange {
    std::int64_t classId = 0;
    std::string before, after;
};

/// A change of one pick; the texts are JSON: [tomogram, x, y, z, from_particle, removed].
struct PickChange {
    std::int64_t pickId = 0;
    std::string before, after;
};

/// A set appears or goes; its particles stay where they are.
struct SetChange {
    std::int64_t setId = 0;
    bool removedBefore = false, removedAfter = false;
};

struct HistoryChanges {
    std::vector<LabelChange> labels;
    std::vector<ClassChange> classes = {};
    std::vector<PickChange> picks = {};
    std::vector<SetChange> sets = {};
};

/// What is done by a person: appended to the history, then applied. Returns the action's id.
std::int64_t doAction(Database& database, const std::string& author, const HistoryChanges& changes);
/// The same for what undo and redo pass over.
std::int64_t doAside(Database& database, const std::string& author, const HistoryChanges& changes);
/// Something that undo does not know of needs the set: it must not go.
using SetIsNeeded = std::function<bool(std::int64_t setId)>;
/// The changes that were applied; none when there is nothing to undo or redo. A set that is needed stays when the step
/// that made it is undone.
[[nodiscard]] std::optional<HistoryChanges> undoAction(Database& database, const std::string& author,
                                                       const SetIsNeeded& needed);
[[nodiscard]] std::optional<HistoryChanges> redoAction(Database& database, const std::string& author);

[[nodiscard]] std::int64_t currentLabelSet(Database& database);
/// The row of a class as ClassChange has it.
[[nodiscard]] std::string classText(const ClassRecord& record, bool removed);
/// The row of a pick as PickChange has it.
[[nodiscard]] std::string pickText(const HandPick& pick, bool removed);

}  // namespace tomoloupe
