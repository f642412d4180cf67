#include "ui/models/tomogram_model.h"

#include <algorithm>
#include <vector>

#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kReadWholeBytes = 256 << 20;  // as floats
constexpr std::int64_t kBrickCacheBytes = std::int64_t(768) << 20;
constexpr std::int64_t kSurfaceSide = 160;  // voxels; larger surfaces take too long to turn on software OpenGL
constexpr std::int64_t kLocalSide = 128;

struct Opened {
    std::shared_ptr<const VolumeFile> file;
    Volume whole;
    ContrastRange contrast, full;
};

Opened openTomogram(const ReaderRegistry& readers, const std::filesystem::path& path) {
    Opened opened;
    const std::shared_ptr<const VolumeFile> file = readers.open(path);
    const Index3 shape = file->info().shape;
    opened.file = cached(file, kBrickCacheBytes);
    if (shape.product() * 4 <= kReadWholeBytes) opened.whole = readWhole(*file);
    std::vector<float> sample;
    for (const Plane plane : {Plane::XY, Plane::XZ}) {
        const std::int64_t middle = extent(plane, shape) / 2;
        const Volume slice = opened.whole.empty() ? readSlice(*opened.file, plane, middle) : sliceOf(opened.whole, plane, middle);
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
    whole_ = {};
}

void TomogramModel::requestSlice(Plane plane, std::int64_t index) {
    if (!file_) return;
    io_.post(
        this, [file = file_, whole = whole_, plane, index] { return whole.empty() ? readSlice(*file, plane, index) : sliceOf(whole, plane, index); },
        [this, plane, index](const Volume& slice) { Q_EMIT sliceArrived(plane, index, slice); },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSlice_[static_cast<std::size_t>(plane)]);
}

void TomogramModel::requestSurface(Vec3 centre) {
    if (!file_) return;
    const Index3 shape = file_->info().shape;
    int binning = 1;
    if (!local_) binning = static_cast<int>((std::max({shape.x, shape.y, shape.z}) + kSurfaceSide - 1) / kSurfaceSide);
    auto start = [](double middle, std::int64_t size) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(middle) - kLocalSide / 2, 0, std::max<std::int64_t>(0, size - kLocalSide));
    };
    const Box block{{start(centre.x, shape.x), start(centre.y, shape.y), start(centre.z, shape.z)},
                    {std::min(kLocalSide, shape.x), std::min(kLocalSide, shape.y), std::min(kLocalSide, shape.z)}};
    io_.post(
        this,
        [file = file_, whole = whole_, block, binning] {
            if (whole.empty()) return file->read(block);
            return binning > 1 ? binned(whole, binning) : whole;
        },
        [this, binning](const Volume& volume) { Q_EMIT surfaceArrived(volume, binning); },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSurface_);
}

}  // namespace tomoloupe
