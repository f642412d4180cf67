#include "tests/support/support.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace tomoloupe::test {

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tomoloupe-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::optional<std::filesystem::path> sharedData() {
    const char* given = std::getenv("TOMOLOUPE_SHARED_DATA");
    const char* source = std::getenv("TOMOLOUPE_SOURCE_DIR");
    const std::filesystem::path folder = given ? given : std::filesystem::path(source ? source : ".") / "../shared/data";
    if (std::filesystem::is_directory(folder)) return std::filesystem::canonical(folder);
    std::cout << "skipped: no shared data\n";
    return std::nullopt;
}

std::uint16_t freePort() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    return bound ? ntohs(address.sin_port) : 0;
}

}  // namespace tomoloupe::test
