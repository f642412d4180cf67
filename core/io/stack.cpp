#include "core/io/stack.h"

#include <fmt/format.h>
#include <hdf5.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <optional>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/hdf5_stack.h"

namespace tomoloupe {
namespace {

void writeAttributes(std::int64_t file, double voxelSizeAngstrom) {
    const Hdf5Id scalar(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id text(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text.get(), std::strlen(kStackLayout) + 1);
    const Hdf5Id layout(H5Acreate2(file, "layout", text.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const Hdf5Id size(H5Acreate2(file, "voxel_size_angstrom", H5T_IEEE_F64LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                      H5Aclose);
    if (H5Awrite(layout.get(), text.get(), kStackLayout) < 0 ||
        H5Awrite(size.get(), H5T_NATIVE_DOUBLE, &voxelSizeAngstrom) < 0)
        throw Error("HDF5 cannot write the attributes of the stack");
}

Hdf5Id createVoxels(std::int64_t file, const std::array<hsize_t, 4>& chunk, bool deflate) {
    const std::array<hsize_t, 4> none{0, chunk[1], chunk[2], chunk[3]},
        most{H5S_UNLIMITED, chunk[1], chunk[2], chunk[3]};
    const Hdf5Id space(H5Screate_simple(4, none.data(), most.data()), H5Sclose);
    const Hdf5Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(creation.get(), 4, chunk.data());
    if (deflate) H5Pset_deflate(creation.get(), 1);
    H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
    const Hdf5Id access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access.get(), 0, 0, 1);  // whole chunks go straight to the file
    Hdf5Id voxels(H5Dcreate2(file, "/voxels", H5T_IEEE_F32LE, space.get(), H5P_DEFAULT, creation.get(), access.get()),
                  H5Dclose);
    if (!voxels.valid()) throw Error("HDF5 cannot create the dataset /voxels");
    return voxels;
}

}  // namespace

struct StackWriter::Impl {
    std::filesystem::path path, part;
    Index3 shape;
    Hdf5Id file, voxels;
    hsize_t count = 0;
    bool committed = false;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    // Also after a constructor of StackWriter that threw: nothing stays behind.
    ~Impl() {
        {
            const Hdf5Lock lock;
            voxels.reset();
            file.reset();
        }
        std::error_code ignored;
        if (!committed && !part.empty()) std::filesystem::remove(part, ignored);
    }

    void create(double voxelSizeAngstrom, bool deflate) {
        const Hdf5Lock lock;
        file = Hdf5Id(H5Fcreate(part.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
        if (!file.valid())
            throw Error(fmt::format("Cannot create {}: is its folder there, and may you write into it?", path.string()));
        writeAttributes(file.get(), voxelSizeAngstrom);
        const auto extent = [](std::int64_t value) { return static_cast<hsize_t>(value); };
        voxels = createVoxels(file.get(), {1, extent(shape.z), extent(shape.y), extent(shape.x)}, deflate);
    }

    void close() {
        const Hdf5Lock lock;
        voxels.reset();
        if (file.valid() && H5Fflush(file.get(), H5F_SCOPE_GLOBAL) < 0)
            throw Error(fmt::format("Writing {} failed; is the disk full?", path.string()));
        file.reset();
    }
};

StackWriter::StackWriter(const std::filesystem::path& path, Index3 boxShape, double voxelSizeAngstrom, Compression compression)
    : impl_(std::make_unique<Impl>()) {
    static std::atomic<int> serial{0};
    if (boxShape.x < 1 || boxShape.y < 1 || boxShape.z < 1 || boxShape.x > 4096 || boxShape.y > 4096 ||
        boxShape.z > 4096 || boxShape.product() >= std::int64_t(1) << 30)  // HDF5 keeps chunk sizes in 32 bits
        throw Error(fmt::format("A stack cannot hold boxes of {} x {} x {}", boxShape.x, boxShape.y, boxShape.z));
    if (!std::isfinite(voxelSizeAngstrom) || voxelSizeAngstrom <= 0)
        throw Error(fmt::format("A stack cannot have a voxel size of {} Å", voxelSizeAngstrom));
    impl_->path = path;
    impl_->part = path;
    impl_->part += fmt::format(".{}-{}.stack.part", ::getpid(), serial++);
    impl_->shape = boxShape;
    impl_->create(voxelSizeAngstrom, compression == Compression::Deflate);
}

StackWriter::~StackWriter() = default;

void StackWriter::append(const Volume& subtomogram) {
    const Index3 shape = impl_->shape, given = subtomogram.shape();
    if (!(given == shape))
        throw Error(fmt::format("{} holds boxes of {} x {} x {}; one of {} x {} x {} does not fit",
                                impl_->path.string(), shape.x, shape.y, shape.z, given.x, given.y, given.z));
    if (impl_->committed) throw Error(fmt::format("{} is already in place", impl_->path.string()));
    const std::array<hsize_t, 4> start{impl_->count, 0, 0, 0};
    const std::array<hsize_t, 4> one{1, static_cast<hsize_t>(shape.z), static_cast<hsize_t>(shape.y),
                                     static_cast<hsize_t>(shape.x)};
    const std::array<hsize_t, 4> grown{impl_->count + 1, one[1], one[2], one[3]};
    const Hdf5Lock lock;
    if (H5Dset_extent(impl_->voxels.get(), grown.data()) < 0)
        throw Error(fmt::format("HDF5 cannot extend {}", impl_->path.string()));
    const Hdf5Id space(H5Dget_space(impl_->voxels.get()), H5Sclose);
    const Hdf5Id memory(H5Screate_simple(4, one.data(), nullptr), H5Sclose);
    if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, one.data(), nullptr) < 0 ||
        H5Dwrite(impl_->voxels.get(), H5T_NATIVE_FLOAT, memory.get(), space.get(), H5P_DEFAULT,
                 subtomogram.voxels().data()) < 0)
        throw Error(fmt::format("Writing subtomogram {} into {} failed; is the disk full?", impl_->count,
                                impl_->path.string()));
    ++impl_->count;
}

void StackWriter::commit() {
    if (impl_->committed) return;
    impl_->close();
    writeAtomically(impl_->path,
                    [&](const std::filesystem::path& temporary) { std::filesystem::rename(impl_->part, temporary); });
    impl_->committed = true;
}

struct StackReader::Impl {
    Hdf5Stack stack;
};

StackReader::StackReader(const std::filesystem::path& path) : impl_(new Impl{Hdf5Stack(path)}) {}
StackReader::~StackReader() = default;
std::int64_t StackReader::count() const {
    return impl_->stack.count();
}
Index3 StackReader::boxShape() const {
    return impl_->stack.boxShape();
}
double StackReader::voxelSizeAngstrom() const {
    return impl_->stack.voxelSizeAngstrom();
}

Volume StackReader::read(std::int64_t index) const {
    std::vector<float> voxels(static_cast<std::size_t>(boxShape().product()));
    readRange(index, 1, voxels);
    return Volume(boxShape(), std::move(voxels), voxelSizeAngstrom());
}

void StackReader::readRange(std::int64_t first, std::int64_t n, std::span<float> target) const {
    impl_->stack.read(first, n, {{0, 0, 0}, boxShape()}, target);
}

}  // namespace tomoloupe
