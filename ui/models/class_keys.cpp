#include "ui/models/class_keys.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tomoloupe {
namespace {

constexpr std::array kClassColours{"#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE",
                                   "#AA3377", "#EE7733", "#009988", "#CC3311", "#33BBEE"};
constexpr const char* kBackgroundColour = "#8A93A0";
constexpr const char* kKeysInOrder = "1234567890abcdefghiklmnopqrstvwxyz";

}  // namespace

bool isBackground(const ClassRecord& record) {
    std::string name = record.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return record.role == ClassRole::Object && (name == "background" || name == "noise" || name == "none");
}

std::map<QChar, std::int64_t> classKeys(const std::vector<ClassRecord>& classes) {
    std::map<QChar, std::int64_t> keys;
    for (const ClassRecord& record : classes) {
        if (record.role == ClassRole::Junk) keys.emplace(QChar('j'), record.id);
        if (record.role == ClassRole::Unsure) keys.emplace(QChar('u'), record.id);
        if (record.role == ClassRole::Object && record.key.size() == 1)
            keys.emplace(QChar::fromLatin1(record.key[0]).toLower(), record.id);
    }
    const auto waits = [](const ClassRecord& record) { return record.role == ClassRole::Object && record.key.empty(); };
    for (const ClassRecord& record : classes) {
        if (waits(record) && isBackground(record) && keys.emplace(QChar('0'), record.id).second) break;
    }
    const char* next = kKeysInOrder;
    for (const ClassRecord& record : classes) {
        const bool hasKey = std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return k.second == record.id; });
        if (!waits(record) || hasKey) continue;
        while (*next && keys.count(QChar::fromLatin1(*next))) ++next;
        if (*next) keys.emplace(QChar::fromLatin1(*next), record.id);
    }
    return keys;
}

std::span<const char* const> classPalette() {
    return kClassColours;
}

std::string classColour(const std::vector<ClassRecord>& classes, std::int64_t classId) {
    const auto found = std::find_if(classes.begin(), classes.end(), [&](const auto& c) { return c.id == classId; });
    if (found == classes.end() || isBackground(*found)) return kBackgroundColour;
    if (!found->colour.empty()) return found->colour;
    return kClassColours[static_cast<std::size_t>(found - classes.begin()) % kClassColours.size()];
}

}  // namespace tomoloupe
