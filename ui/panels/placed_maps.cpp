#include "ui/panels/placed_maps.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/data/class_average.h"
#include "core/io/volume_file.h"
#include "ui/bridge/text.h"
#include "ui/render/surface_scene.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kAveraged = 100;        // particles a class; more change little that can be seen at this size
constexpr std::int64_t kTriangles = 400'000;  // of all copies together: some 15 frames a second on software OpenGL
constexpr std::int64_t kFewest = 80, kMost = 12'000;  // of one copy
constexpr std::int64_t kMapBytes = std::int64_t(512) << 20;
constexpr int kLabelPause = 1500;  // ms

}  // namespace

PlacedMaps::PlacedMaps(const Workbench& workbench, QObject* parent) : QObject(parent), bench_(workbench) {
    labelled_.setSingleShot(true);
    labelled_.setInterval(kLabelPause);
    connect(&labelled_, &QTimer::timeout, this, [this] {
        if (source_ == ClassAverages) readAverages();
    });
    connect(&bench_.project, &ProjectModel::labelsChanged, &labelled_, qOverload<>(&QTimer::start));
    connect(&bench_.project, &ProjectModel::setChanged, this, [this] {
        if (source_ == ClassAverages) readAverages();
    });
}

void PlacedMaps::say(const QString& words) {
    words_ = words;
    Q_EMIT changed();
}

void PlacedMaps::useNone() {
    ++*latestMaps_;
    ++*latestSurfaces_;
    source_ = None;
    maps_.clear();
    glyphs_.clear();
    say({});
}

void PlacedMaps::useClassAverages() {
    source_ = ClassAverages;
    readAverages();
}

void PlacedMaps::readAverages() {
    const SetContents* set = bench_.project.set();
    if (!set || !set->source) {
        takeMaps({});
        return say(tr("Averages need subtomograms: cut them out on the Pick page, under Extract."));
    }
    std::map<std::int64_t, std::vector<std::int64_t>> members;
    for (std::size_t i = 0; i < set->labels.size(); ++i) {
        const auto label = bench_.project.labelOf(static_cast<std::int64_t>(i));
        const ClassRecord* record = bench_.project.classOf(label);
        if (record && record->role == ClassRole::Object && members[label].size() < kAveraged)
            members[label].push_back(static_cast<std::int64_t>(i));
    }
    if (members.empty()) {
        takeMaps({});
        return say(tr("No particle of this set has a label yet: label some in the gallery."));
    }
    std::map<std::int64_t, QString> names;
    for (const auto& [id, all] : members) names[id] = bench_.project.className(id);
    say(tr("averaging…"));
    bench_.previewQueue.post(
        this,
        [source = set->source, table = set->table, members, names] {
            std::vector<Map> maps;
            for (const auto& [id, all] : members)
                maps.push_back({id, classAverage(*source, table->particles, all), static_cast<std::int64_t>(all.size()),
                                names.at(id)});
            return maps;
        },
        [this](const std::vector<Map>& maps) { takeMaps(maps); },
        [this](const QString& sentence) {
            takeMaps({});
            say(sentence);
        },
        latestMaps_);
}

void PlacedMaps::useFile(const std::filesystem::path& path) {
    source_ = File;
    say(tr("reading %1…").arg(toQString(path.filename().string())));
    bench_.previewQueue.post(
        this,
        [readers = bench_.readers, path] {
            const std::shared_ptr<const VolumeFile> file = readers->open(path);
            Volume volume = readWhole(*file, 0, kMapBytes);
            // A voxel size that nobody told is taken for that of the tomogram: 0 here.
            if (!file->info().voxelSizeKnown) volume = volume.withGeometry(0, {});
            return std::vector<Map>{{0, volume, 0, toQString(path.filename().string())}};
        },
        [this](const std::vector<Map>& maps) { takeMaps(maps); },
        [this](const QString& sentence) {
            takeMaps({});
            say(sentence);
        },
        latestMaps_);
}

void PlacedMaps::takeMaps(std::vector<Map> maps) {
    maps_ = std::move(maps);
    makeSurfaces();
}

void PlacedMaps::setLevel(double sigmas) {
    if (sigmas == sigmas_) return;
    sigmas_ = sigmas;
    if (!maps_.empty()) makeSurfaces();
}

std::int64_t PlacedMaps::trianglesAMap() const {
    return std::clamp(kTriangles / std::max<std::int64_t>(1, static_cast<std::int64_t>(copies_)), kFewest, kMost);
}

void PlacedMaps::setUse(std::size_t copies, double tomogramVoxelAngstrom) {
    const std::int64_t before = trianglesAMap();
    const bool same = tomogramVoxelAngstrom == voxelAngstrom_;
    copies_ = copies;
    voxelAngstrom_ = tomogramVoxelAngstrom;
    // A few particles more or less change nothing that can be seen.
    const double ratio = double(trianglesAMap()) / double(before);
    if (!maps_.empty() && (!same || ratio < 0.8 || ratio > 1.25)) makeSurfaces();
}

int PlacedMaps::mapOf(std::int64_t classId) const {
    for (std::size_t i = 0; i < glyphs_.size() && i < maps_.size(); ++i)
        if (maps_[i].classId == 0 || maps_[i].classId == classId) return static_cast<int>(i);
    return -1;
}

void PlacedMaps::makeSurfaces() {
    if (maps_.empty()) {
        ++*latestSurfaces_;
        glyphs_.clear();
        Q_EMIT changed();
        return;
    }
    bench_.previewQueue.post(
        this,
        [maps = maps_, sigmas = sigmas_, most = trianglesAMap(), voxel = voxelAngstrom_] {
            std::vector<MapGlyph> glyphs;
            for (const Map& map : maps) {
                const double own = map.volume.voxelSizeAngstrom();
                glyphs.push_back({surfaceMesh(map.volume, densityScaleOf(map.volume).level(sigmas), most),
                                  own > 0 ? own / voxel : 1});
            }
            return glyphs;
        },
        [this](const std::vector<MapGlyph>& glyphs) {
            glyphs_ = glyphs;
            QStringList lines;
            for (std::size_t i = 0; i < glyphs_.size() && i < maps_.size(); ++i) {
                const SurfaceMesh& mesh = glyphs_[i].mesh;
                QString line = maps_[i].averaged > 0 ? tr("%1: mean of %2").arg(maps_[i].name).arg(maps_[i].averaged)
                                                     : maps_[i].name;
                line += mesh.empty() ? tr(", nothing at this level")
                                     : tr(", %1 of %2 triangles").arg(mesh.triangles.size()).arg(mesh.trianglesBefore);
                if (!(maps_[i].volume.voxelSizeAngstrom() > 0))
                    line += tr("; voxel size not known, taken as the tomogram's");
                lines.append(line);
            }
            say(lines.join(QChar('\n')));
        },
        [this](const QString& sentence) { say(sentence); }, latestSurfaces_);
}

}  // namespace tomoloupe
