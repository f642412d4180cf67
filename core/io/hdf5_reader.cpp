#include "core/io/hdf5_reader.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/io/file_volume.h"
#include "core/io/hdf5_stack.h"

namespace tomoloupe {
namespace {

class Hdf5StackFile : public VolumeFile {
  public:
    explicit Hdf5StackFile(const std::filesystem::path& path) : path_(path), stack_(path) {
        if (stack_.count() == 0) throw ReadError(path.string() + " is a stack without any volume");
        info_.format = "HDF5 stack";
        info_.valueType = "float32";
        info_.shape = stack_.boxShape();
        info_.count = stack_.count();
        const double size = stack_.voxelSizeAngstrom();
        info_.voxelSizeAngstrom = {size, size, size};
        info_.voxelSizeKnown = true;
    }

    const VolumeInfo& info() const override { return info_; }

    Volume read(const Box& box, std::int64_t index) const override {
        checkRequest(info_, box, index, path_);
        std::vector<float> voxels(static_cast<std::size_t>(box.size.product()));
        stack_.read(index, 1, box, voxels);
        return fileVolume(info_, box, std::move(voxels));
    }

  private:
    std::filesystem::path path_;
    Hdf5Stack stack_;
    VolumeInfo info_;
};

}  // namespace

Probe Hdf5StackReader::probe(const std::filesystem::path&, std::span<const std::byte> head) const {
    static constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    const auto signature = std::as_bytes(std::span(kSignature));
    // Another layout of HDF5 file belongs to a plugin, which says Sure.
    return head.size() >= 8 && std::equal(signature.begin(), signature.end(), head.begin()) ? Probe::Maybe : Probe::No;
}

std::shared_ptr<const VolumeFile> Hdf5StackReader::open(const std::filesystem::path& path) const {
    return std::make_shared<Hdf5StackFile>(path);
}

}  // namespace tomoloupe
