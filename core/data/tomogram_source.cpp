#include "core/data/tomogram_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "core/base/error.h"
#include "core/volume/operations.h"
#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

class TomogramSource : public SubtomogramSource {
  public:
    TomogramSource(std::shared_ptr<const ReaderRegistry> readers, std::vector<TomogramPlace> tomograms,
                   std::shared_ptr<const std::vector<Particle>> particles, std::int64_t boxSize)
        : readers_(std::move(readers)),
          tomograms_(std::move(tomograms)),
          particles_(std::move(particles)),
          boxSize_(boxSize) {}

    [[nodiscard]] std::int64_t count() const override { return static_cast<std::int64_t>(particles_->size()); }
    [[nodiscard]] Index3 boxShape() const override { return {boxSize_, boxSize_, boxSize_}; }
    [[nodiscard]] double voxelSizeAngstrom() const override {
        return tomograms_.empty() ? 1 : tomograms_.front().voxelSizeAngstrom;
    }

    [[nodiscard]] Volume read(std::int64_t index) const override {
        const Particle& particle = particles_->at(static_cast<std::size_t>(index));
        const std::shared_ptr<const VolumeFile> file = fileOf(particle.tomogram);
        const Index3 shape = file->info().shape;
        const Vec3& at = particle.positionVoxels;
        const auto start = [this](double position) {
            return static_cast<std::int64_t>(std::floor(position - static_cast<double>(boxSize_ / 2) + 0.5));
        };
        const Box box{{start(at.x), start(at.y), start(at.z)}, boxShape()};
        const Box inside = box.intersection({{0, 0, 0}, shape});
        if (inside.size.product() == 0)
            throw Error(fmt::format(
                "Particle {} at {:.0f}, {:.0f}, {:.0f} lies outside tomogram {}, which has {} x {} x {} voxels", index,
                at.x, at.y, at.z, particle.tomogram, shape.x, shape.y, shape.z));
        const Volume cut = file->read(inside);
        if (inside == box) return cut;
        return crop(cut, {box.start - inside.start, box.size}, static_cast<float>(statisticsOf(cut.voxels()).mean));
    }

  private:
    [[nodiscard]] std::shared_ptr<const VolumeFile> fileOf(const std::string& name) const {
        const std::lock_guard lock(filesMutex_);
        if (const auto open = files_.find(name); open != files_.end()) return open->second;
        const auto place = std::find_if(tomograms_.begin(), tomograms_.end(),
                                        [&](const TomogramPlace& tomogram) { return tomogram.name == name; });
        if (name.empty()) throw Error("This particle has no subtomogram and lies in no tomogram");
        if (place == tomograms_.end()) throw Error(fmt::format("The project has no tomogram {}; add it", name));
        return files_[name] = readers_->open(place->path);
    }

    std::shared_ptr<const ReaderRegistry> readers_;
    std::vector<TomogramPlace> tomograms_;
    std::shared_ptr<const std::vector<Particle>> particles_;
    std::int64_t boxSize_;
    mutable std::mutex filesMutex_;
    mutable std::unordered_map<std::string, std::shared_ptr<const VolumeFile>> files_;
};

}  // namespace

std::shared_ptr<const SubtomogramSource> openTomogramSource(std::shared_ptr<const ReaderRegistry> readers,
                                                            std::vector<TomogramPlace> tomograms,
                                                            std::shared_ptr<const std::vector<Particle>> particles,
                                                            std::int64_t boxSize) {
    return std::make_shared<TomogramSource>(std::move(readers), std::move(tomograms), std::move(particles), boxSize);
}

}  // namespace tomoloupe
