#include "ui/models/tomogram_model.h"

#include <algorithm>
#include <vector>

#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kReadWholeBytes = 256 << 20;  // as floats
constexpr std::int64_t kBrickCacheBytes = std::int64_t(768) << 20;
// Slices are read straight from the file: through bricks of 64^3 an XY slice of 4096 x 4096 would read 64 times what it
// shows, and a first YZ slice of 16 GB took four times as long. The block for a surface moves little by little and
// comes through the cache.
constexpr std::int64_t kSurfaceSide = 160;  // voxels; larger surfaces take too long to turn on software OpenGL
constexpr std::int64_t kLocalSide = 128;

struct Opened {
    std::shared_ptr<const VolumeFile> file, bricks;
    Volume whole;
    ContrastRange contrast, full;
};

Opened openTomogram(const ReaderRegistry& readers, const std::filesystem::path& path) {
    Opened opened;
    opened.file = readers.open(path);
    opened.bricks = cached(opened.file, kBrickCacheBytes);
    const Index3 shape = opened.file->info().shape;
    if (shape.product() * 4 <= kReadWholeBytes) opened.whole = readWhole(*opened.file);
    std::vector<float> sample;
    for (const Plane plane : {Plane::XY, Plane::XZ}) {
        const std::int64_t middle = extent(plane, shape) / 2;
        const Volume slice =
            opened.whole.empty() ? readSlice(*opened.file, plane, middle) : sliceOf(opened.whole, plane, middle);
        sample.insert(sample.end(), slice.voxels().begin(), slice.voxels().end());
    }
    opened.contrast = contrastRange(sample);
    opened.full = contrastRange(sample, 0, 1);
    return opened;
}

}  // namespace

TomogramModel::TomogramModel(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QObject* parent)
    : QObject(parent), readers_(std::move(readers)), io_(io) {}

void TomogramModel::open(const std::filesystem::path& path) {
    path_ = path;
    io_.post(
        this, [readers = readers_, path] { return openTomogram(*readers, path); },
        [this](const Opened& result) {
            file_ = result.file;
            bricks_ = result.bricks;
            whole_ = result.whole;
            contrast_ = result.contrast;
            fullRange_ = result.full;
            local_ = whole_.empty();
            Q_EMIT opened();
        },
        [this](const QString& sentence) {
            close();
            Q_EMIT failed(sentence);
        },
        latestOpen_);
}

void TomogramModel::close() {
    file_.reset();
    bricks_.reset();
    whole_ = {};
}

void TomogramModel::requestSlice(Plane plane, std::int64_t index) {
    if (!file_) return;
    io_.post(
        this,
        [file = file_, whole = whole_, plane, index] {
            return whole.empty() ? readSlice(*file, plane, index) : sliceOf(whole, plane, index);
        },
        [this, plane, index](const Volume& slice) { Q_EMIT sliceArrived(plane, index, slice); },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSlice_[static_cast<std::size_t>(plane)]);
}

void TomogramModel::requestSurface(Vec3 centre) {
    if (!file_) return;
    const Index3 shape = file_->info().shape;
    int binning = 1;
    if (!local_) binning = static_cast<int>((std::max({shape.x, shape.y, shape.z}) + kSurfaceSide - 1) / kSurfaceSide);
    auto start = [](double middle, std::int64_t size) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(middle) - kLocalSide / 2, 0,
                                        std::max<std::int64_t>(0, size - kLocalSide));
    };
    const Box block{{start(centre.x, shape.x), start(centre.y, shape.y), start(centre.z, shape.z)},
                    {std::min(kLocalSide, shape.x), std::min(kLocalSide, shape.y), std::min(kLocalSide, shape.z)}};
    io_.post(
        this,
        [file = bricks_, whole = whole_, block, binning] {
            if (whole.empty()) return file->read(block);
            return binning > 1 ? binned(whole, binning) : whole;
        },
        [this, binning](const Volume& volume) { Q_EMIT surfaceArrived(volume, binning); },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSurface_);
}

}  // namespace tomoloupe
