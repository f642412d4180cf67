#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <map>
#include <optional>
#include <vector>

#include "ui/models/workbench.h"
#include "ui/render/particle_glyphs.h"

namespace tomoloupe {

/// The maps that stand at the particles' poses in three dimensions: the average of each class, or a map from a file.
/// Made in the background; as fine as many copies may be.
class PlacedMaps : public QObject {
    Q_OBJECT
  public:
    enum Source { None, ClassAverages, File };

    explicit PlacedMaps(const Workbench& workbench, QObject* parent = nullptr);

    void useNone();
    /// Of the labelled particles of the current set, up to kAveraged each.
    void useClassAverages();
    void useFile(const std::filesystem::path& path);
    [[nodiscard]] Source source() const { return source_; }
    /// Standard deviations of the map from its mean, towards the denser side.
    void setLevel(double sigmas);
    /// How many copies are drawn, and how large a voxel of the tomogram is: surfaces are made as fine as that allows.
    void setUse(std::size_t copies, double tomogramVoxelAngstrom);
    /// Which of maps() stands at a particle of this class; -1: none.
    [[nodiscard]] int mapOf(std::int64_t classId) const;
    [[nodiscard]] const std::vector<MapGlyph>& maps() const { return glyphs_; }
    /// What is drawn, or why nothing is.
    [[nodiscard]] const QString& words() const { return words_; }

  Q_SIGNALS:
    void changed();

  private:
    struct Map {
        std::int64_t classId = 0;  ///< 0: for all
        Volume volume;
        std::int64_t averaged = 0;  ///< particles; 0: from a file
        QString name;
    };
    void readAverages();
    void takeMaps(std::vector<Map> maps);
    void makeSurfaces();
    void say(const QString& words);
    [[nodiscard]] std::int64_t trianglesAMap() const;

    Workbench bench_;
    Source source_ = None;
    std::vector<Map> maps_;
    std::vector<MapGlyph> glyphs_;
    double sigmas_ = 2.5, voxelAngstrom_ = 1;
    std::size_t copies_ = 1;
    QTimer labelled_;  // waits for the last of several labels
    Latest latestMaps_ = makeLatest(), latestSurfaces_ = makeLatest();
    QString words_;
};

}  // namespace tomoloupe
