#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tomoloupe {

/// One word of a STAR text, without its quotes; `text` points into the text given.
struct StarToken {
    std::string_view text;
    std::size_t line = 0;  ///< counted from 1
    bool quoted = false;
    bool firstOfLine = false;
};

/// Words, quoted words and text fields between lines that start with a semicolon; comments are dropped. Lines end with
/// LF, CRLF or CR. Throws ReadError for binary data or a text field that is never closed.
[[nodiscard]] std::vector<StarToken> tokeniseStar(std::string_view text, const std::string& sourceName);

}  // namespace tomoloupe
