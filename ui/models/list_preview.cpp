#include "ui/models/list_preview.h"

#include <algorithm>

namespace tomoloupe {
namespace {

bool within(Vec3 p, Index3 shape) {
    return p.x >= -0.5 && p.y >= -0.5 && p.z >= -0.5 && p.x <= double(shape.x) - 0.5 && p.y <= double(shape.y) - 0.5 &&
           p.z <= double(shape.z) - 0.5;
}

}  // namespace

std::int64_t ListPreview::count() const {
    std::int64_t sum = 0;
    for (const Tomogram& tomogram : tomograms) sum += tomogram.count;
    return sum;
}

std::int64_t ListPreview::inside() const {
    std::int64_t sum = 0;
    for (const Tomogram& tomogram : tomograms) sum += tomogram.inside;
    return sum;
}

std::int64_t ListPreview::placed() const {
    std::int64_t sum = 0;
    for (const Tomogram& tomogram : tomograms) sum += tomogram.known ? tomogram.count : 0;
    return sum;
}

ListPreview previewList(const StarFile& file, const std::string& sourceName, const std::vector<TomogramRecord>& known,
                        const ListImportOptions& options) {
    const RelionReadOptions read = readOptions(known, options);
    const ParticleTable table = particlesFromRelion(file, sourceName, read);
    ListPreview preview;
    preview.told = positionsTold(file, sourceName);
    preview.warnings = table.warnings;
    std::map<std::string, std::size_t> places;
    std::vector<const TomogramRecord*> records;  // of preview.tomograms
    for (const Particle& particle : table.particles) {
        const auto [place, isNew] = places.try_emplace(particle.tomogram, preview.tomograms.size());
        if (isNew) {
            const auto record = std::find_if(known.begin(), known.end(),
                                             [&](const TomogramRecord& t) { return t.name == particle.tomogram; });
            records.push_back(record == known.end() ? nullptr : &*record);
            preview.tomograms.push_back(
                {.name = particle.tomogram, .known = records.back() != nullptr, .positions = {}});
        }
        ListPreview::Tomogram& tomogram = preview.tomograms[place->second];
        ++tomogram.count;
        const TomogramRecord* record = records[place->second];
        if (!record) continue;
        tomogram.positions.push_back(particle.positionVoxels);
        if (within(particle.positionVoxels, record->shape)) ++tomogram.inside;
    }
    return preview;
}

std::string freeSetName(const std::vector<ParticleSetRecord>& sets, const std::string& wanted) {
    auto taken = [&](const std::string& name) {
        return std::any_of(sets.begin(), sets.end(), [&](const ParticleSetRecord& set) { return set.name == name; });
    };
    std::string name = wanted;
    for (int number = 2; taken(name); ++number) name = wanted + ' ' + std::to_string(number);
    return name;
}

}  // namespace tomoloupe
