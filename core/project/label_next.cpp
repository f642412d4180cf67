#include "core/project/label_next.h"

#include <map>

#include "core/project/label_suggestions.h"

namespace tomoloupe {

LabelNext labelNext(const Project& project, const ParticleSetRecord& set) {
    LabelNext next;
    next.predictions = newestPredictions(project, set, runsNewestFirst(project));
    const ParticleTable table = project.particlesWithoutColumns(set.id);

    SuggestionInput input;
    input.classes = next.predictions.classIds.size();
    if (input.classes > 0) input.runs.emplace_back(next.predictions.probabilities);
    const auto repeats = repeatedPredictions(project, next.predictions.runId, set, input.classes);
    for (const auto& repeat : repeats) input.runs.emplace_back(*repeat);
    std::map<std::string, std::int32_t> numbers;
    for (const Particle& particle : table.particles) numbers.emplace(particle.tomogram, 0);
    std::int32_t count = 0;
    for (auto& [name, number] : numbers) number = name.empty() ? -1 : count++;
    std::vector<std::int32_t> tomograms;
    std::vector<float> scores;
    for (const Particle& particle : table.particles) {
        tomograms.push_back(numbers[particle.tomogram]);
        scores.push_back(static_cast<float>(particle.score));
    }
    input.tomograms = tomograms;
    input.scores = scores;
    input.position = [&table](std::int32_t particle) { return table.particles[static_cast<std::size_t>(particle)].positionVoxels; };
    const auto embedding = newestEmbedding(project, set);
    if (embedding) {
        input.embedding = embedding->reduced;
        input.components = static_cast<std::size_t>(embedding->components);
    }
    if (set.boxSize > 0) input.nearVoxels = static_cast<double>(set.boxSize);

    std::vector<std::int32_t> candidates;
    const std::vector<std::int64_t> labels = project.labels(set.id);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] == 0) candidates.push_back(static_cast<std::int32_t>(i));
    next.order = suggestedOrder(input, candidates);
    return next;
}

}  // namespace tomoloupe
