#include "ui/models/pick_preview.h"

namespace tomoloupe {
namespace {

constexpr int kDelay = 60;  // ms of rest before anything is computed

}  // namespace

PickPreviewModel::PickPreviewModel(PreviewEngine::Picking make, IoQueue& queue, QObject* parent)
    : QObject(parent), make_(std::move(make)), queue_(queue) {
    delay_.setSingleShot(true);
    delay_.setInterval(kDelay);
    connect(&delay_, &QTimer::timeout, this, &PickPreviewModel::start);
}

PickPreviewModel::~PickPreviewModel() {
    stop_.request(StopWish::Cancel);
}

void PickPreviewModel::ask(std::shared_ptr<const VolumeFile> file, const std::string& options, std::int64_t z) {
    if (file && file == file_ && options == options_ && z == z_) return;
    cancel();
    file_ = std::move(file);
    options_ = options;
    z_ = z;
    setBusy(true);
    delay_.start();
}

void PickPreviewModel::cancel() {
    ++wish_;
    stop_.request(StopWish::Cancel);
    delay_.stop();
    file_.reset();
    setBusy(false);
}

void PickPreviewModel::start() {
    stop_ = StopSource();
    const std::uint64_t wish = wish_;
    queue_.post(
        this, [make = make_, file = file_, options = options_, z = z_, stop = stop_.token()] { return make(*file, options, z, stop); },
        [this, wish, z = z_](const PickPreview& preview) {
            if (wish != wish_) return;
            setBusy(false);
            Q_EMIT arrived(preview, z);
        },
        [this, wish](const QString& sentence) {
            if (wish != wish_) return;
            setBusy(false);
            file_.reset();  // asked again, it is tried again
            Q_EMIT failed(sentence);
        },
        latest_);
}

void PickPreviewModel::setBusy(bool busy) {
    if (std::exchange(busy_, busy) != busy) Q_EMIT busyChanged();
}

}  // namespace tomoloupe
