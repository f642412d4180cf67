#include "core/io/star_tokens.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}
bool isLineEnd(char c) {
    return c == '\n' || c == '\r';
}

class Tokeniser {
  public:
    Tokeniser(std::string_view text, const std::string& sourceName) : text_(text), source_(sourceName) {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
        if (text_.find('\0') != std::string_view::npos)
            throw ReadError(
                fmt::format("{} holds binary data at byte {}; it is not a STAR file", source_, text_.find('\0')));
    }

    std::vector<StarToken> run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (isLineEnd(c)) {
                endLine();
            } else if (isSpace(c)) {
                ++at_;
            } else if (c == '#') {
                while (at_ < text_.size() && !isLineEnd(text_[at_])) ++at_;
            } else if (c == ';' && atLineStart()) {
                textField();
            } else {
                word();
            }
        }
        return std::move(tokens_);
    }

  private:
    bool atLineStart() const { return at_ == 0 || isLineEnd(text_[at_ - 1]); }

    void endLine() {
        if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
        ++at_;
        ++line_;
        first_ = true;
    }

    void add(std::size_t begin, std::size_t end, std::size_t line, bool quoted) {
        tokens_.push_back({text_.substr(begin, end - begin), line, quoted, first_});
        first_ = false;
    }

    void word() {
        const std::size_t begin = at_;
        const char quote = text_[at_];
        if (quote == '"' || quote == '\'') {
            // A quote closes only before white space (International Tables G 2.2.7.1), else it belongs to the text.
            for (std::size_t i = at_ + 1; i < text_.size() && !isLineEnd(text_[i]); ++i)
                if (text_[i] == quote && endsWord(i + 1)) {
                    add(begin + 1, i, line_, true);
                    at_ = i + 1;
                    return;
                }
        }
        while (!endsWord(at_)) ++at_;
        add(begin, at_, line_, false);
    }

    bool endsWord(std::size_t i) const { return i >= text_.size() || isSpace(text_[i]) || isLineEnd(text_[i]); }

    // A semicolon that begins a line opens a text of several lines only where a later line closes it.
    void textField() {
        const std::size_t begin = at_ + 1;
        std::size_t end = begin;
        while ((end = text_.find(';', end)) != std::string_view::npos && !isLineEnd(text_[end - 1])) ++end;
        if (end == std::string_view::npos)
            throw ReadError(
                fmt::format("{}, line {}: the text that starts with a semicolon is never closed", source_, line_));
        std::size_t last = end - 1;
        if (last > begin && text_[last] == '\n' && text_[last - 1] == '\r') --last;
        const std::size_t startLine = line_;
        for (std::size_t i = begin; i < end; ++i)
            if (text_[i] == '\n' || (text_[i] == '\r' && text_[i + 1] != '\n')) ++line_;
        add(begin, last < begin ? begin : last, startLine, true);
        at_ = end + 1;
    }

    std::string_view text_;
    const std::string& source_;
    std::vector<StarToken> tokens_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    bool first_ = true;
};

}  // namespace

std::vector<StarToken> tokeniseStar(std::string_view text, const std::string& sourceName) {
    return Tokeniser(text, sourceName).run();
}

}  // namespace tomoloupe
