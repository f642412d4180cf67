#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace tomoloupe {

/// A file open for positioned reads (pread), so that many threads may read at once. Offsets are 64 bit. Movable.
class PositionedFile {
  public:
    /// Throws ReadError when it cannot be opened or is not a plain file.
    explicit PositionedFile(const std::filesystem::path& path);
    /// Takes over an open descriptor, for a temporary file that has no name any more.
    PositionedFile(int descriptor, const std::filesystem::path& shownPath);
    ~PositionedFile();
    PositionedFile(PositionedFile&& other) noexcept;
    PositionedFile& operator=(PositionedFile&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Bytes when it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Fills `target` from `offset`. Throws ReadError that names the offset when the file ends before.
    void readAt(std::uint64_t offset, std::span<std::byte> target) const;

  private:
    void measure();
    std::filesystem::path path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

}  // namespace tomoloupe
