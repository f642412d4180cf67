#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "ui/bridge/io_queue.h"
#include "ui/models/map_model.h"

namespace tomoloupe {

/// Groups of particles of an embedding, found away from the window. GUI thread.
class MapGroups : public QObject {
    Q_OBJECT
  public:
    enum class Method { KMeans, Hdbscan };

    explicit MapGroups(IoQueue& queue, QObject* parent = nullptr);

    /// k-means: `number` groups of the vectors; HDBSCAN: groups of at least so many in the map, and what lies between them is in none.
    /// Ends in found() or failed().
    void find(const std::shared_ptr<const MapData>& data, std::span<const float> positions, Method method, int number);
    /// The `count` particles nearest to one in the embedding, itself first. Ends in neighboursFound().
    void findNeighbours(const std::shared_ptr<const MapData>& data, std::int64_t particle, int count);
    void clear();
    [[nodiscard]] bool busy() const { return busy_; }
    /// Group of each particle, -1: none. Null: none were looked for.
    [[nodiscard]] std::shared_ptr<const std::vector<std::int32_t>> groups() const { return groups_; }
    [[nodiscard]] int count() const;

  Q_SIGNALS:
    void found();
    void busyChanged();
    void neighboursFound(const std::vector<std::int64_t>& particles);
    void failed(const QString& sentence);

  private:
    void setBusy(bool busy);

    IoQueue& queue_;
    Latest latest_ = makeLatest(), latestNeighbours_ = makeLatest();
    std::shared_ptr<const std::vector<std::int32_t>> groups_;
    bool busy_ = false;
};

}  // namespace tomoloupe
