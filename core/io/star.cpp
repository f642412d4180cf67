#include "core/io/star.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/star_tokens.h"

namespace tomoloupe {
namespace {

bool startsWith(std::string_view text, std::string_view lowerCasePrefix) {
    if (text.size() < lowerCasePrefix.size()) return false;
    return std::equal(lowerCasePrefix.begin(), lowerCasePrefix.end(), text.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? char(b - 'A' + 'a') : b); });
}

bool isBlockName(const StarToken& token) {
    return !token.quoted && startsWith(token.text, "data_");
}
bool isLoop(const StarToken& token) {
    return !token.quoted && token.text.size() == 5 && startsWith(token.text, "loop_");
}
bool isTag(const StarToken& token) {
    return !token.quoted && token.text.size() > 1 && token.text.front() == '_';
}
bool isKeyword(const StarToken& token) {
    return isBlockName(token) || isLoop(token) || isTag(token);
}

/// Walks the tokens once. A word that looks like a keyword ("data_1/tomo.mrc") is a value unless it begins its line,
/// and also then when its line has as many words as the loop has columns.
class StarParser {
  public:
    StarParser(std::string_view text, const std::string& sourceName)
        : source_(sourceName), tokens_(tokeniseStar(text, sourceName)) {}

    StarFile parse() {
        while (at_ < tokens_.size()) {
            const StarToken& token = tokens_[at_];
            if (isBlockName(token)) {
                beginBlock(token.text.substr(5));
            } else if (file_.blocks.empty()) {
                fail(token, fmt::format("\"{}\" stands before the first \"data_\" line; this is not a STAR file",
                                        shown(token)));
            } else if (isLoop(token)) {
                ++at_;
                parseLoop(token);
            } else if (isTag(token)) {
                parsePair();
            } else {
                fail(token, fmt::format("\"{}\" is neither a column name, \"loop_\" nor \"data_\"", shown(token)));
            }
        }
        return std::move(file_);
    }

  private:
    [[noreturn]] void fail(const StarToken& token, const std::string& sentence) const {
        throw ReadError(fmt::format("{}, line {}: {}", source_, token.line, sentence));
    }
    static std::string shown(const StarToken& token) { return std::string(token.text.substr(0, 40)); }

    void beginBlock(std::string_view name) {
        file_.blocks.push_back({std::string(name), false, {}, {{}}});
        fresh_ = true;
        ++at_;
    }

    void parsePair() {
        if (!fresh_ && file_.blocks.back().loop) file_.blocks.push_back({file_.blocks.back().name, false, {}, {{}}});
        fresh_ = false;
        StarBlock& block = file_.blocks.back();
        block.columns.emplace_back(tokens_[at_].text.substr(1));
        ++at_;
        // RELION leaves the value out when it is empty.
        const bool given = at_ < tokens_.size() && (!tokens_[at_].firstOfLine || !isKeyword(tokens_[at_]));
        block.rows.front().push_back(given ? std::string(tokens_[at_++].text) : std::string());
    }

    void parseLoop(const StarToken& loop) {
        if (!fresh_) file_.blocks.push_back({file_.blocks.back().name, true, {}, {}});
        fresh_ = false;
        StarBlock& block = file_.blocks.back();
        block.loop = true;
        block.rows.clear();
        while (at_ < tokens_.size() && isTag(tokens_[at_])) block.columns.emplace_back(tokens_[at_++].text.substr(1));
        if (block.columns.empty()) fail(loop, "\"loop_\" is followed by no column names");
        const std::size_t first = at_;
        while (at_ < tokens_.size() && !endsLoop(block.columns.size())) ++at_;
        makeRows(block, first);
    }

    bool endsLoop(std::size_t columns) const {
        const StarToken& token = tokens_[at_];
        return token.firstOfLine && isKeyword(token) && (columns == 1 || wordsOnLine() != columns);
    }

    std::size_t wordsOnLine() const {
        std::size_t end = at_ + 1;
        while (end < tokens_.size() && !tokens_[end].firstOfLine) ++end;
        return end - at_;
    }

    // A row is a line; where it is not, rows may run over lines as STAR allows, if the words come out even.
    void makeRows(StarBlock& block, std::size_t first) {
        const std::size_t columns = block.columns.size();
        const std::size_t words = at_ - first;
        if (words % columns != 0) failUneven(first, columns);
        block.rows.reserve(words / columns);
        for (std::size_t row = first; row < at_; row += columns) {
            std::vector<std::string>& values = block.rows.emplace_back();
            values.reserve(columns);
            for (std::size_t i = row; i < row + columns; ++i) values.emplace_back(tokens_[i].text);
        }
    }

    [[noreturn]] void failUneven(std::size_t first, std::size_t columns) {
        const std::size_t end = at_;
        for (at_ = first; at_ < end;) {
            const std::size_t words = wordsOnLine();
            if (words != columns)
                fail(tokens_[at_], fmt::format("the row has {} values for {} columns", words, columns));
            at_ += words;
        }
        fail(tokens_[first], fmt::format("{} values do not fill {} columns", end - first, columns));
    }

    std::string source_;
    std::vector<StarToken> tokens_;
    std::size_t at_ = 0;
    StarFile file_;
    bool fresh_ = false;  // the last block has had neither pair nor loop
};

}  // namespace

std::optional<std::size_t> StarBlock::column(std::string_view wanted) const {
    const auto found = std::find(columns.begin(), columns.end(), wanted);
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

const StarBlock* StarFile::block(std::string_view name) const {
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const StarBlock& b) { return b.name == name; });
    return found == blocks.end() ? nullptr : &*found;
}

StarFile parseStar(std::string_view text, const std::string& sourceName) {
    return StarParser(text, sourceName).parse();
}

StarFile readStar(const std::filesystem::path& path) {
    constexpr std::uintmax_t kLimitBytes = std::uintmax_t(2) << 30;  // several million particles
    return parseStar(readTextFile(path, kLimitBytes), path.filename().string());
}

}  // namespace tomoloupe
