#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tomoloupe {

/// One block of a STAR file: a loop or a list of key and value (then it has exactly one row). Everything stays text, so that
/// a file goes out as it came in.
struct StarBlock {
    std::string name;  ///< without "data_"; may be empty
    bool loop = true;
    std::vector<std::string> columns;  ///< without the leading underscore: "rlnCoordinateX"
    std::vector<std::vector<std::string>> rows;
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
};

struct StarFile {
    std::vector<StarBlock> blocks;
    [[nodiscard]] const StarBlock* block(std::string_view name) const;
};

/// Accepts "#n" suffixes, quotes, comments, CRLF, single-row loops, empty loops. Throws ReadError with the line number.
[[nodiscard]] StarFile parseStar(std::string_view text, const std::string& sourceName);
[[nodiscard]] StarFile readStar(const std::filesystem::path& path);
/// Quotes what needs it; columns aligned; atomic.
void writeStar(const std::filesystem::path& path, const StarFile& file);

}  // namespace tomoloupe
