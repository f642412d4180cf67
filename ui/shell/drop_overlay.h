#pragma once

#include <QWidget>

#include "ui/bridge/io_queue.h"
#include "ui/models/dropped_files.h"

class QLabel;
class QMimeData;

namespace tomoloupe {

/// Lies over the window while files are dragged onto it and says what dropping them will do.
class DropOverlay : public QWidget {
    Q_OBJECT
  public:
    DropOverlay(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QWidget* window);

    /// Local files of what is dragged; none: not for this window.
    [[nodiscard]] static std::vector<std::filesystem::path> filesOf(const QMimeData* data);
    void enter(const std::vector<std::filesystem::path>& paths, bool projectOpen);
    void leave();
    /// Ends in dropped() as soon as the files were looked at.
    void drop();
    [[nodiscard]] QString text() const;

  Q_SIGNALS:
    void dropped(const std::vector<tomoloupe::DroppedFile>& files);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void looked(const std::vector<DroppedFile>& files, bool projectOpen);

    std::shared_ptr<const ReaderRegistry> readers_;
    IoQueue& io_;
    Latest latest_ = makeLatest();
    std::vector<DroppedFile> files_;
    QLabel* words_;
    bool looking_ = false, wanted_ = false;
};

}  // namespace tomoloupe
