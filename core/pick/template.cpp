#include "core/pick/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/error.h"
#include "core/fourier/parallel.h"
#include "core/pick/orientations.h"
#include "core/pick/score_groups.h"
#include "core/pick/template_block.h"
#include "core/pick/template_model.h"
#include "core/pick/template_refine.h"
#include "core/pick/template_tomogram.h"

namespace tomoloupe {
namespace {

constexpr double kRadiusVoxels = 6;          // of the smallest template, where the voxel of the search is chosen,
constexpr double kCoarsestAngstrom = 20;     // which is at most this: beyond 40 Å molecules look alike
constexpr double kDistanceInDiameters = 0.6;  // between picks, of the sphere about the smallest template
constexpr std::int64_t kRim = 1;             // voxels about a block whose scores tell whether one in it is a peak

struct Candidate {
    SearchTemplate model;
    std::vector<Rotation> orientations;
    double radiusVoxels = 0;
    double noise = 1;        // standard deviation of its correlation away from particles
    double threshold = 0;    // of its picks' scores
    std::vector<Peak> peaks;         // in search voxels; score is the correlation
    std::vector<double> strengths;  // of the peaks: how much of the tomogram the template explains there
};

int chooseBinning(double voxelAngstrom, std::span<const Structure> templates, double searchVoxelAngstrom, Index3 shape) {
    double radius = 1e30;
    for (const Structure& structure : templates) radius = std::min(radius, structure.radiusAngstrom);
    const double chosen = std::min(radius / kRadiusVoxels, kCoarsestAngstrom) / voxelAngstrom + 1e-6;
    const double factor = searchVoxelAngstrom > 0 ? searchVoxelAngstrom / voxelAngstrom + 0.5 : chosen;
    return static_cast<int>(std::clamp(std::int64_t(factor), std::int64_t(1), std::min({shape.x, shape.y, shape.z})));
}

/// z with 1 - Phi(z) = probability.
double upperQuantile(double probability) {
    double low = 0, high = 40;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (0.5 * std::erfc(middle / std::sqrt(2.0)) > probability ? low : high) = middle;
    }
    return low;
}

/// First voxels of blocks of nearly equal size along an axis, then the end.
std::vector<std::int64_t> cuts(std::int64_t extent, std::int64_t atMost) {
    const std::int64_t count = (extent + atMost - 1) / atMost;
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i <= count; ++i) places.push_back(i * extent / count);
    return places;
}

constexpr double kNowhere = -1e30;

Vec3 within(Vec3 at, Index3 shape) {
    const auto limited = [](double value, std::int64_t extent) { return std::clamp(value, 0.0, double(extent - 1)); };
    return {limited(at.x, shape.x), limited(at.y, shape.y), limited(at.z, shape.z)};
}

double distance(Vec3 a, Vec3 b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

class Search {
  public:
    Search(const VolumeFile& file, std::span<const Structure> templates, const PickOptions& options, const PickProgress& progress,
           const StopToken& stop);
    TemplateSearch run();

  private:
    void addCandidate(const Structure& structure, const TemplateImaging& imaging);
    [[nodiscard]] BlockCorrelator::MakeTemplate maker(const Candidate& candidate) const;
    [[nodiscard]] std::vector<Box> blocks() const;
    void loadBlock(const Box& core);
    void measureNoise();
    void searchBlock(const Box& core);
    void collectPeaks(const Box& core, Candidate& candidate) const;
    [[nodiscard]] std::vector<Peak> picks();
    void keepBestGroups(std::vector<Peak>& peaks);
    void refine(std::vector<Peak>& peaks) const;

    const PickOptions& options_;
    const PickProgress& progress_;
    const StopToken stop_;
    const double voxelAngstrom_;
    const int binning_;
    const SearchTomogram tomogram_;
    std::vector<float> kernel_;
    std::vector<Candidate> candidates_;
    BlockCorrelator correlator_;
    std::int64_t margin_ = 0;  // voxels about a block, once it went through the kernel, that its scores need
    std::int64_t orientations_ = 0;
    double quantile_ = 0;          // of the noise: passed about once a tomogram
    double done_ = 0, total_ = 0;  // voxels times orientations
};

Search::Search(const VolumeFile& file, std::span<const Structure> templates, const PickOptions& options, const PickProgress& progress,
               const StopToken& stop)
    : options_(options), progress_(progress), stop_(stop), voxelAngstrom_(file.info().voxelSize()),
      binning_(chooseBinning(voxelAngstrom_, templates, options.searchVoxelAngstrom, file.info().shape)),
      tomogram_(file, binning_, stop), correlator_(options.device) {
    kernel_ = whiteningKernel(tomogram_, options.tiltMaximumDegrees, stop);
    TemplateImaging imaging;
    imaging.searchVoxelAngstrom = voxelAngstrom_ * binning_;
    imaging.binning = binning_;
    imaging.dark = options.contrast == "dark";
    imaging.microscope.tiltMaximumDegrees = options.tiltMaximumDegrees;
    imaging.microscope.ctf = options.defocusMicrometre != 0;
    imaging.microscope.defocusMicrometre = options.defocusMicrometre;
    imaging.kernel = kernel_;
    for (const Structure& structure : templates) {
        addCandidate(structure, imaging);
        margin_ = std::max(margin_, candidates_.back().model.side() / 2);
    }
    total_ = double(tomogram_.shape().product()) * double(orientations_);
    quantile_ = upperQuantile(1 / std::max(total_, 2.0));
}

void Search::addCandidate(const Structure& structure, const TemplateImaging& imaging) {
    const std::vector<Rotation> group = symmetryGroup(options_.symmetry.empty() ? structure.symmetry : options_.symmetry);
    candidates_.push_back({SearchTemplate(structure, imaging), orientationList(options_.stepDegrees, group),
                           structure.radiusAngstrom / imaging.searchVoxelAngstrom, 1, 0, {}, {}});
    orientations_ += std::int64_t(candidates_.back().orientations.size());
}

BlockCorrelator::MakeTemplate Search::maker(const Candidate& candidate) const {
    return [&candidate](std::int64_t orientation, std::span<float> voxels) {
        candidate.model.turned(candidate.orientations[std::size_t(orientation)], voxels);
    };
}

std::vector<Box> Search::blocks() const {
    const std::int64_t wanted = std::min<std::int64_t>(options_.blockSize / binning_, correlator_.largestSide() - 2 * (margin_ + kRim));
    const std::int64_t side = std::max<std::int64_t>(wanted, 16);
    const Index3 shape = tomogram_.shape();
    const std::vector<std::int64_t> xs = cuts(shape.x, side), ys = cuts(shape.y, side), zs = cuts(shape.z, side);
    std::vector<Box> boxes;
    for (std::size_t z = 0; z + 1 < zs.size(); ++z)
        for (std::size_t y = 0; y + 1 < ys.size(); ++y)
            for (std::size_t x = 0; x + 1 < xs.size(); ++x)
                boxes.push_back({{xs[x], ys[y], zs[z]}, {xs[x + 1] - xs[x], ys[y + 1] - ys[y], zs[z + 1] - zs[z]}});
    return boxes;
}

void Search::loadBlock(const Box& core) {
    const std::int64_t about = margin_ + kRim, lost = kernelReach(kernel_);
    const auto padded = [&](std::int64_t size) { return quickSize(size + 2 * about) + 2 * lost; };
    const Index3 shape{padded(core.size.x), padded(core.size.y), padded(core.size.z)}, before{about + lost, about + lost, about + lost};
    correlator_.setBlock(tomogram_.read({core.start - before, shape}), shape, margin_, kernel_);
}

void Search::measureNoise() {
    constexpr std::int64_t kSide = 48, kOrientations = 12;
    std::vector<std::vector<float>> sizes(candidates_.size());
    for (const Box& box : tomogram_.samples(kSide, {2, 2, 1})) {
        loadBlock(box);
        for (std::size_t t = 0; t < candidates_.size(); ++t) {
            const Candidate& candidate = candidates_[t];
            const auto count = std::int64_t(candidate.orientations.size()), used = std::min(count, kOrientations);
            correlator_.setMask(candidate.model.mask(), candidate.model.side());
            for (std::int64_t i = 0; i < used; ++i) {
                stop_.throwIfCancelled();
                for (const float score : correlator_.correlation(i * count / used, maker(candidate)))
                    sizes[t].push_back(std::abs(score));
            }
        }
    }
    for (std::size_t t = 0; t < candidates_.size(); ++t) {  // the median, which particles do not move much
        const auto middle = sizes[t].begin() + std::ptrdiff_t(sizes[t].size() / 2);
        std::nth_element(sizes[t].begin(), middle, sizes[t].end());
        candidates_[t].noise = std::max(double(*middle) / 0.6745, 1e-6);
        candidates_[t].threshold = options_.minimumScore > 0 ? options_.minimumScore : quantile_ * candidates_[t].noise;
    }
}

void Search::searchBlock(const Box& core) {
    stop_.throwIfCancelled();
    loadBlock(core);
    for (Candidate& candidate : candidates_) {
        correlator_.setMask(candidate.model.mask(), candidate.model.side());
        const BlockCorrelator::MakeTemplate make = maker(candidate);
        const auto end = std::int64_t(candidate.orientations.size());
        for (std::int64_t first = 0; first < end; first += correlator_.batch()) {
            stop_.throwIfCancelled();
            const std::int64_t count = std::min(correlator_.batch(), end - first);
            correlator_.correlate(first, count, make);
            done_ += double(core.size.product()) * double(count);
            if (progress_) progress_(done_, total_);
        }
        collectPeaks(core, candidate);
    }
}

void Search::collectPeaks(const Box& core, Candidate& candidate) const {
    const std::vector<float> scores = correlator_.bestScores(), deviations = correlator_.deviations();
    const std::vector<std::int32_t> which = correlator_.bestTemplates();
    const double least = candidate.threshold;
    const Index3 inner = correlator_.innerShape(), shape = tomogram_.shape();
    const auto inside = [](std::int64_t i, std::int64_t extent) { return i >= 0 && i < extent; };
    for (std::int64_t z = 0; z < core.size.z; ++z)
        for (std::int64_t y = 0; y < core.size.y; ++y)
            for (std::int64_t x = 0; x < core.size.x; ++x) {
                const auto here = std::size_t(x + kRim + inner.x * (y + kRim + inner.y * (z + kRim)));
                const double score = double(scores[here]);
                if (score < least || deviations[here] <= 0) continue;
                const Index3 at = core.start + Index3{x, y, z};
                const auto neighbour = [&](std::int64_t dx, std::int64_t dy, std::int64_t dz) {  // none beyond the tomogram's faces
                    if (!inside(at.x + dx, shape.x) || !inside(at.y + dy, shape.y) || !inside(at.z + dz, shape.z)) return kNowhere;
                    return double(scores[std::size_t(std::int64_t(here) + dx + inner.x * (dy + inner.y * dz))]);
                };
                bool highest = true;
                for (int i = 0; i < 27 && highest; ++i) {
                    const double other = neighbour(i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1);
                    highest = i == 13 || (i < 13 ? other < score : other <= score);  // of equal neighbours the first is the peak
                }
                if (!highest) continue;
                const auto refined = [&](std::int64_t dx, std::int64_t dy, std::int64_t dz) {
                    const double before = neighbour(-dx, -dy, -dz), after = neighbour(dx, dy, dz);
                    return before == kNowhere || after == kNowhere ? 0 : parabolaVertex(before, score, after);
                };
                const Vec3 position{double(at.x) + refined(1, 0, 0), double(at.y) + refined(0, 1, 0), double(at.z) + refined(0, 0, 1)};
                const auto index = static_cast<int>(&candidate - candidates_.data());
                candidate.peaks.push_back({position, score, candidate.orientations[std::size_t(which[here])], index});
                candidate.strengths.push_back(score * double(deviations[here]) * std::sqrt(candidate.model.maskVoxels()));
            }
}

std::vector<Peak> Search::picks() {
    const double wanted = options_.minimumDistanceAngstrom / (voxelAngstrom_ * binning_);
    // Templates compete by how much of the tomogram they explain: a correlation within a small mask is easily high.
    std::vector<std::pair<double, Peak>> ranked;
    for (const Candidate& candidate : candidates_) {
        const double apart = wanted > 0 ? wanted : 2 * kDistanceInDiameters * candidate.radiusVoxels;
        std::vector<Peak> byPlace = candidate.peaks;
        for (std::size_t i = 0; i < byPlace.size(); ++i) byPlace[i].templateIndex = static_cast<int>(i);
        for (Peak peak : withoutNeighbours(std::move(byPlace), apart)) {
            const double strength = candidates_.size() > 1 ? candidate.strengths[std::size_t(peak.templateIndex)] : peak.score;
            peak.templateIndex = static_cast<int>(&candidate - candidates_.data());
            ranked.emplace_back(strength, peak);
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Peak> kept;
    for (auto& [strength, peak] : ranked) {
        const auto covered = [&](const Peak& better) {
            const double reach = wanted > 0 ? wanted : candidates_[std::size_t(better.templateIndex)].radiusVoxels;
            return better.templateIndex != peak.templateIndex && distance(better.positionVoxels, peak.positionVoxels) < reach;
        };
        if (candidates_.size() == 1 || std::none_of(kept.begin(), kept.end(), covered)) kept.push_back(peak);
    }
    refine(kept);
    if (options_.minimumScore == 0) keepBestGroups(kept);
    for (Peak& peak : kept) peak.positionVoxels = tomogram_.filePosition(peak.positionVoxels);
    return withoutNeighbours(std::move(kept), 0, options_.maximumCount);  // by score
}

/// Noise aside, a template finds what looks like its molecule too; its own score best, close together.
void Search::keepBestGroups(std::vector<Peak>& peaks) {
    std::vector<std::vector<double>> scores(candidates_.size());
    for (const Peak& peak : peaks) scores[std::size_t(peak.templateIndex)].push_back(peak.score);
    for (std::size_t t = 0; t < candidates_.size(); ++t) candidates_[t].threshold = bestGroup(scores[t], candidates_[t].threshold);
    std::erase_if(peaks, [this](const Peak& peak) { return peak.score < candidates_[std::size_t(peak.templateIndex)].threshold; });
}

void Search::refine(std::vector<Peak>& peaks) const {
    std::vector<PoseRefiner> refiners;
    for (const Candidate& candidate : candidates_) refiners.emplace_back(candidate.model, kernel_);
    constexpr std::size_t kTogether = 32;  // boxes in memory, and picks between two looks at the stop token
    for (std::size_t first = 0; first < peaks.size(); first += kTogether) {
        stop_.throwIfCancelled();
        const std::size_t count = std::min(kTogether, peaks.size() - first);
        std::vector<std::vector<float>> boxes(count);
        std::vector<Index3> starts(count);
        for (std::size_t i = 0; i < count; ++i) {
            const Peak& peak = peaks[first + i];
            const std::int64_t side = refiners[std::size_t(peak.templateIndex)].boxSide();
            const auto start = [side](double at) { return static_cast<std::int64_t>(std::lround(at)) - side / 2; };
            starts[i] = {start(peak.positionVoxels.x), start(peak.positionVoxels.y), start(peak.positionVoxels.z)};
            boxes[i] = tomogram_.read({starts[i], {side, side, side}});
        }
        parallelFor(0, std::int64_t(count), 1, [&](std::int64_t from, std::int64_t to) {
            for (std::int64_t i = from; i < to && !stop_.cancelRequested(); ++i) {
                Peak& peak = peaks[first + std::size_t(i)];
                refiners[std::size_t(peak.templateIndex)].refine(boxes[std::size_t(i)], starts[std::size_t(i)], options_.stepDegrees, peak);
                peak.positionVoxels = within(peak.positionVoxels, tomogram_.shape());
            }
        });
    }
    stop_.throwIfCancelled();
}

TemplateSearch Search::run() {
    measureNoise();
    const auto start = std::chrono::steady_clock::now();
    for (const Box& core : blocks()) searchBlock(core);
    TemplateSearch result;
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.peaks = picks();
    result.voxels = tomogram_.shape().product();
    result.orientations = orientations_;
    result.binning = binning_;
    result.searchVoxelAngstrom = voxelAngstrom_ * binning_;
    for (const Candidate& candidate : candidates_) {
        result.noise.push_back(candidate.noise);
        result.thresholds.push_back(candidate.threshold);
    }
    return result;
}

}  // namespace

TemplateSearch correlateTemplates(const VolumeFile& tomogram, std::span<const Structure> templates, const PickOptions& options,
                                  const PickProgress& progress, const StopToken& stop) {
    if (templates.empty()) throw InvalidOptions("No template is given; name a built-in structure or a PDB, mmCIF or MRC file in templates");
    return Search(tomogram, templates, options, progress, stop).run();
}

TemplateSearch correlateTemplates(const VolumeFile& tomogram, const PickOptions& options, const PickProgress& progress,
                                  const StopToken& stop) {
    const double fine = std::min(5.0, tomogram.info().voxelSize() / 2);
    const std::vector<Structure> templates = options.templates.empty() ? std::vector<Structure>{} : loadStructures(options.templates, {fine, 10});
    return correlateTemplates(tomogram, templates, options, progress, stop);
}

}  // namespace tomoloupe
