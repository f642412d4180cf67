#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tomoloupe {

/// One tensor of a safetensors file (format of Hugging Face: 8 bytes of header length, JSON, raw little-endian data).
struct SafetensorEntry {
    std::string name;
    std::string type;  ///< "F32", "F64", "I64", "U8" ...
    std::vector<std::int64_t> shape;
    std::uint64_t offset = 0;  ///< from the start of the file
    std::uint64_t bytes = 0;
};

struct SafetensorInput {
    std::string name;
    std::string type;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> data;  ///< borrowed until the call returns
};

/// Atomic. `metadata` lands in "__metadata__".
void writeSafetensors(const std::filesystem::path& path, std::span<const SafetensorInput> tensors,
                      const std::map<std::string, std::string>& metadata);

/// Checks every offset against the file's length before anything is read. Throws ReadError.
class SafetensorsReader {
  public:
    explicit SafetensorsReader(const std::filesystem::path& path);
    [[nodiscard]] const std::vector<SafetensorEntry>& entries() const { return entries_; }
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
    void read(const SafetensorEntry& entry, std::span<std::byte> target) const;

  private:
    std::filesystem::path path_;
    std::vector<SafetensorEntry> entries_;
    std::map<std::string, std::string> metadata_;
};

}  // namespace tomoloupe
