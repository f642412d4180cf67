#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/io/reader.h"
#include "core/volume/display_filter.h"
#include "core/volume/statistics.h"
#include "ui/bridge/io_queue.h"
#include "ui/models/column_cache.h"
#include "ui/models/oblique_plane.h"
#include "ui/models/plane.h"

namespace tomoloupe {

/// How slices are shown: the mean over how many, and through which filter.
struct SliceStyle {
    std::int64_t slab = 1;
    DisplayFilter filter;
    friend bool operator==(const SliceStyle&, const SliceStyle&) = default;
};

/// The greys of a few slices as they are shown: where the contrast starts, what a slider offers, and how often which
/// grey is.
struct Greys {
    ContrastRange contrast, full;
    std::vector<std::int64_t> histogram;  ///< over `full`
};

/// One open tomogram, read on demand: a small one whole, of a large one the slices and the block in sight. GUI thread;
/// answers come as signals.
class TomogramModel : public QObject {
    Q_OBJECT
  public:
    static constexpr std::int64_t kMostSlab = 64;

    TomogramModel(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QObject* parent = nullptr);

    void open(const std::filesystem::path& path);
    void close();
    [[nodiscard]] bool isOpen() const { return file_ != nullptr; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Only while open.
    [[nodiscard]] const VolumeInfo& info() const { return file_->info(); }
    [[nodiscard]] std::shared_ptr<const VolumeFile> file() const { return file_; }
    [[nodiscard]] const Greys& greys() const { return greys_; }
    [[nodiscard]] ContrastRange contrast() const { return greys_.contrast; }
    [[nodiscard]] ContrastRange fullRange() const { return greys_.full; }

    [[nodiscard]] const SliceStyle& style() const { return style_; }
    /// For the slices asked for from now on. Ends in greysChanged() when a tomogram is open.
    void setStyle(const SliceStyle& style);
    /// Ends in sliceArrived() or sliceFailed(); of many requests for a plane the newest counts. A YZ slice of a large
    /// file may arrive several times, coarse at first.
    void requestSlice(Plane plane, std::int64_t index);
    /// A slice along any plane. Ends in obliqueArrived(), which comes several times for a large file, coarse at first, or
    /// in obliqueFailed(); the newest request counts.
    void requestOblique(const ObliquePlane& plane);
    /// A volume small enough for a surface: the binned whole, or the block around `centre` of a large file. Ends in
    /// surfaceArrived().
    void requestSurface(Vec3 centre);
    /// Large: the surface shows a block around the centre asked for.
    [[nodiscard]] bool surfaceIsLocal() const { return local_; }

  Q_SIGNALS:
    void opened();
    void greysChanged();
    void sliceArrived(tomoloupe::Plane plane, std::int64_t index, const tomoloupe::Volume& slice);
    /// The newest slice wanted of a plane has arrived, as fine as it will get.
    void sliceCompleted(tomoloupe::Plane plane, std::int64_t index);
    /// failed() says the same.
    void sliceFailed(tomoloupe::Plane plane, const QString& sentence);
    /// A slice has been awaited for longer than an eye notices; percent read, 0 where that is not known, -1: it is
    /// over.
    void waiting(tomoloupe::Plane plane, int percent);
    void obliqueArrived(const tomoloupe::ObliqueGrid& grid, const tomoloupe::Volume& slice, bool finest);
    /// failed() says the same.
    void obliqueFailed(const QString& sentence);
    /// `first`: where the first voxel of the volume lies, in voxels of the tomogram; `binning` of them go into one.
    void surfaceArrived(const tomoloupe::Volume& volume, int binning, tomoloupe::Vec3 first);
    void failed(const QString& sentence);

  private:
    struct Awaited {
        QTimer* patience = nullptr;
        QElapsedTimer lastTold;
        int percent = 0;
        bool told = false;
    };
    [[nodiscard]] Awaited& awaited(Plane plane) { return awaited_[static_cast<std::size_t>(plane)]; }
    [[nodiscard]] const Latest& latest(Plane plane) const { return latestSlice_[static_cast<std::size_t>(plane)]; }
    void await(Plane plane);
    void tellProgress(Plane plane, int percent);
    void endWait(Plane plane);
    void sliceDone(Plane plane, std::int64_t index, const Volume& slice);
    void sliceBroke(Plane plane, const QString& sentence);
    void readColumns(std::int64_t index, double shown);
    void readAhead(const SlabRange& range);
    void readOblique(const std::shared_ptr<ObliqueReading>& reading, const ObliqueGrid& grid, double shown);
    void obliqueBroke(const QString& sentence);
    void readGreys();

    std::shared_ptr<const ReaderRegistry> readers_;
    IoQueue& io_;
    std::filesystem::path path_;
    std::shared_ptr<const VolumeFile> file_;
    std::shared_ptr<ColumnCache> columns_;  // of a large tomogram
    Volume whole_;                          // of a small one
    Greys greys_;
    SliceStyle style_;
    bool local_ = false;
    std::array<Awaited, 3> awaited_;
    std::array<Latest, 3> latestSlice_{makeLatest(), makeLatest(), makeLatest()};
    Latest latestSurface_ = makeLatest(), latestOpen_ = makeLatest(), latestGreys_ = makeLatest(),
           latestAhead_ = makeLatest(), latestOblique_ = makeLatest();
};

}  // namespace tomoloupe
