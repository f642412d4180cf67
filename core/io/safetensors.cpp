#include "core/io/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/positioned_file.h"

static_assert(std::endian::native == std::endian::little, "voxels and tensors are written as they lie in memory");

namespace tomoloupe {
namespace {

using nlohmann::json;
constexpr std::uint64_t kHeaderLimit = 100'000'000;  // as in the reference implementation

std::uint64_t bytesOfType(const std::string& type) {
    static const std::map<std::string, std::uint64_t> kBytes{
        {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
        {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"I64", 8},     {"U64", 8}, {"F64", 8}};
    const auto found = kBytes.find(type);
    return found == kBytes.end() ? 0 : found->second;
}

std::uint64_t bytesOf(const std::string& name, const std::string& type, const std::vector<std::int64_t>& shape) {
    std::uint64_t bytes = bytesOfType(type);
    if (bytes == 0) throw ReadError(fmt::format("tensor \"{}\" has the unknown type \"{}\"", name, type));
    for (const std::int64_t extent : shape)
        if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
            throw ReadError(fmt::format("tensor \"{}\" has the impossible extent {}", name, extent));
    return bytes;
}

SafetensorEntry parseEntry(const std::string& name, const json& value, std::uint64_t dataStart,
                           std::uint64_t fileSize) {
    const auto shapeAt = value.is_object() ? value.find("shape") : value.end();
    const auto offsetsAt = value.is_object() ? value.find("data_offsets") : value.end();
    if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || shapeAt == value.end() ||
        !shapeAt->is_array() || offsetsAt == value.end() || !offsetsAt->is_array() || offsetsAt->size() != 2)
        throw ReadError(fmt::format("tensor \"{}\" lacks dtype, shape or data_offsets", name));
    for (const json& offset : *offsetsAt)
        if (!offset.is_number_unsigned())
            throw ReadError(fmt::format("data_offsets of \"{}\" are not whole numbers", name));

    SafetensorEntry entry;
    entry.name = name;
    entry.type = value["dtype"].get<std::string>();
    for (const json& extent : *shapeAt) {
        if (!extent.is_number_integer()) throw ReadError(fmt::format("shape of \"{}\" is not of whole numbers", name));
        entry.shape.push_back(extent.get<std::int64_t>());
    }
    entry.bytes = bytesOf(name, entry.type, entry.shape);
    const auto begin = (*offsetsAt)[0].get<std::uint64_t>(), end = (*offsetsAt)[1].get<std::uint64_t>();
    if (begin > end || end > fileSize - dataStart)
        throw ReadError(fmt::format("tensor \"{}\" lies at bytes {} to {} of {} bytes of data", name, begin, end,
                                    fileSize - dataStart));
    if (end - begin != entry.bytes)
        throw ReadError(fmt::format("tensor \"{}\" has {} bytes, its shape needs {}", name, end - begin, entry.bytes));
    entry.offset = dataStart + begin;
    return entry;
}

json readHeader(const PositionedFile& file, std::uint64_t& dataStart) {
    std::array<std::byte, 8> lengthBytes{};
    if (file.size() < 8)
        throw ReadError(fmt::format("the file has {} bytes; 8 bytes of header length are needed", file.size()));
    file.readAt(0, lengthBytes);
    std::uint64_t length = 0;
    std::memcpy(&length, lengthBytes.data(), 8);
    if (length > kHeaderLimit || length > file.size() - 8)
        throw ReadError(fmt::format("the header length at byte 0 is {}, the file has {} bytes", length, file.size()));
    std::string text(length, '\0');
    file.readAt(8, std::as_writable_bytes(std::span(text)));
    json header = json::parse(text, nullptr, false);
    if (!header.is_object()) throw ReadError("the header at byte 8 is not a JSON object");
    dataStart = 8 + length;
    return header;
}

std::string headerText(std::span<const SafetensorInput* const> ordered,
                       const std::map<std::string, std::string>& metadata) {
    json header = json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const SafetensorInput* tensor : ordered) {
        if (tensor->data.size() != bytesOf(tensor->name, tensor->type, tensor->shape))
            throw Error(fmt::format("tensor \"{}\" has {} bytes, its shape needs {}", tensor->name, tensor->data.size(),
                                    bytesOf(tensor->name, tensor->type, tensor->shape)));
        if (tensor->name == "__metadata__" || header.contains(tensor->name))
            throw Error(fmt::format("there are two tensors named \"{}\"", tensor->name));
        header[tensor->name] = {{"dtype", tensor->type},
                                {"shape", tensor->shape},
                                {"data_offsets", {offset, offset + tensor->data.size()}}};
        offset += tensor->data.size();
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

}  // namespace

void writeSafetensors(const std::filesystem::path& path, std::span<const SafetensorInput> tensors,
                      const std::map<std::string, std::string>& metadata) {
    std::vector<const SafetensorInput*> ordered;
    for (const SafetensorInput& tensor : tensors) ordered.push_back(&tensor);
    // Wide types first keep every tensor aligned without gaps, which the format forbids.
    std::stable_sort(ordered.begin(), ordered.end(), [](const SafetensorInput* a, const SafetensorInput* b) {
        return bytesOfType(a->type) > bytesOfType(b->type);
    });
    writeAtomically(path, [&](const std::filesystem::path& temporary) {
        const std::string header = headerText(ordered, metadata);
        const std::uint64_t length = header.size();
        std::ofstream file(temporary, std::ios::binary);
        file.write(reinterpret_cast<const char*>(&length), 8);
        file.write(header.data(), static_cast<std::streamsize>(length));
        for (const SafetensorInput* tensor : ordered)
            file.write(reinterpret_cast<const char*>(tensor->data.data()),
                       static_cast<std::streamsize>(tensor->data.size()));
        file.close();
        if (!file) throw Error(fmt::format("writing failed: {}", std::strerror(errno)));
    });
}

SafetensorsReader::SafetensorsReader(const std::filesystem::path& path) : path_(path) {
    const PositionedFile file(path);
    try {
        std::uint64_t dataStart = 0;
        const json header = readHeader(file, dataStart);
        for (const auto& [name, value] : header.items()) {
            if (name != "__metadata__") {
                entries_.push_back(parseEntry(name, value, dataStart, file.size()));
                continue;
            }
            if (!value.is_object()) throw ReadError("__metadata__ is not a JSON object");
            for (const auto& [key, text] : value.items())
                metadata_[key] = text.is_string() ? text.get<std::string>() : text.dump();
        }
    } catch (const std::exception& cause) {
        throw ReadError(fmt::format("{} is not a sound safetensors file", path.string()), cause);
    }
    std::sort(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.name < b.name;
    });
}

void SafetensorsReader::read(const SafetensorEntry& entry, std::span<std::byte> target) const {
    if (target.size() != entry.bytes)
        throw Error(fmt::format("tensor \"{}\" has {} bytes, the target {}", entry.name, entry.bytes, target.size()));
    PositionedFile(path_).readAt(entry.offset, target);
}

}  // namespace tomoloupe
