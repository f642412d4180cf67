#include "core/simulate/molecule_remarks.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace tomoloupe {
namespace {

constexpr std::string_view kRemark = "REMARK 350";
constexpr std::string_view kFurther = "REMARK 350                    AND CHAINS: ";
constexpr std::size_t kChainsALine = 12;

/// The names in "S, F, T,"; none when the text is anything else.
std::vector<std::string> chainNames(std::string_view text) {
    std::vector<std::string> names;
    std::string name;
    for (const char c : std::string(text) + ",") {
        const bool separator = c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!separator && std::isalnum(static_cast<unsigned char>(c)) == 0) return {};
        if (!separator) name += c;
        if (separator && !name.empty()) names.push_back(std::exchange(name, {}));
    }
    const bool allShort = std::all_of(names.begin(), names.end(), [](const std::string& one) { return one.size() <= 2; });
    return allShort ? names : std::vector<std::string>{};
}

std::string furtherLines(const std::vector<std::string>& names) {
    std::string lines;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i % kChainsALine == 0) lines += (i == 0 ? "" : "\n") + std::string(kFurther);
        lines += (i % kChainsALine == 0 ? "" : ", ") + names[i];
    }
    return lines + "\n";
}

}  // namespace

std::vector<char> withModernChainLists(std::vector<char> text) {
    const std::string_view all(text.data(), text.size());
    // At the start of a line: other remarks point to this one.
    const std::size_t before = all.find("\nREMARK 350");
    if (before == std::string_view::npos) return text;
    const std::size_t first = before + 1;
    std::string remarks;
    bool inList = false, changed = false;
    std::size_t at = first;
    while (at < all.size() && all.substr(at, kRemark.size()) == kRemark) {
        const std::size_t end = std::min(all.find('\n', at), all.size() - 1) + 1;
        const std::string_view line = all.substr(at, end - at);
        const std::vector<std::string> names = inList ? chainNames(line.substr(kRemark.size())) : std::vector<std::string>{};
        remarks += names.empty() ? std::string(line) : furtherLines(names);
        changed = changed || !names.empty();
        inList = !names.empty() || line.find("CHAINS:") != std::string_view::npos;
        at = end;
    }
    if (!changed) return text;
    std::vector<char> repaired(text.begin(), text.begin() + std::ptrdiff_t(first));
    repaired.insert(repaired.end(), remarks.begin(), remarks.end());
    repaired.insert(repaired.end(), text.begin() + std::ptrdiff_t(at), text.end());
    return repaired;
}

}  // namespace tomoloupe
