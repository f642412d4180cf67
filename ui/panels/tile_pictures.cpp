#include "ui/panels/tile_pictures.h"

#include <algorithm>
#include <exception>

#include "ui/bridge/text.h"
#include "ui/views/slice_image.h"

namespace tomoloupe {
namespace {

constexpr qsizetype kBytesKept = 64 << 20;
constexpr std::size_t kBatch = 24;  // the newest wish of the scroll bar waits for no more than these
constexpr std::int64_t kSamples = 32;

/// From particles all over the set. Those that cannot be read count for nothing; their tiles will say why.
std::optional<ContrastRange> sampledRange(const SubtomogramSource& source, const TileLook& look) {
    std::vector<float> values;
    const std::int64_t count = source.count();
    const std::int64_t samples = std::min(kSamples, count);
    for (std::int64_t i = 0; i < samples; ++i) {
        try {
            const Volume slice = tileSlice(source.read(i * count / samples), look.planeList().front(), look);
            values.insert(values.end(), slice.voxels().begin(), slice.voxels().end());
        } catch (const std::exception&) {
            continue;
        }
    }
    if (values.empty()) return std::nullopt;
    return contrastRange(values);
}

}  // namespace

QImage tilePicture(const Volume& volume, const TileLook& look, int side, const std::optional<ContrastRange>& range) {
    std::vector<QImage> images;
    for (const Plane plane : look.planeList())
        images.push_back(sliceImage(tileSlice(volume, plane, look), side, range));
    return besideEachOther(images);
}

struct TilePictures::Batch {
    std::vector<std::pair<std::int64_t, QImage>> images;
    std::vector<std::pair<std::int64_t, QString>> troubles;
    std::optional<ContrastRange> range;
};

TilePictures::TilePictures(IoQueue& io, QObject* parent) : QObject(parent), io_(io), images_(kBytesKept) {}

void TilePictures::setSource(std::shared_ptr<const SubtomogramSource> source) {
    source_ = std::move(source);
    forget();
}

void TilePictures::setLook(const TileLook& look) {
    if (look == look_) return;
    look_ = look;
    forget();
}

void TilePictures::setSide(int pixels) {
    if (pixels == side_) return;
    side_ = pixels;
    images_.clear();
    fetch();
}

void TilePictures::forget() {
    ++*latest_;  // what is being read no longer counts
    images_.clear();
    troubles_.clear();
    range_.reset();
    fetch();
}

QImage TilePictures::image(std::int64_t particle) const {
    const QImage* image = images_.object(particle);
    return image ? *image : QImage();
}

void TilePictures::want(const std::vector<std::int64_t>& particles) {
    wanted_ = particles;
    fetch();
}

void TilePictures::fetch() {
    if (!source_) return;
    std::vector<std::int64_t> missing;
    for (const std::int64_t particle : wanted_) {
        if (missing.size() == kBatch) break;
        if (particle >= 0 && particle < source_->count() && !images_.contains(particle) &&
            !troubles_.contains(particle))
            missing.push_back(particle);
    }
    if (missing.empty()) return;
    io_.post(
        this,
        [source = source_, look = look_, side = side_, range = range_, missing] {
            Batch batch;
            batch.range = range || !look.commonContrast ? range : sampledRange(*source, look);
            for (const std::int64_t particle : missing) {
                try {
                    batch.images.emplace_back(particle, tilePicture(source->read(particle), look, side, batch.range));
                } catch (const std::exception& error) {
                    batch.troubles.emplace_back(particle, toQString(error.what()));
                }
            }
            return batch;
        },
        [this](const Batch& batch) { take(batch); }, {}, latest_);
}

void TilePictures::take(const Batch& batch) {
    range_ = batch.range;
    std::vector<std::int64_t> particles;
    for (const auto& [particle, image] : batch.images) {
        images_.insert(particle, new QImage(image), std::max<qsizetype>(1, image.sizeInBytes()));
        particles.push_back(particle);
    }
    for (const auto& [particle, sentence] : batch.troubles) {
        troubles_.insert(particle, sentence);
        particles.push_back(particle);
    }
    Q_EMIT arrived(particles);
    if (!batch.troubles.empty()) Q_EMIT troubled(batch.troubles.front().second);
    fetch();
}

}  // namespace tomoloupe
