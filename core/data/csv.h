#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tomoloupe {

/// A table of text with named columns (RFC 4180; comma, semicolon or tab, whichever the first line has most of).
struct CsvTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
    /// The first of `names` that is a column, whatever the case of its letters.
    [[nodiscard]] std::optional<std::size_t> column(std::initializer_list<std::string_view> names) const;
};

/// Throws ReadError naming the line.
[[nodiscard]] CsvTable parseCsv(std::string_view text, const std::string& sourceName);
[[nodiscard]] CsvTable readCsv(const std::filesystem::path& path);
/// Quotes what needs it.
[[nodiscard]] std::string csvText(const CsvTable& table);

}  // namespace tomoloupe
