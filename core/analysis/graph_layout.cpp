#include <algorithm>
#include <cmath>

#include "core/analysis/umap.h"
#include "core/base/seed.h"

namespace tomoloupe {
namespace {

constexpr float kClip = 4;       // longest step of one coordinate
constexpr float kStartSize = 10;  // of the start

/// A pair as one of its ends sees it, and when it is its turn.
struct Pull {
    std::int32_t head = 0, tail = 0;
    float every = 1;         // epochs
    float next = 1;          // epoch
    float nextNegative = 1;
};

/// Both directions of every pair that is seen at least once, those of one head together.
std::vector<Pull> pullsOf(const std::vector<FuzzyEdge>& graph, std::size_t points, int epochs, int negatives) {
    float largest = 0;
    for (const FuzzyEdge& edge : graph) largest = std::max(largest, edge.weight);
    const float least = largest / static_cast<float>(epochs);
    std::vector<std::size_t> places(points + 1, 0);
    const auto seen = [&](const FuzzyEdge& edge) { return edge.weight > 0 && edge.weight >= least; };
    for (const FuzzyEdge& edge : graph) {
        if (!seen(edge)) continue;
        ++places[static_cast<std::size_t>(edge.a) + 1];
        ++places[static_cast<std::size_t>(edge.b) + 1];
    }
    for (std::size_t i = 0; i < points; ++i) places[i + 1] += places[i];
    std::vector<Pull> pulls(places[points]);
    for (const FuzzyEdge& edge : graph) {
        if (!seen(edge)) continue;
        const float every = largest / edge.weight;
        const float negative = every / static_cast<float>(negatives);
        pulls[places[static_cast<std::size_t>(edge.a)]++] = {edge.a, edge.b, every, every, negative};
        pulls[places[static_cast<std::size_t>(edge.b)]++] = {edge.b, edge.a, every, every, negative};
    }
    return pulls;
}

/// The start, as large as the forces want it, no two points in quite the same place.
void scaleStart(std::vector<float>& positions, std::uint64_t seed) {
    float largest = 0;
    for (const float value : positions) largest = std::max(largest, std::abs(value));
    Random random(deriveSeed(seed, "map start"));
    const float factor = largest > 0 ? kStartSize / largest : 0;
    constexpr double kShake = 1e-4;
    for (float& value : positions) value = value * factor + static_cast<float>(kShake * random.normal()) * kStartSize;
}

class Layout {
  public:
    Layout(std::vector<float> positions, const UmapOptions& options)
        : positions_(std::move(positions)), count_(static_cast<std::uint32_t>(positions_.size() / 2)), options_(options),
          random_(deriveSeed(options.seed, "map")) {
        const LayoutCurve curve = layoutCurve(options.minDistance, options.spread);
        a_ = static_cast<float>(curve.a);
        b_ = static_cast<float>(curve.b);
    }

    void epoch(std::vector<Pull>& pulls, int number, float rate, const StopToken& stop) {
        constexpr std::size_t kLook = 1 << 16;
        const auto now = static_cast<float>(number);
        for (std::size_t p = 0; p < pulls.size(); ++p) {
            if (p % kLook == 0) stop.throwIfCancelled();
            Pull& pull = pulls[p];
            if (pull.next > now) continue;
            attract(pull, rate);
            pull.next += pull.every;
            const float negativeEvery = pull.every / static_cast<float>(options_.negatives);
            const int negatives = static_cast<int>((now - pull.nextNegative) / negativeEvery);
            for (int n = 0; n < negatives; ++n) repel(pull.head, rate);
            pull.nextNegative += static_cast<float>(negatives) * negativeEvery;
        }
    }

    [[nodiscard]] std::vector<float> take() { return std::move(positions_); }

  private:
    static float clipped(float value) { return std::clamp(value, -kClip, kClip); }

    void attract(const Pull& pull, float rate) {
        float* head = positions_.data() + 2 * pull.head;
        float* tail = positions_.data() + 2 * pull.tail;
        const float dx = head[0] - tail[0], dy = head[1] - tail[1], squared = dx * dx + dy * dy;
        if (!(squared > 0)) return;
        const float power = std::pow(squared, b_);
        const float force = -2 * a_ * b_ * power / (squared * (1 + a_ * power));
        const float stepX = rate * clipped(force * dx), stepY = rate * clipped(force * dy);
        head[0] += stepX;
        head[1] += stepY;
        tail[0] -= stepX;
        tail[1] -= stepY;
    }

    /// Away from a point drawn from all.
    void repel(std::int32_t which, float rate) {
        constexpr float kNear = 0.001f;
        const auto other = static_cast<std::int32_t>((random_.next() >> 32) * count_ >> 32);
        if (other == which) return;
        float* head = positions_.data() + 2 * which;
        const float* away = positions_.data() + 2 * other;
        const float dx = head[0] - away[0], dy = head[1] - away[1], squared = dx * dx + dy * dy;
        if (!(squared > 0)) {
            head[0] += rate * kClip;
            head[1] += rate * kClip;
            return;
        }
        const float force = 2 * b_ / ((kNear + squared) * (1 + a_ * std::pow(squared, b_)));
        head[0] += rate * clipped(force * dx);
        head[1] += rate * clipped(force * dy);
    }

    std::vector<float> positions_;
    std::uint64_t count_;
    UmapOptions options_;
    Random random_;
    float a_ = 1, b_ = 1;
};

}  // namespace

std::vector<float> umapLayout(const std::vector<FuzzyEdge>& graph, std::vector<float> start, const UmapOptions& options, const Watch& watch) {
    constexpr std::size_t kSmall = 10000;
    constexpr int kEpochsSmall = 500, kEpochsLarge = 200;
    const std::size_t points = start.size() / 2;
    const int epochs = options.epochs > 0 ? options.epochs : points <= kSmall ? kEpochsSmall : kEpochsLarge;
    scaleStart(start, options.seed);
    std::vector<Pull> pulls = pullsOf(graph, points, epochs, options.negatives);
    Layout layout(std::move(start), options);
    for (int epoch = 0; epoch < epochs && !watch.stop.finishRequested(); ++epoch) {
        watch.tell(epoch, epochs);
        layout.epoch(pulls, epoch, static_cast<float>(options.learningRate * (1 - double(epoch) / epochs)), watch.stop);
    }
    watch.stop.throwIfCancelled();
    return layout.take();
}

}  // namespace tomoloupe
