#include "ui/models/simulation_preview.h"

namespace tomoloupe {

SimulationPreviewModel::SimulationPreviewModel(PreviewEngine::Simulation make, IoQueue& queue, QObject* parent)
    : QObject(parent), make_(std::move(make)), queue_(queue) {}

void SimulationPreviewModel::ask(const std::string& options, std::uint64_t seed, std::int64_t index) {
    Wish wish{options, seed, index};
    if (last_ == wish) return;
    last_ = wish;
    waiting_ = std::move(wish);
    if (!running_) start();
}

void SimulationPreviewModel::start() {
    const Wish wish = *waiting_;
    waiting_.reset();
    running_ = true;
    Q_EMIT busyChanged();
    queue_.post(
        this, [make = make_, wish] { return make(wish.options, wish.seed, wish.index); },
        [this, index = wish.index](const SimulationPreview& preview) {
            // While a slider moves this is not its last place, but nearer to it than what is shown.
            Q_EMIT arrived(preview, index);
            finish();
        },
        [this](const QString& sentence) {
            if (!waiting_) {
                last_.reset();  // asked again, it is tried again
                Q_EMIT failed(sentence);
            }
            finish();
        });
}

void SimulationPreviewModel::finish() {
    running_ = false;
    if (waiting_) return start();
    Q_EMIT busyChanged();
}

}  // namespace tomoloupe
