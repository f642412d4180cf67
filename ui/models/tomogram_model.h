#pragma once

#include <QObject>
#include <QString>
#include <array>
#include <filesystem>
#include <memory>

#include "core/io/reader.h"
#include "core/volume/statistics.h"
#include "ui/bridge/io_queue.h"
#include "ui/models/plane.h"

namespace tomoloupe {

/// One open tomogram, read on demand: a small one whole, of a large one the slices and the block in sight. GUI thread;
/// answers come as signals.
class TomogramModel : public QObject {
    Q_OBJECT
  public:
    TomogramModel(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QObject* parent = nullptr);

    void open(const std::filesystem::path& path);
    void close();
    [[nodiscard]] bool isOpen() const { return file_ != nullptr; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Only while open.
    [[nodiscard]] const VolumeInfo& info() const { return file_->info(); }
    [[nodiscard]] std::shared_ptr<const VolumeFile> file() const { return file_; }
    /// Of the middle slices: where the contrast starts, and the whole of what a slider offers.
    [[nodiscard]] ContrastRange contrast() const { return contrast_; }
    [[nodiscard]] ContrastRange fullRange() const { return fullRange_; }

    /// Ends in sliceArrived(); of many requests for a plane the newest counts.
    void requestSlice(Plane plane, std::int64_t index);
    /// A volume small enough for a surface: the binned whole, or the block around `centre` of a large file. Ends in
    /// surfaceArrived().
    void requestSurface(Vec3 centre);
    /// Large: the surface shows a block around the centre asked for.
    [[nodiscard]] bool surfaceIsLocal() const { return local_; }

  Q_SIGNALS:
    void opened();
    void sliceArrived(tomoloupe::Plane plane, std::int64_t index, const tomoloupe::Volume& slice);
    void surfaceArrived(const tomoloupe::Volume& volume, int binning);
    void failed(const QString& sentence);

  private:
    std::shared_ptr<const ReaderRegistry> readers_;
    IoQueue& io_;
    std::filesystem::path path_;
    std::shared_ptr<const VolumeFile> file_, bricks_;  // as it is, and through the cache
    Volume whole_;                                     // of a small tomogram
    ContrastRange contrast_, fullRange_;
    bool local_ = false;
    std::array<Latest, 3> latestSlice_{makeLatest(), makeLatest(), makeLatest()};
    Latest latestSurface_ = makeLatest(), latestOpen_ = makeLatest();
};

}  // namespace tomoloupe
