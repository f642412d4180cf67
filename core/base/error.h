#pragma once

#include <exception>
#include <string>
#include <vector>

namespace tomoloupe {

/// A stack of sentences: the innermost says what went wrong, each layer above adds where it mattered.
/// A sentence for a user says what, which file or option, and what to do about it.
class Error : public std::exception {
  public:
    explicit Error(std::string sentence);
    /// Puts `context` above everything `cause` says.
    Error(std::string context, const std::exception& cause);

    [[nodiscard]] const char* what() const noexcept override { return joined_.c_str(); }
    /// Outermost sentence first.
    [[nodiscard]] const std::vector<std::string>& sentences() const noexcept { return sentences_; }

  private:
    void join();
    std::vector<std::string> sentences_;
    std::string joined_;
};

/// The file is of a kind this reader does not know; another reader may.
class UnsupportedFormat : public Error {
    using Error::Error;
};

/// The file is of the reader's kind but cannot be read; the message names the field and the offset.
class ReadError : public Error {
    using Error::Error;
};

/// An option is unknown, of the wrong type or out of range.
class InvalidOptions : public Error {
    using Error::Error;
};

/// The person asked for it; not a failure.
class Cancelled : public Error {
  public:
    Cancelled() : Error("cancelled") {}
};

}  // namespace tomoloupe
