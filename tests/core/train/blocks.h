#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/base/seed.h"
#include "core/jobs/job.h"
#include "core/train/batches.h"

namespace tomoloupe::test {

/// Keeps every metric; asks for `wish` when `stopAt` losses were seen.
class Recorder : public JobSink {
  public:
    std::map<std::string, std::vector<double>> metrics;
    StopSource stop;
    std::size_t stopAt = std::numeric_limits<std::size_t>::max();
    StopWish wish = StopWish::Finish;
    double fraction = 0;

    void onProgress(const Progress& progress) override { fraction = progress.fraction; }
    void onMetric(const Metric& metric) override {
        metrics[metric.name].push_back(metric.value);
        if (metrics["loss"].size() >= stopAt) stop.request(wish);
    }
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
};

/// Two kinds of volumes told apart by a bright block at one of two places, with noise; odd indices have it high.
inline Volume blockVolume(std::int64_t index) {
    Random random(deriveSeed(1, "block", std::uint64_t(index)));
    std::vector<float> voxels(16 * 16 * 16);
    const int corner = index % 2 ? 9 : 3;
    for (int z = 0; z < 16; ++z)
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x) {
                const bool inside = std::abs(z - corner) < 3 && std::abs(y - 8) < 3 && std::abs(x - 8) < 3;
                voxels[std::size_t(x + 16 * (y + 16 * z))] = float(random.normal() + (inside ? 4 : 0));
            }
    return Volume({16, 16, 16}, voxels, 10);
}

inline VolumeBatches blocks(std::int64_t count) { return VolumeBatches(count, {16, 16, 16}, blockVolume, at::kCPU, 1 << 30); }

}  // namespace tomoloupe::test
