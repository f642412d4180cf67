#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace tomoloupe::test {

/// An MRC file made byte by byte, little endian, so that any field can be wrong.
class MadeMrc {
  public:
    MadeMrc(std::int32_t nx, std::int32_t ny, std::int32_t nz, std::int32_t mode) : header_(1024, '\0') {
        const std::array<std::int32_t, 3> extents{nx, ny, nz};
        for (std::size_t i = 0; i < 3; ++i) {
            put(4 * i, extents[i]);
            put(28 + 4 * i, extents[i]);
            put(40 + 4 * i, 10.0f * static_cast<float>(extents[i]));
            put(52 + 4 * i, 90.0f);
            put(64 + 4 * i, static_cast<std::int32_t>(i + 1));
        }
        put(12, mode);
        put(76, 0.0f).put(80, -1.0f).put(84, -2.0f);
        put(88, std::int32_t(1)).put(108, std::int32_t(20140)).put(216, -1.0f);
        header_.replace(208, 8, std::string("MAP \x44\x44\0\0", 8));
    }
    template <typename Value>
    MadeMrc& put(std::size_t offset, Value value) {
        std::memcpy(header_.data() + offset, &value, sizeof(Value));
        return *this;
    }
    MadeMrc& erase(std::size_t offset, std::size_t length) {
        header_.replace(offset, length, std::string(length, '\0'));
        return *this;
    }
    template <typename Value>
    MadeMrc& add(Value value) {
        data_.append(reinterpret_cast<const char*>(&value), sizeof(Value));
        return *this;
    }
    [[nodiscard]] std::string bytes() const { return header_ + data_; }
    std::filesystem::path write(const std::filesystem::path& path) const {
        std::ofstream(path, std::ios::binary) << bytes();
        return path;
    }

  private:
    std::string header_, data_;
};

}  // namespace tomoloupe::test
