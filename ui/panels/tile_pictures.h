#pragma once

#include <QCache>
#include <QHash>
#include <QImage>
#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "core/data/subtomogram_source.h"
#include "core/volume/statistics.h"
#include "ui/bridge/io_queue.h"
#include "ui/models/tile_slice.h"

namespace tomoloupe {

/// Picture of one subtomogram as tiles show it; `side` pixels high at least.
[[nodiscard]] QImage tilePicture(const Volume& volume, const TileLook& look, int side,
                                 const std::optional<ContrastRange>& range);

/// Pictures of particles, read a few at a time on the IO queue and kept within a budget of memory. GUI thread.
class TilePictures : public QObject {
    Q_OBJECT
  public:
    explicit TilePictures(IoQueue& io, QObject* parent = nullptr);

    /// Another set: everything is dropped. None: nothing can be shown.
    void setSource(std::shared_ptr<const SubtomogramSource> source);
    [[nodiscard]] const std::shared_ptr<const SubtomogramSource>& source() const { return source_; }
    void setLook(const TileLook& look);
    [[nodiscard]] const TileLook& look() const { return look_; }
    /// Height of pictures; larger ones are read anew.
    void setSide(int pixels);

    /// Null: not there yet.
    [[nodiscard]] QImage image(std::int64_t particle) const;
    /// Why it cannot be read; empty otherwise.
    [[nodiscard]] QString trouble(std::int64_t particle) const { return troubles_.value(particle); }
    /// These should be there next; what was wanted before no longer counts.
    void want(const std::vector<std::int64_t>& particles);
    /// The range that all share; none before the first picture, or where each has its own.
    [[nodiscard]] std::optional<ContrastRange> commonRange() const { return range_; }

  Q_SIGNALS:
    void arrived(const std::vector<std::int64_t>& particles);
    void troubled(const QString& sentence);

  private:
    struct Batch;
    void forget();
    void fetch();
    void take(const Batch& batch);

    IoQueue& io_;
    std::shared_ptr<const SubtomogramSource> source_;
    TileLook look_;
    int side_ = 160;
    std::optional<ContrastRange> range_;
    QCache<std::int64_t, QImage> images_;
    QHash<std::int64_t, QString> troubles_;
    std::vector<std::int64_t> wanted_;
    Latest latest_ = makeLatest();
};

}  // namespace tomoloupe
