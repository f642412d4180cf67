#include "core/io/unpack.h"

#include <bzlib.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kBlock = std::size_t(256) << 10;

/// Gives the unpacked bytes piece by piece; packed files of several members or streams follow on.
class Unpacker {
  public:
    explicit Unpacker(const PositionedFile& file) : file_(file), input_(kBlock) {}
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    virtual ~Unpacker() = default;

    /// Fills `target`; fewer bytes only at the end. Throws ReadError for broken data.
    std::size_t read(std::span<std::byte> target) {
        std::size_t done = 0;
        while (done < target.size() && !finished_) done += step(target.subspan(done));
        return done;
    }

  protected:
    virtual std::size_t step(std::span<std::byte> target) = 0;

    std::span<std::byte> nextInput() {
        const std::size_t length = std::min<std::uint64_t>(kBlock, file_.size() - at_);
        file_.readAt(at_, std::span(input_).first(length));
        at_ += length;
        return std::span(input_).first(length);
    }
    bool inputEnded() const { return at_ == file_.size(); }
    [[noreturn]] void fail(const char* what) const {
        throw ReadError(fmt::format("{}: the packed data {} near byte {}; copy or download the file again",
                                    file_.path().string(), what, at_));
    }

    const PositionedFile& file_;
    std::vector<std::byte> input_;
    std::uint64_t at_ = 0;
    bool finished_ = false;
};

class GzipUnpacker : public Unpacker {
  public:
    explicit GzipUnpacker(const PositionedFile& file) : Unpacker(file) {
        if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw Error("zlib cannot start");
    }
    ~GzipUnpacker() override { inflateEnd(&stream_); }

  protected:
    std::size_t step(std::span<std::byte> target) override {
        if (stream_.avail_in == 0 && !inputEnded()) {
            const auto input = nextInput();
            stream_.next_in = reinterpret_cast<Bytef*>(input.data());
            stream_.avail_in = static_cast<uInt>(input.size());
        }
        const std::size_t room = std::min<std::size_t>(target.size(), 1u << 30);
        stream_.next_out = reinterpret_cast<Bytef*>(target.data());
        stream_.avail_out = static_cast<uInt>(room);
        const int code = inflate(&stream_, Z_NO_FLUSH);
        const std::size_t made = room - stream_.avail_out;
        if (code == Z_STREAM_END)
            endMember();
        else if (code == Z_BUF_ERROR && made == 0 && stream_.avail_in == 0 && inputEnded())
            fail("end too early");
        else if (code != Z_OK && code != Z_BUF_ERROR)
            fail("are damaged");
        return made;
    }

  private:
    // Whatever follows the last member and is no member itself is padding.
    void endMember() {
        if (stream_.avail_in < 2 && !inputEnded()) {
            at_ -= stream_.avail_in;
            const auto input = nextInput();
            stream_.next_in = reinterpret_cast<Bytef*>(input.data());
            stream_.avail_in = static_cast<uInt>(input.size());
        }
        const bool another = stream_.avail_in >= 2 && stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b;
        if (another)
            inflateReset(&stream_);
        else
            finished_ = true;
    }
    z_stream stream_{};
};

class Bzip2Unpacker : public Unpacker {
  public:
    explicit Bzip2Unpacker(const PositionedFile& file) : Unpacker(file) { start(); }
    ~Bzip2Unpacker() override { BZ2_bzDecompressEnd(&stream_); }

  protected:
    std::size_t step(std::span<std::byte> target) override {
        if (stream_.avail_in == 0) {
            if (inputEnded()) fail("end too early");
            const auto input = nextInput();
            stream_.next_in = reinterpret_cast<char*>(input.data());
            stream_.avail_in = static_cast<unsigned>(input.size());
        }
        const std::size_t room = std::min<std::size_t>(target.size(), 1u << 30);
        stream_.next_out = reinterpret_cast<char*>(target.data());
        stream_.avail_out = static_cast<unsigned>(room);
        const int code = BZ2_bzDecompress(&stream_);
        if (code != BZ_OK && code != BZ_STREAM_END) fail("are damaged");
        const std::size_t made = room - stream_.avail_out;
        if (code == BZ_STREAM_END) nextStream();
        return made;
    }

  private:
    void start() {
        if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw Error("bzip2 cannot start");
    }
    // pbzip2 writes one stream a block.
    void nextStream() {
        if (stream_.avail_in == 0 && inputEnded()) {
            finished_ = true;
            return;
        }
        bz_stream rest = stream_;
        BZ2_bzDecompressEnd(&stream_);
        stream_ = {};
        stream_.next_in = rest.next_in;
        stream_.avail_in = rest.avail_in;
        start();
    }
    bz_stream stream_{};
};

std::unique_ptr<Unpacker> unpackerFor(const PositionedFile& file) {
    if (packingOf(file) == Packing::Gzip) return std::make_unique<GzipUnpacker>(file);
    return std::make_unique<Bzip2Unpacker>(file);
}

int nameLessFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tomoloupe-XXXXXX").string();
    const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor < 0)
        throw Error(fmt::format("Cannot create a temporary file in {}: {}",
                                std::filesystem::temp_directory_path().string(), std::strerror(errno)));
    ::unlink(pattern.c_str());
    return descriptor;
}

void writeAll(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            throw Error(fmt::format("Unpacking into {} failed: {}; set TMPDIR to a folder with more room",
                                    std::filesystem::temp_directory_path().string(), std::strerror(errno)));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

}  // namespace

Packing packingOf(const PositionedFile& file) {
    std::array<unsigned char, 4> magic{};
    if (file.size() < magic.size()) return Packing::None;
    file.readAt(0, std::as_writable_bytes(std::span(magic)));
    if (magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8) return Packing::Gzip;
    if (magic[0] == 'B' && magic[1] == 'Z' && magic[2] == 'h' && magic[3] >= '1' && magic[3] <= '9')
        return Packing::Bzip2;
    return Packing::None;
}

std::vector<std::byte> unpackedHead(const PositionedFile& file, std::size_t limit) {
    std::vector<std::byte> head(limit);
    if (packingOf(file) == Packing::None) {
        head.resize(std::min<std::uint64_t>(limit, file.size()));
        file.readAt(0, head);
        return head;
    }
    std::size_t done = 0;
    try {
        const auto unpacker = unpackerFor(file);
        // One byte at a time: what comes before a damage is kept.
        while (done < limit && unpacker->read(std::span(head).subspan(done, 1)) == 1) ++done;
    } catch (const ReadError&) {
        head.resize(done);
    }
    head.resize(done);
    return head;
}

PositionedFile unpacked(const PositionedFile& file, std::uint64_t limitBytes) {
    const auto unpacker = unpackerFor(file);
    struct Descriptor {
        int number = nameLessFile();
        ~Descriptor() {
            if (number >= 0) ::close(number);
        }
    } descriptor;
    std::vector<std::byte> block(kBlock);
    std::uint64_t total = 0;
    while (const std::size_t length = unpacker->read(block)) {
        total += length;
        if (total > limitBytes)
            throw ReadError(fmt::format("{} unpacks to more than {} bytes, which is more than its header says",
                                        file.path().string(), limitBytes));
        writeAll(descriptor.number, std::span(block).first(length));
    }
    return PositionedFile(std::exchange(descriptor.number, -1), file.path());
}

std::uint64_t mostUnpackedBytes(Packing packing, std::uint64_t packedBytes) {
    // Deflate packs at most 1032 to 1; bzip2 a constant block of 900 000 bytes into about 40.
    const std::uint64_t ratio = packing == Packing::Gzip ? 1040 : packing == Packing::Bzip2 ? 50'000 : 1;
    return packedBytes > UINT64_MAX / ratio ? UINT64_MAX : packedBytes * ratio + 4096;
}

}  // namespace tomoloupe
