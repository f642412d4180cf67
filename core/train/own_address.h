#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace tomoloupe {

/// The numeric address under which other machines reach this one: that of the connection to `host`:`port`, which is tried until
/// something listens there. Loopback when `host` is; never, where there is another, when it only means this machine. Calls
/// `interrupt` ten times a second, which may throw. Throws Error after `timeout`.
[[nodiscard]] std::string ownAddressToward(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                                           const std::function<void()>& interrupt);

/// The machine's name and the cores that this process may use: equal for processes that compete for them.
[[nodiscard]] std::string coresInUse();

}  // namespace tomoloupe
