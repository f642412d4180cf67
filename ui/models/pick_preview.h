#pragma once

#include <QObject>
#include <QTimer>
#include <cstdint>
#include <memory>
#include <string>

#include "ui/bridge/io_queue.h"
#include "ui/models/preview_engine.h"

namespace tomoloupe {

/// The response and the picks of one slice, made anew while options and slice move. A new wish cancels what is in work and
/// starts a moment later, so that scrolling computes nothing for slices passed by; answers to older wishes are dropped.
/// GUI thread.
class PickPreviewModel : public QObject {
    Q_OBJECT
  public:
    PickPreviewModel(PreviewEngine::Picking make, IoQueue& queue, QObject* parent = nullptr);
    ~PickPreviewModel() override;

    /// Slice z of the file by PickOptions as JSON text. Ends in arrived() or failed(), unless a later wish comes first. The same
    /// wish again asks for nothing.
    void ask(std::shared_ptr<const VolumeFile> file, const std::string& options, std::int64_t z);
    /// Nothing is wanted any more.
    void cancel();
    [[nodiscard]] bool busy() const { return busy_; }

  Q_SIGNALS:
    void arrived(const tomoloupe::PickPreview& preview, std::int64_t z);
    void failed(const QString& sentence);
    void busyChanged();

  private:
    void start();
    void setBusy(bool busy);

    PreviewEngine::Picking make_;
    IoQueue& queue_;
    std::shared_ptr<const VolumeFile> file_;
    std::string options_;
    std::int64_t z_ = 0;
    QTimer delay_;
    StopSource stop_;
    Latest latest_ = makeLatest();
    std::uint64_t wish_ = 0;
    bool busy_ = false;
};

}  // namespace tomoloupe
