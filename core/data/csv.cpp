#include "core/data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/atomic_file.h"
#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool sameLetters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

char separatorOf(std::string_view text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    char best = ',';
    for (const char candidate : {';', '\t'})
        if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), best))
            best = candidate;
    return best;
}

/// Reads field after field.
class CsvScanner {
  public:
    CsvScanner(std::string_view text, const std::string& source)
        : text_(text), source_(source), separator_(separatorOf(text)) {}

    [[nodiscard]] bool atEnd() const { return place_ >= text_.size(); }
    [[nodiscard]] std::size_t line() const { return line_; }

    /// The fields up to the end of the line; quoted ones may hold line ends.
    std::vector<std::string> record() {
        std::vector<std::string> fields;
        do fields.push_back(field());
        while (take(separator_));
        take('\r');
        if (!take('\n') && !atEnd())
            throw ReadError(fmt::format("{}, line {}: text after a closing quote", source_, line_));
        ++line_;
        return fields;
    }

  private:
    bool take(char wanted) {
        if (atEnd() || text_[place_] != wanted) return false;
        ++place_;
        return true;
    }

    std::string field() {
        if (take('"')) return quoted();
        const std::size_t start = place_;
        while (!atEnd() && text_[place_] != separator_ && text_[place_] != '\n') ++place_;
        std::string value(text_.substr(start, place_ - start));
        if (!value.empty() && value.back() == '\r') value.pop_back();
        return value;
    }

    std::string quoted() {
        std::string value;
        const std::size_t first = line_;
        while (!atEnd()) {
            const char letter = text_[place_++];
            if (letter == '"' && !take('"')) return value;
            if (letter == '\n') ++line_;
            value += letter;
        }
        throw ReadError(fmt::format("{}, line {}: a quote is never closed", source_, first));
    }

    std::string_view text_;
    const std::string& source_;
    char separator_;
    std::size_t place_ = 0;
    std::size_t line_ = 1;
};

std::string quotedIfNeeded(const std::string& field) {
    if (field.find_first_of(",\"\n\r") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char letter : field) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return quoted + "\"";
}

void appendRow(std::string& text, const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "," : "") + quotedIfNeeded(row[i]);
    text += '\n';
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (sameLetters(columns[i], name)) return i;
    return std::nullopt;
}

CsvTable parseCsv(std::string_view text, const std::string& sourceName) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    CsvScanner scanner(text, sourceName);
    if (scanner.atEnd()) throw ReadError(fmt::format("{} is empty", sourceName));
    CsvTable table;
    table.columns = scanner.record();
    while (!scanner.atEnd()) {
        const std::size_t line = scanner.line();
        std::vector<std::string> row = scanner.record();
        if (row.size() == 1 && row[0].empty()) continue;
        if (row.size() != table.columns.size())
            throw ReadError(fmt::format("{}, line {}: {} fields where the first line has {}", sourceName, line,
                                        row.size(), table.columns.size()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

CsvTable readCsv(const std::filesystem::path& path) {
    return parseCsv(readTextFile(path, std::uintmax_t(1) << 30), path.string());
}

std::string csvText(const CsvTable& table) {
    std::string text;
    appendRow(text, table.columns);
    for (const auto& row : table.rows) appendRow(text, row);
    return text;
}

}  // namespace tomoloupe
