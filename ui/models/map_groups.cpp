#include "ui/models/map_groups.h"

#include <algorithm>

#include "core/analysis/hdbscan.h"
#include "core/analysis/kmeans.h"
#include "core/analysis/neighbours.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kMany = 50000;  // particles from which on fewer starts are tried
constexpr int kStarts = 8, kStartsOfMany = 2;

}  // namespace

MapGroups::MapGroups(IoQueue& queue, QObject* parent) : QObject(parent), queue_(queue) {}

void MapGroups::setBusy(bool busy) {
    if (busy == busy_) return;
    busy_ = busy;
    Q_EMIT busyChanged();
}

void MapGroups::find(const std::shared_ptr<const MapData>& data, std::span<const float> positions, Method method, int number) {
    if (!data || data->count() == 0) return;
    setBusy(true);
    using Groups = std::vector<std::int32_t>;
    queue_.post(
        this,
        [data, places = std::vector<float>(positions.begin(), positions.end()), method, number] {
            if (method == Method::Hdbscan) {
                // Dense enough to start a group is less than a whole group: otherwise small ones melt into the rest.
                const int samples = std::clamp(number / 2, 5, 30);
                return std::make_shared<const Groups>(
                    hdbscan({places, data->count(), 2}, {.minClusterSize = number, .minSamples = samples}));
            }
            const int starts = data->count() > kMany ? kStartsOfMany : kStarts;
            return std::make_shared<const Groups>(kMeans(data->vectors(), {.count = number, .starts = starts}).groups);
        },
        [this](const std::shared_ptr<const Groups>& groups) {
            groups_ = groups;
            setBusy(false);
            Q_EMIT found();
        },
        [this](const QString& sentence) {
            setBusy(false);
            Q_EMIT failed(sentence);
        },
        latest_);
}

void MapGroups::findNeighbours(const std::shared_ptr<const MapData>& data, std::int64_t particle, int count) {
    if (!data || particle < 0 || particle >= data->count()) return;
    queue_.post(
        this,
        [data, particle, count] {
            std::vector<std::int64_t> near = nearestTo(data->vectors(), particle, count);
            near.insert(near.begin(), particle);
            return near;
        },
        [this](const std::vector<std::int64_t>& near) { Q_EMIT neighboursFound(near); },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestNeighbours_);
}

void MapGroups::clear() {
    ++*latest_;
    groups_.reset();
    setBusy(false);
}

int MapGroups::count() const {
    return groups_ && !groups_->empty() ? *std::max_element(groups_->begin(), groups_->end()) + 1 : 0;
}

}  // namespace tomoloupe
