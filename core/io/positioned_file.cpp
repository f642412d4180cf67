#include "core/io/positioned_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/error.h"

namespace tomoloupe {

PositionedFile::PositionedFile(const std::filesystem::path& path) : path_(path) {
    // Without O_NONBLOCK opening a named pipe would wait for its other end.
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) throw ReadError(fmt::format("Cannot open {}: {}", path.string(), std::strerror(errno)));
    try {
        measure();
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

PositionedFile::PositionedFile(int descriptor, const std::filesystem::path& shownPath)
    : path_(shownPath), descriptor_(descriptor) {
    measure();
}

PositionedFile::~PositionedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

PositionedFile::PositionedFile(PositionedFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

void PositionedFile::measure() {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0)
        throw ReadError(fmt::format("Cannot read {}: {}", path_.string(), std::strerror(errno)));
    if (S_ISDIR(status.st_mode)) throw ReadError(fmt::format("{} is a folder, not a file", path_.string()));
    if (!S_ISREG(status.st_mode)) throw ReadError(fmt::format("{} is not a plain file", path_.string()));
    size_ = static_cast<std::uint64_t>(status.st_size);
}

void PositionedFile::readAt(std::uint64_t offset, std::span<std::byte> target) const {
    constexpr std::size_t kOneRead = std::size_t(1) << 30;  // Linux reads at most 2 GiB at once
    std::size_t done = 0;
    while (done < target.size()) {
        const std::size_t want = std::min(kOneRead, target.size() - done);
        const ssize_t got = ::pread(descriptor_, target.data() + done, want, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            throw ReadError(
                fmt::format("{}: reading at byte {} failed: {}", path_.string(), offset + done, std::strerror(errno)));
        if (got == 0)
            throw ReadError(fmt::format("{} ends at byte {}; {} bytes at byte {} are missing", path_.string(),
                                        offset + done, target.size() - done, offset + done));
        done += static_cast<std::size_t>(got);
    }
}

}  // namespace tomoloupe
