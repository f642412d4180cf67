#include "core/io/hdf5_stack.h"

#include <fmt/format.h>
#include <hdf5.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

static_assert(sizeof(hid_t) == sizeof(std::int64_t));

std::mutex& hdf5Mutex() {
    static std::mutex mutex;
    return mutex;
}

std::string textAttribute(std::int64_t object, const char* name) {
    const Hdf5Id attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    if (!attribute.valid()) return {};
    const Hdf5Id type(H5Aget_type(attribute.get()), H5Tclose);
    const std::size_t size = H5Tget_size(type.get());
    if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0 || size > 1024 ||
        H5Aget_storage_size(attribute.get()) != size)
        return {};
    std::string text(size, '\0');
    if (H5Aread(attribute.get(), type.get(), text.data()) < 0) return {};
    return text.c_str();
}

double numberAttribute(std::int64_t object, const char* name) {
    const Hdf5Id attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Hdf5Id space(attribute.valid() ? H5Aget_space(attribute.get()) : -1, H5Sclose);
    double value = 0;
    if (!space.valid() || H5Sget_simple_extent_npoints(space.get()) != 1 ||
        H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value) < 0)
        return 0;
    return value;
}

}  // namespace

Hdf5Lock::Hdf5Lock() : lock_(hdf5Mutex()) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Id::Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}

Hdf5Id& Hdf5Id::operator=(Hdf5Id&& other) noexcept {
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
    return *this;
}

void Hdf5Id::reset() {
    if (id_ >= 0 && close_) close_(id_);
    id_ = -1;
}

Hdf5Stack::Hdf5Stack(const std::filesystem::path& path) : path_(path) {
    if (!std::filesystem::is_regular_file(path))
        throw ReadError(fmt::format("Cannot open {}: there is no such file", path.string()));
    const Hdf5Lock lock;
    try {
        openFile();
        checkLayout();
        checkStorage();
    } catch (...) {
        close();  // while the lock is held; members go after it
        throw;
    }
}

void Hdf5Stack::close() {
    voxels_.reset();
    file_.reset();
}

Hdf5Stack::~Hdf5Stack() {
    const Hdf5Lock lock;
    close();
}

void Hdf5Stack::openFile() {
    file_ = Hdf5Id(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file_.valid()) throw ReadError(fmt::format("{} is not an HDF5 file or is broken", path_.string()));
    const std::string layout = textAttribute(file_.get(), "layout");
    if (layout != kStackLayout)
        throw UnsupportedFormat(
            fmt::format("{} is an HDF5 file, but not a stack of subtomograms written by Tomoloupe "
                        "(its attribute \"layout\" is \"{}\")",
                        path_.string(), layout));
    const Hdf5Id access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access.get(), 0, 0, 1);  // a chunk is read once, for one particle
    voxels_ = Hdf5Id(H5Dopen2(file_.get(), "/voxels", access.get()), H5Dclose);
    if (!voxels_.valid()) throw ReadError(fmt::format("{} has no dataset /voxels", path_.string()));
}

void Hdf5Stack::checkLayout() {
    const Hdf5Id type(H5Dget_type(voxels_.get()), H5Tclose);
    if (H5Tget_class(type.get()) != H5T_FLOAT)
        throw ReadError(fmt::format("{}: /voxels does not hold floats", path_.string()));
    const Hdf5Id space(H5Dget_space(voxels_.get()), H5Sclose);
    std::array<hsize_t, 4> dims{};
    if (H5Sget_simple_extent_ndims(space.get()) != 4 ||
        H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr) != 4)
        throw ReadError(fmt::format("{}: /voxels does not have the four dimensions n, z, y, x", path_.string()));
    for (std::size_t i = 0; i < 4; ++i)
        if ((i > 0 && dims[i] == 0) || dims[i] > hsize_t(1) << 31)
            throw ReadError(fmt::format("{}: dimension {} of /voxels is {}", path_.string(), i, dims[i]));
    count_ = static_cast<std::int64_t>(dims[0]);
    shape_ = {static_cast<std::int64_t>(dims[3]), static_cast<std::int64_t>(dims[2]),
              static_cast<std::int64_t>(dims[1])};
    voxelSizeAngstrom_ = numberAttribute(file_.get(), "voxel_size_angstrom");
    if (!std::isfinite(voxelSizeAngstrom_) || voxelSizeAngstrom_ <= 0)
        throw ReadError(fmt::format("{}: the attribute voxel_size_angstrom is missing or not above 0", path_.string()));
}

// Nothing larger than the file warrants is ever allocated: deflate packs at most about 1032 to 1.
void Hdf5Stack::checkStorage() const {
    const Hdf5Id creation(H5Dget_create_plist(voxels_.get()), H5Pclose);
    const H5D_layout_t layout = H5Pget_layout(creation.get());
    if (layout == H5D_VIRTUAL || H5Pget_external_count(creation.get()) > 0)
        throw ReadError(fmt::format("{}: /voxels lies in other files", path_.string()));
    const double stored = static_cast<double>(H5Dget_storage_size(voxels_.get()));
    const double claimed = 4.0 * static_cast<double>(count_) * static_cast<double>(shape_.x) *
                           static_cast<double>(shape_.y) * static_cast<double>(shape_.z);
    const auto fileBytes = static_cast<double>(std::filesystem::file_size(path_));
    if (claimed > 1100 * stored || stored > fileBytes)
        throw ReadError(fmt::format("{}: /voxels claims {} volumes of {} x {} x {}, but only {:.0f} bytes are stored",
                                    path_.string(), count_, shape_.x, shape_.y, shape_.z, stored));
    std::array<hsize_t, 4> chunk{};
    if (layout == H5D_CHUNKED && H5Pget_chunk(creation.get(), 4, chunk.data()) == 4)
        if (double(chunk[0]) * double(chunk[1]) * double(chunk[2]) * double(chunk[3]) * 4 > 1100 * fileBytes)
            throw ReadError(fmt::format("{}: the chunks of /voxels are larger than the file", path_.string()));
}

void Hdf5Stack::read(std::int64_t first, std::int64_t n, const Box& box, std::span<float> target) const {
    if (first < 0 || n < 0 || first > count_ - n)
        throw Error(fmt::format("volumes {} to {} of {} were asked for, which has {}", first, first + n - 1,
                                path_.string(), count_));
    if (!box.within(shape_))
        throw Error(fmt::format("the box asked for lies outside the volumes of {}", path_.string()));
    if (static_cast<std::int64_t>(target.size()) != n * box.size.product())
        throw Error(
            fmt::format("{} floats were given for {} volumes of {} voxels", target.size(), n, box.size.product()));
    if (n == 0) return;
    const auto unsignedOf = [](std::int64_t value) { return static_cast<hsize_t>(value); };
    const std::array<hsize_t, 4> start{unsignedOf(first), unsignedOf(box.start.z), unsignedOf(box.start.y),
                                       unsignedOf(box.start.x)};
    const std::array<hsize_t, 4> extent{unsignedOf(n), unsignedOf(box.size.z), unsignedOf(box.size.y),
                                        unsignedOf(box.size.x)};
    const Hdf5Lock lock;
    const Hdf5Id space(H5Dget_space(voxels_.get()), H5Sclose);
    const Hdf5Id memory(H5Screate_simple(4, extent.data(), nullptr), H5Sclose);
    if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr) < 0 ||
        H5Dread(voxels_.get(), H5T_NATIVE_FLOAT, memory.get(), space.get(), H5P_DEFAULT, target.data()) < 0)
        throw ReadError(fmt::format("{}: volumes {} to {} of /voxels cannot be read; the file is broken or cut off",
                                    path_.string(), first, first + n - 1));
}

}  // namespace tomoloupe
