#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// Held around every call of HDF5: Debian builds it without thread safety. Also keeps HDF5 from printing its errors.
class Hdf5Lock {
  public:
    Hdf5Lock();

  private:
    std::unique_lock<std::mutex> lock_;
};

/// An HDF5 identifier that closes itself; make and destroy it under Hdf5Lock.
class Hdf5Id {
  public:
    Hdf5Id() = default;
    Hdf5Id(std::int64_t id, int (*close)(std::int64_t)) : id_(id), close_(close) {}
    Hdf5Id(Hdf5Id&& other) noexcept;
    Hdf5Id& operator=(Hdf5Id&& other) noexcept;
    ~Hdf5Id() { reset(); }
    void reset();
    [[nodiscard]] std::int64_t get() const { return id_; }
    [[nodiscard]] bool valid() const { return id_ >= 0; }

  private:
    std::int64_t id_ = -1;
    int (*close_)(std::int64_t) = nullptr;
};

/// A stack of our own layout, open for reading; any thread. What StackReader and the VolumeFile of stacks share.
class Hdf5Stack {
  public:
    /// Throws UnsupportedFormat for another layout of HDF5 file, ReadError for a broken one.
    explicit Hdf5Stack(const std::filesystem::path& path);
    ~Hdf5Stack();
    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] Index3 boxShape() const { return shape_; }
    [[nodiscard]] double voxelSizeAngstrom() const { return voxelSizeAngstrom_; }
    /// `box` of the volumes first .. first + n - 1, one after the other.
    void read(std::int64_t first, std::int64_t n, const Box& box, std::span<float> target) const;

  private:
    void openFile();
    void close();
    void checkLayout();
    void checkStorage() const;
    std::filesystem::path path_;
    Hdf5Id file_;
    Hdf5Id voxels_;
    std::int64_t count_ = 0;
    Index3 shape_;
    double voxelSizeAngstrom_ = 1;
};

inline constexpr const char* kStackLayout = "tomoloupe-stack-1";

}  // namespace tomoloupe
