#include "ui/models/map_colours.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "ui/bridge/text.h"
#include "ui/models/class_keys.h"
#include "ui/models/project_model.h"

namespace tomoloupe {
namespace {

QString words(const char* text) { return QCoreApplication::translate("MapColours", text); }

MapCategory paletteCategory(const QString& name, std::size_t place) {
    const auto palette = classPalette();
    return {name, QString::fromLatin1(palette[place % palette.size()]), static_cast<int>(place / palette.size()), 0, 0};
}

void count(MapColouring& colouring) {
    for (const std::int32_t category : colouring.category)
        if (category >= 0) ++colouring.categories[static_cast<std::size_t>(category)].count;
}

/// Classes that no point has are left out.
void dropEmpty(MapColouring& colouring) {
    std::vector<std::int32_t> placeOf(colouring.categories.size(), -1);
    std::vector<MapCategory> kept;
    for (std::size_t c = 0; c < colouring.categories.size(); ++c) {
        if (colouring.categories[c].count == 0) continue;
        placeOf[c] = static_cast<std::int32_t>(kept.size());
        kept.push_back(colouring.categories[c]);
    }
    for (std::int32_t& category : colouring.category)
        if (category >= 0) category = placeOf[static_cast<std::size_t>(category)];
    colouring.categories = std::move(kept);
}

MapColouring byClass(const ProjectModel& project, std::span<const std::int64_t> classIds) {
    MapColouring colouring;
    std::map<std::int64_t, std::int32_t> placeOf;
    std::map<QString, int> uses;
    for (const ClassRecord& record : project.contents().classes) {
        const QString colour = project.classColour(record.id);
        placeOf[record.id] = static_cast<std::int32_t>(colouring.categories.size());
        colouring.categories.push_back({toQString(record.name), colour, uses[colour]++, 0, record.id});
    }
    std::int64_t known = 0;
    std::int32_t place = -1;
    colouring.category.reserve(classIds.size());
    for (const std::int64_t id : classIds) {
        if (id != known) {
            const auto found = placeOf.find(id);
            place = found == placeOf.end() ? -1 : found->second;
            known = id;
        }
        colouring.category.push_back(id == 0 ? -1 : place);
    }
    count(colouring);
    dropEmpty(colouring);
    return colouring;
}

MapColouring byValue(std::vector<float> values) {
    constexpr double kEnds = 0.005;  // outliers do not take the colours from the rest
    MapColouring colouring;
    std::vector<float> known;
    for (const float value : values)
        if (std::isfinite(value)) known.push_back(value);
    if (known.empty()) return colouring;
    const auto quantile = [&](double part) {
        const auto at = known.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(known.size() - 1));
        std::nth_element(known.begin(), at, known.end());
        return static_cast<double>(*at);
    };
    colouring.low = quantile(kEnds);
    colouring.high = quantile(1 - kEnds);
    if (!(colouring.high > colouring.low)) colouring.high = colouring.low + 1;
    colouring.values = std::move(values);
    return colouring;
}

MapColouring byTomogram(const ParticleFacts& facts) {
    MapColouring colouring;
    for (std::size_t t = 0; t < facts.tomogramNames.size(); ++t)
        colouring.categories.push_back(paletteCategory(toQString(facts.tomogramNames[t]), t));
    colouring.category = facts.tomograms;
    count(colouring);
    return colouring;
}

MapColouring byTexts(const SourceColumn& column) {
    std::map<std::int32_t, std::int64_t> counts;
    std::map<std::int32_t, std::size_t> example;
    for (std::size_t i = 0; i < column.ranks.size(); ++i) {
        if (column.ranks[i] < 0) continue;
        ++counts[column.ranks[i]];
        example.try_emplace(column.ranks[i], i);
    }
    std::vector<std::int32_t> order;
    for (const auto& [rank, number] : counts) order.push_back(rank);
    if (order.size() > kMostCategories) {
        std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) { return counts[a] > counts[b]; });
        order.resize(kMostCategories - 1);
    }
    MapColouring colouring;
    std::map<std::int32_t, std::int32_t> placeOf;
    for (const std::int32_t rank : order) {
        placeOf[rank] = static_cast<std::int32_t>(colouring.categories.size());
        colouring.categories.push_back(paletteCategory(toQString(column.texts[example[rank]]), colouring.categories.size()));
    }
    const bool others = counts.size() > order.size();
    const auto last = static_cast<std::int32_t>(colouring.categories.size());
    if (others) colouring.categories.push_back({words("all others"), QStringLiteral("#8A93A0"), 0, 0, 0});
    for (const std::int32_t rank : column.ranks) {
        const auto found = placeOf.find(rank);
        colouring.category.push_back(found != placeOf.end() ? found->second : rank >= 0 && others ? last : -1);
    }
    count(colouring);
    return colouring;
}

MapColouring byGroup(const std::vector<std::int32_t>& groups) {
    MapColouring colouring;
    const std::int32_t number = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
    for (std::int32_t g = 0; g < number; ++g)
        colouring.categories.push_back(paletteCategory(words("Group %1").arg(g + 1), static_cast<std::size_t>(g)));
    colouring.category = groups;
    count(colouring);
    return colouring;
}

}  // namespace

MapColouring mapColouring(MapColour by, const ProjectModel& project, const MapFacts& facts) {
    const SetContents* set = project.set();
    if (!set) return {};
    switch (by) {
        case MapColour::Class:
            return byClass(project, set->labels);
        case MapColour::Prediction:
            return set->predictions.best.empty() ? MapColouring() : byClass(project, set->predictions.best);
        case MapColour::Confidence:
            return facts.particles ? byValue(facts.particles->confidence) : MapColouring();
        case MapColour::Score:
            return facts.particles ? byValue(facts.particles->scores) : MapColouring();
        case MapColour::Tomogram:
            return facts.particles ? byTomogram(*facts.particles) : MapColouring();
        case MapColour::Column:
            if (!facts.column) return {};
            return facts.column->numeric() ? byValue(facts.column->numbers) : byTexts(*facts.column);
        case MapColour::Group:
            return facts.groups ? byGroup(*facts.groups) : MapColouring();
    }
    return {};
}

std::vector<std::int64_t> particlesOf(const MapColouring& colouring, std::int32_t category) {
    std::vector<std::int64_t> found;
    for (std::size_t i = 0; i < colouring.category.size(); ++i)
        if (colouring.category[i] == category) found.push_back(static_cast<std::int64_t>(i));
    return found;
}

}  // namespace tomoloupe
