#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

#include "core/data/subtomogram_source.h"
#include "ui/bridge/io_queue.h"
#include "ui/models/tile_slice.h"

namespace tomoloupe {

/// The three central slices of a particle, enlarged, beside the tile that the pointer rests on. Lies over the window
/// without taking the pointer or the focus.
class TileHover : public QWidget {
    Q_OBJECT
  public:
    TileHover(IoQueue& io, QWidget* window);

    struct Subject {
        std::shared_ptr<const SubtomogramSource> source;
        std::int64_t particle = 0;
        TileLook look;
        QString caption;
    };
    /// `tile` in coordinates of the window.
    void showFor(const Subject& subject, const QRect& tile);
    void leave();
    [[nodiscard]] const QImage& picture() const { return picture_; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void place(const QRect& tile);

    IoQueue& io_;
    Latest latest_ = makeLatest();
    QImage picture_;
    QString caption_, trouble_;
};

}  // namespace tomoloupe
