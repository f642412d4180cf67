#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tomoloupe::test {

/// A fresh folder that goes with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

/// The folder of shared real data: $TOMOLOUPE_SHARED_DATA, else ../shared/data beside the source tree. When it is not there
/// prints "skipped: no shared data" and returns nothing.
[[nodiscard]] std::optional<std::filesystem::path> sharedData();

/// A port of this machine that nothing listens at.
[[nodiscard]] std::uint16_t freePort();

}  // namespace tomoloupe::test
