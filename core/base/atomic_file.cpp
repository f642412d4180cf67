#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

void syncToDisk(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) throw Error(fmt::format("Cannot open {}: {}", path.string(), std::strerror(errno)));
    const int failed = ::fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    // Some network file systems refuse fsync on folders; the rename itself is still atomic there.
    if (failed && reason != EINVAL)
        throw Error(fmt::format("Cannot write {} to disk: {}", path.string(), std::strerror(reason)));
}

}  // namespace

void writeAtomically(const std::filesystem::path& path, const std::function<void(const std::filesystem::path&)>& write) {
    std::filesystem::path temporary = path;
    temporary += fmt::format(".{}.part", ::getpid());
    try {
        write(temporary);
        syncToDisk(temporary, O_RDONLY);
        std::filesystem::rename(temporary, path);
        syncToDisk(path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY);
    } catch (const std::exception& cause) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw Error(fmt::format("Cannot write {}", path.string()), cause);
    }
}

void writeAtomically(const std::filesystem::path& path, std::string_view content) {
    writeAtomically(path, [&](const std::filesystem::path& temporary) {
        std::ofstream file(temporary, std::ios::binary);
        file.write(content.data(), static_cast<std::streamsize>(content.size()));
        file.close();
        if (!file) throw Error(fmt::format("writing {} bytes failed: {}", content.size(), std::strerror(errno)));
    });
}

std::string readTextFile(const std::filesystem::path& path, std::uintmax_t limitBytes) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) throw ReadError(fmt::format("Cannot read {}: {}", path.string(), error.message()));
    if (size > limitBytes)
        throw ReadError(fmt::format("{} has {} bytes; at most {} are expected here", path.string(), size, limitBytes));
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file) throw ReadError(fmt::format("Cannot read {}: {}", path.string(), std::strerror(errno)));
    return content.str();
}

}  // namespace tomoloupe
