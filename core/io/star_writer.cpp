#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/star.h"
#include "core/io/star_tokens.h"

namespace tomoloupe {
namespace {

bool reads(std::string_view written, std::string_view value) {
    const std::vector<StarToken> tokens = tokeniseStar(written, {});
    return tokens.size() == 1 && tokens.front().text == value;
}

bool isPlain(std::string_view value) {
    if (value.empty()) return false;
    constexpr std::string_view kSpecial = "_#$'\"[];";
    if (kSpecial.find(value.front()) != std::string_view::npos && value.front() != '[') return false;
    for (const char c : value)
        if (static_cast<unsigned char>(c) <= ' ') return false;
    std::array<char, 5> head{};
    std::transform(value.begin(), value.begin() + std::min<std::ptrdiff_t>(5, std::ptrdiff_t(value.size())),
                   head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    const std::string_view lower(head.data(), head.size());
    return lower != "data_" && lower != "loop_";
}

// The value as it is written; a text field (";" lines) where neither quote can hold it.
std::string written(const std::string& value) {
    if (isPlain(value)) return value;
    for (const char quote : {'"', '\''}) {
        std::string quoted = fmt::format("{}{}{}", quote, value, quote);
        if (value.find_first_of("\r\n") == std::string::npos && reads(quoted, value)) return quoted;
    }
    return "\n;" + value + "\n;";
}

void appendPairs(std::string& text, const StarBlock& block) {
    std::size_t width = 0;
    for (const std::string& column : block.columns) width = std::max(width, column.size());
    for (std::size_t i = 0; i < block.columns.size(); ++i)
        text += fmt::format("_{:<{}}  {}\n", block.columns[i], width, written(block.rows.front().at(i)));
}

void appendLoop(std::string& text, const StarBlock& block) {
    text += "loop_\n";
    for (std::size_t i = 0; i < block.columns.size(); ++i) text += fmt::format("_{} #{}\n", block.columns[i], i + 1);
    std::vector<std::size_t> widths(block.columns.size(), 0);
    for (const auto& row : block.rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : block.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string value = written(row[i]);
            if (i > 0) text += ' ';
            text.append(widths[i] > value.size() && value.front() != '\n' ? widths[i] - value.size() : 0, ' ');
            text += value;
        }
        text += '\n';
    }
}

void checkBlock(const StarBlock& block) {
    const bool right = block.loop || block.rows.size() == 1;
    if (!right)
        throw Error(fmt::format("STAR block \"{}\" is a list of values and needs one row, not {}", block.name,
                                block.rows.size()));
    for (const auto& row : block.rows)
        if (row.size() != block.columns.size())
            throw Error(fmt::format("STAR block \"{}\" has a row of {} values for {} columns", block.name, row.size(),
                                    block.columns.size()));
}

}  // namespace

void writeStar(const std::filesystem::path& path, const StarFile& file) {
    std::string text;
    const StarBlock* previous = nullptr;
    for (const StarBlock& block : file.blocks) {
        checkBlock(block);
        // A block with both pairs and a loop is kept as two of one name; it goes out as it came in.
        const bool continued = previous && previous->name == block.name && !previous->columns.empty() &&
                               !block.columns.empty() && (previous->loop || block.loop);
        if (!continued) text += fmt::format("\ndata_{}\n\n", block.name);
        if (!block.loop)
            appendPairs(text, block);
        else if (!block.columns.empty())
            appendLoop(text, block);
        text += '\n';
        previous = &block;
    }
    writeAtomically(path, text);
}

}  // namespace tomoloupe
