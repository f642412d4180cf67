#include "ui/models/views_preview.h"

#include <algorithm>

#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

constexpr int kViews = 8;

/// The XY slice through the middle.
Volume middleSlice(const Volume& volume) {
    const Index3 shape = volume.shape();
    const auto plane = static_cast<std::size_t>(shape.x * shape.y);
    const auto first = volume.voxels().begin() + static_cast<std::ptrdiff_t>(plane * static_cast<std::size_t>(shape.z / 2));
    return Volume({shape.x, shape.y, 1}, std::vector<float>(first, first + static_cast<std::ptrdiff_t>(plane)), volume.voxelSizeAngstrom());
}

}  // namespace

ViewsPreviewModel::ViewsPreviewModel(PreviewEngine::Views make, IoQueue& queue, ProjectModel& project, QObject* parent)
    : QObject(parent), make_(std::move(make)), queue_(queue), project_(project) {}

void ViewsPreviewModel::ask(const std::string& set, std::int64_t particle, const std::string& options, std::uint64_t seed) {
    Wish wish{set, particle, options, seed};
    if (last_ == wish || !make_ || !project_.isOpen()) return;
    last_ = wish;
    waiting_ = std::move(wish);
    if (!running_) start();
}

void ViewsPreviewModel::start() {
    const Wish wish = *waiting_;
    waiting_.reset();
    running_ = true;
    queue_.post(
        this,
        [make = make_, project = project_.project(), wish] {
            const auto source = project->subtomograms(project->particleSet(wish.set));
            const Volume particle = standardised(source->read(std::clamp<std::int64_t>(wish.particle, 0, source->count() - 1)));
            std::vector<Volume> slices{middleSlice(particle)};
            for (const Volume& view : make(particle, wish.options, wish.seed, kViews)) slices.push_back(middleSlice(view));
            return slices;
        },
        [this, wish](const std::vector<Volume>& slices) {
            Q_EMIT arrived(slices, wish.particle);
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

void ViewsPreviewModel::finish() {
    running_ = false;
    if (waiting_) start();
}

}  // namespace tomoloupe
