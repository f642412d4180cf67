#include "ui/models/tomogram_model.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kReadWholeBytes = 256 << 20;  // as floats
constexpr std::int64_t kColumnBytes = std::int64_t(512) << 20;
constexpr std::chrono::milliseconds kStep{12};  // of reading columns; others wait no longer than this for their turn
constexpr int kPatience = 200;                  // ms
// Slices and blocks are read straight from the file, which the system keeps in memory as far as there is room.
constexpr std::int64_t kSurfaceSide = 160;  // voxels; larger surfaces take too long to turn on software OpenGL
constexpr std::int64_t kLocalSide = 128;
constexpr int kBins = 128;

struct Opened {
    std::shared_ptr<const VolumeFile> file;
    std::shared_ptr<ColumnCache> columns;
    Volume whole;
    Greys greys;
};

using Stop = std::function<bool()>;

/// True once another request took the place of the one about to be posted.
Stop overtaking(const Latest& latest) {
    return [latest, number = latest->load() + 1] { return latest->load() != number; };
}

Volume shownSlice(const VolumeFile& file, const Volume& whole, Plane plane, std::int64_t index, const SliceStyle& style,
                  const Stop& stop) {
    const Volume slab = whole.empty()
                            ? readSlab(file, plane, slabRange(plane, file.info().shape, index, style.slab), stop)
                            : slabOf(whole, plane, index, style.slab);
    return filtered(slab, style.filter);
}

/// What lies beyond the volume counts as the mean for the filter, and stays nothing.
Volume filteredOblique(const Volume& slice, const DisplayFilter& filter) {
    if (filter.kind == DisplayFilter::Kind::None) return slice;
    const Volume smooth = filtered(slice, filter);
    std::vector<float> voxels(smooth.voxels().begin(), smooth.voxels().end());
    for (std::size_t i = 0; i < voxels.size(); ++i)
        if (!std::isfinite(slice.voxels()[i])) voxels[i] = slice.voxels()[i];
    return Volume(slice.shape(), std::move(voxels), slice.voxelSizeAngstrom());
}

/// Of three XY slabs: those of the other planes are scattered all over a file.
Greys greysOf(const VolumeFile& file, const Volume& whole, const SliceStyle& style, const Stop& stop) {
    std::vector<float> sample;
    const std::int64_t slices = file.info().shape.z;
    for (const std::int64_t quarter : {2, 1, 3}) {
        const Volume slice = shownSlice(file, whole, Plane::XY, slices * quarter / 4, style, stop);
        sample.insert(sample.end(), slice.voxels().begin(), slice.voxels().end());
        if (slices < 4) break;
    }
    Greys greys;
    greys.contrast = contrastRange(sample);
    // A few voxels of gold would leave the slider no room for all the others.
    const ContrastRange most = contrastRange(sample, 0, 1), bulk = contrastRange(sample, 0.001, 0.999);
    const float margin = (bulk.high - bulk.low) / 2;
    greys.full = {std::max(most.low, bulk.low - margin), std::min(most.high, bulk.high + margin)};
    greys.histogram = histogramOf(sample, greys.full, kBins);
    return greys;
}

Opened openTomogram(const ReaderRegistry& readers, const std::filesystem::path& path, const SliceStyle& style,
                    const Stop& stop) {
    Opened opened;
    opened.file = readers.open(path);
    const Index3 shape = opened.file->info().shape;
    if (shape.product() * 4 <= kReadWholeBytes)
        opened.whole = readWhole(*opened.file);
    else
        opened.columns = std::make_shared<ColumnCache>(opened.file, kColumnBytes);
    opened.greys = greysOf(*opened.file, opened.whole, style, stop);
    return opened;
}

}  // namespace

TomogramModel::TomogramModel(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QObject* parent)
    : QObject(parent), readers_(std::move(readers)), io_(io) {
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        auto* patience = new QTimer(this);
        patience->setSingleShot(true);
        patience->setInterval(kPatience);
        awaited(plane).patience = patience;
        connect(patience, &QTimer::timeout, this, [this, plane] {
            awaited(plane).told = true;
            awaited(plane).lastTold.start();
            Q_EMIT waiting(plane, awaited(plane).percent);
        });
    }
}

void TomogramModel::open(const std::filesystem::path& path) {
    path_ = path;
    io_.post(
        this,
        [readers = readers_, path, style = style_, stop = overtaking(latestOpen_)] {
            return openTomogram(*readers, path, style, stop);
        },
        [this, style = style_](const Opened& result) {
            close();
            file_ = result.file;
            columns_ = result.columns;
            whole_ = result.whole;
            greys_ = result.greys;
            local_ = whole_.empty();
            Q_EMIT opened();
            if (!(style == style_)) readGreys();
        },
        [this](const QString& sentence) {
            close();
            Q_EMIT failed(sentence);
        },
        latestOpen_);
}

void TomogramModel::close() {
    file_.reset();
    columns_.reset();
    whole_ = {};
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        ++*latest(plane);
        endWait(plane);
    }
    for (const Latest& other : {latestSurface_, latestGreys_, latestAhead_, latestOblique_}) ++*other;
}

void TomogramModel::setStyle(const SliceStyle& style) {
    if (style == style_) return;
    style_ = style;
    style_.slab = std::clamp<std::int64_t>(style.slab, 1, kMostSlab);
    if (file_) readGreys();
}

void TomogramModel::readGreys() {
    io_.post(
        this,
        [file = file_, whole = whole_, style = style_, stop = overtaking(latestGreys_)] {
            return greysOf(*file, whole, style, stop);
        },
        [this](const Greys& greys) {
            greys_ = greys;
            Q_EMIT greysChanged();
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestGreys_);
}

void TomogramModel::await(Plane plane) {
    Awaited& wait = awaited(plane);
    wait.percent = 0;
    if (!wait.told && !wait.patience->isActive()) wait.patience->start();
}

void TomogramModel::tellProgress(Plane plane, int percent) {
    Awaited& wait = awaited(plane);
    wait.percent = percent;
    if (!wait.told || wait.lastTold.elapsed() < kPatience) return;  // each word costs a frame
    wait.lastTold.start();
    Q_EMIT waiting(plane, percent);
}

void TomogramModel::endWait(Plane plane) {
    Awaited& wait = awaited(plane);
    wait.patience->stop();
    if (wait.told) Q_EMIT waiting(plane, -1);
    wait.told = false;
}

void TomogramModel::sliceDone(Plane plane, std::int64_t index, const Volume& slice) {
    endWait(plane);
    Q_EMIT sliceArrived(plane, index, slice);
    Q_EMIT sliceCompleted(plane, index);
}

void TomogramModel::sliceBroke(Plane plane, const QString& sentence) {
    endWait(plane);
    Q_EMIT sliceFailed(plane, sentence);
    Q_EMIT failed(sentence);
}

void TomogramModel::requestSlice(Plane plane, std::int64_t index) {
    if (!file_) return;
    await(plane);
    if (plane == Plane::YZ && columns_) return readColumns(index, 0);
    io_.post(
        this,
        [file = file_, whole = whole_, plane, index, style = style_, stop = overtaking(latest(plane))] {
            return shownSlice(*file, whole, plane, index, style, stop);
        },
        [this, plane, index](const Volume& slice) { sliceDone(plane, index, slice); },
        [this, plane](const QString& sentence) { sliceBroke(plane, sentence); }, latest(plane));
}

// One step of reading; the next one is asked for when its answer is here, so that it stands behind whatever came
// meanwhile.
void TomogramModel::readColumns(std::int64_t index, double shown) {
    struct Step {
        double share = 0, shown = 0;
        Volume picture;
    };
    ++*latestAhead_;
    const SlabRange range = slabRange(Plane::YZ, file_->info().shape, index, style_.slab);
    io_.post(
        this,
        [columns = columns_, range, shown, filter = style_.filter] {
            Step step{.share = columns->readOn(range, kStep), .shown = shown, .picture = {}};
            // A picture in between costs time that reading could use: the first one, then one with four times as much.
            if (step.share < 1 && step.share < 4 * shown) return step;
            step.picture = filtered(columns->mean(range), filter);
            if (!step.picture.empty()) step.shown = step.share;
            return step;
        },
        [this, index, range](const Step& step) {
            if (step.share >= 1) {
                sliceDone(Plane::YZ, index, step.picture);
                return readAhead(columns_->neighbours(range));
            }
            if (!step.picture.empty()) Q_EMIT sliceArrived(Plane::YZ, index, step.picture);
            tellProgress(Plane::YZ, static_cast<int>(100 * step.share));
            if (columns_) readColumns(index, step.shown);
        },
        [this](const QString& sentence) { sliceBroke(Plane::YZ, sentence); }, latest(Plane::YZ));
}

void TomogramModel::readAhead(const SlabRange& range) {
    if (range.count == 0 || !columns_) return;
    io_.post(
        this, [columns = columns_, range] { return columns->readOn(range, kStep); },
        [this, range](double share) {
            if (share < 1) readAhead(range);
        },
        {}, latestAhead_);
}

void TomogramModel::requestOblique(const ObliquePlane& plane) {
    if (!file_) return;
    const ObliqueGrid grid = gridOf(plane, file_->info().shape);
    if (whole_.empty())
        return readOblique(std::make_shared<ObliqueReading>(file_, grid, style_.slab), grid, 0);
    io_.post(
        this, [whole = whole_, grid, style = style_] { return filteredOblique(sampled(whole, grid, style.slab), style.filter); },
        [this, grid](const Volume& slice) { Q_EMIT obliqueArrived(grid, slice, true); },
        [this](const QString& sentence) { obliqueBroke(sentence); }, latestOblique_);
}

// Step by step, as columns are read.
void TomogramModel::readOblique(const std::shared_ptr<ObliqueReading>& reading, const ObliqueGrid& grid, double shown) {
    struct Step {
        double share = 0;
        Volume picture;
    };
    io_.post(
        this,
        [reading, shown, filter = style_.filter] {
            Step step{.share = reading->readOn(kStep), .picture = {}};
            const bool first = step.share == 0, muchMore = step.share > shown + 0.34;
            if (first || muchMore || step.share >= 1)
                step.picture = step.share >= 1 ? filteredOblique(reading->picture(), filter) : reading->picture();
            return step;
        },
        [this, reading, grid, shown](const Step& step) {
            if (!step.picture.empty()) Q_EMIT obliqueArrived(grid, step.picture, step.share >= 1);
            if (step.share < 1) readOblique(reading, grid, step.picture.empty() ? shown : step.share);
        },
        [this](const QString& sentence) { obliqueBroke(sentence); }, latestOblique_);
}

void TomogramModel::obliqueBroke(const QString& sentence) {
    Q_EMIT obliqueFailed(sentence);
    Q_EMIT failed(sentence);
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
        [file = file_, whole = whole_, block, binning] {
            if (whole.empty()) return file->read(block);
            return binning > 1 ? binned(whole, binning) : whole;
        },
        [this, binning, block](const Volume& volume) {
            const double shift = (binning - 1) / 2.0;  // the first binned voxel is the mean of several
            const Vec3 corner{double(block.start.x), double(block.start.y), double(block.start.z)};
            Q_EMIT surfaceArrived(volume, binning, local_ ? corner : Vec3{shift, shift, shift});
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSurface_);
}

}  // namespace tomoloupe
