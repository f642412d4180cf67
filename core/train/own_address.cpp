#include "core/train/own_address.h"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>
#include <thread>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;

std::string numeric(const sockaddr* address, socklen_t size) {
    char text[NI_MAXHOST] = "";
    ::getnameinfo(address, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    return text;
}

bool isLoopback(const std::string& address) {
    return address.rfind("127.", 0) == 0 || address == "::1" || address == "localhost" || address.rfind("::ffff:127.", 0) == 0;
}

struct Attempt {
    std::string address;  ///< of this side; empty: not connected
    std::string reason;
};

Attempt connectTo(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) return {{}, ::gai_strerror(error)};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    Attempt attempt;
    for (const addrinfo* entry = found; entry && attempt.address.empty(); entry = entry->ai_next) {
        const int socket = ::socket(entry->ai_family, entry->ai_socktype | SOCK_CLOEXEC, entry->ai_protocol);
        if (socket < 0) continue;
        const timeval patience{2, 0};  // of a machine that does not answer at all
        ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        if (::connect(socket, entry->ai_addr, entry->ai_addrlen) == 0 && ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) == 0)
            attempt.address = numeric(reinterpret_cast<const sockaddr*>(&own), size);
        else
            attempt.reason = errno == EINPROGRESS ? "no answer" : std::strerror(errno);
        ::close(socket);
    }
    return attempt;
}

/// The first IPv4 address by which a machine is seen from outside.
std::string outsideAddress() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {};
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, ::freeifaddrs);
    for (const ifaddrs* entry = all; entry; entry = entry->ifa_next)
        if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET && (entry->ifa_flags & IFF_UP) && !(entry->ifa_flags & IFF_LOOPBACK))
            return numeric(entry->ifa_addr, sizeof(sockaddr_in));
    return {};
}

}  // namespace

std::string ownAddressToward(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                             const std::function<void()>& interrupt) {
    const auto deadline = Clock::now() + timeout;
    for (;;) {
        interrupt();
        const Attempt attempt = connectTo(host, port);
        if (!attempt.address.empty()) {
            if (!isLoopback(attempt.address) || isLoopback(host)) return attempt.address;
            const std::string outside = outsideAddress();  // Debian's /etc/hosts gives a machine's own name a loopback address
            return outside.empty() ? attempt.address : outside;
        }
        if (Clock::now() >= deadline)
            throw Error(fmt::format("The first process of the run did not answer at {}:{} within {} s ({}). See whether it was started and "
                                    "what it says, and whether MASTER_ADDR and MASTER_PORT are the same everywhere", host, port,
                                    std::chrono::duration_cast<std::chrono::seconds>(timeout).count(), attempt.reason));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

std::string coresInUse() {
    char host[HOST_NAME_MAX + 1] = "";
    ::gethostname(host, sizeof host - 1);
    std::string text = host;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (::sched_getaffinity(0, sizeof cores, &cores) == 0)
        for (int core = 0; core < CPU_SETSIZE; ++core)
            if (CPU_ISSET(core, &cores)) text += fmt::format(" {}", core);
    return text;
}

}  // namespace tomoloupe
