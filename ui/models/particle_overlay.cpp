#include "ui/models/particle_overlay.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <unordered_map>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

using Predicted = std::unordered_map<std::int64_t, std::int64_t>;

/// Of the newest run that says anything of these particles.
Predicted newestPredictions(const Project& project, std::int64_t setId, const std::string& tomogram) {
    for (const Run& run : runsNewestFirst(project)) {
        if (run.config().kind != "predict" && run.config().kind != "finetune") continue;
        const auto found = project.predictedIn(run.id(), setId, tomogram);
        if (!found.empty()) return Predicted(found.begin(), found.end());
    }
    return {};
}

}  // namespace

std::vector<OverlayParticle> overlayIn(const Project& project, const TomogramRecord& tomogram) {
    std::vector<OverlayParticle> overlay;
    std::map<std::int64_t, Predicted> sets;
    for (const PlacedParticle& placed : particlesIn(project, tomogram)) {
        auto known = sets.find(placed.setId);
        if (known == sets.end())
            known = sets.emplace(placed.setId, newestPredictions(project, placed.setId, tomogram.name)).first;
        OverlayParticle shown{.placed = placed, .score = placed.score, .predictedClass = {}};
        const auto predicted = known->second.find(placed.id);
        if (predicted != known->second.end()) shown.predictedClass = predicted->second;
        overlay.push_back(shown);
    }
    return overlay;
}

std::vector<std::string> overlayColumn(const Project& project, const std::vector<OverlayParticle>& particles,
                                       const std::string& name) {
    std::map<std::int64_t, std::vector<std::string>> sets;
    std::vector<std::string> texts;
    for (const OverlayParticle& particle : particles) {
        auto known = sets.find(particle.placed.setId);
        if (known == sets.end()) {
            known = sets.emplace(particle.placed.setId, std::vector<std::string>()).first;
            try {
                known->second = project.column(particle.placed.setId, name);
            } catch (const Error&) {
                // This set came from another table, which has no such column: its particles have nothing there.
            }
        }
        const auto index = static_cast<std::size_t>(particle.placed.index);
        texts.push_back(index < known->second.size() ? known->second[index] : std::string());
    }
    return texts;
}

double columnNumber(const std::string& text) {
    const std::size_t from = text.find_first_not_of(" +"), to = text.find_last_not_of(' ');
    double value = 0;
    if (from == std::string::npos) return std::nan("");
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + to + 1, value);
    return error == std::errc() && end == text.data() + to + 1 ? value : std::nan("");
}

bool passes(const OverlayFilter& filter, const OverlayParticle& particle, std::int64_t label,
            const std::string& columnText) {
    const auto oneOf = [](const std::vector<std::int64_t>& wanted, std::int64_t id) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), id) != wanted.end();
    };
    if (!oneOf(filter.classes, label) || !oneOf(filter.predictions, particle.predictedClass.value_or(0))) return false;
    if (!filter.score.contains(particle.score)) return false;
    if (filter.column.empty()) return true;
    if (filter.columnRange.bounded() && !filter.columnRange.contains(columnNumber(columnText))) return false;
    const auto same = [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return lower(a) == lower(b);
    };
    return filter.columnText.empty() || std::search(columnText.begin(), columnText.end(), filter.columnText.begin(),
                                                    filter.columnText.end(), same) != columnText.end();
}

}  // namespace tomoloupe
