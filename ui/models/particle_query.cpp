#include "ui/models/particle_query.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_map>

#include "core/base/order_key.h"
#include "core/project/label_suggestions.h"

namespace tomoloupe {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

/// Eight bytes from `start` on, so that whole numbers compare as the texts do.
std::uint64_t wordOf(std::string_view text, std::size_t start) {
    std::uint64_t word = 0;
    for (std::size_t i = start; i < start + 8; ++i)
        word = word << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
    return word;
}

std::optional<float> numberOf(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Numbers of all texts; empty where one is no number, or none is there.
std::vector<float> numbersOf(const std::vector<std::string>& texts) {
    std::vector<float> numbers;
    numbers.reserve(texts.size());
    bool any = false;
    for (const std::string& text : texts) {
        const std::optional<float> number = text.empty() ? kNothing : numberOf(text);
        if (!number) return {};
        any = any || !text.empty();
        numbers.push_back(*number);
    }
    return any ? numbers : std::vector<float>();
}

struct TextPlace {
    std::uint64_t word;
    std::int32_t index;
};

/// How many bytes all texts that are not empty begin with alike.
std::size_t commonStart(const std::vector<std::string>& texts) {
    const std::string* first = nullptr;
    std::size_t common = 0;
    for (const std::string& text : texts) {
        if (text.empty()) continue;
        if (!first) {
            first = &text;
            common = text.size();
        }
        common = std::min(common, text.size());
        while (std::memcmp(text.data(), first->data(), common) != 0) --common;
    }
    return common;
}

/// Sorts places of texts that are alike up to `start`, eight bytes at a time, and gives each its rank from `rank` on:
/// whole texts, which lie all over the memory, are never compared.
void rankFrom(const std::vector<std::string>& texts, std::span<TextPlace> places, std::size_t start, std::int32_t& rank,
              std::vector<std::int32_t>& ranks) {
    const auto textOf = [&](const TextPlace& place) -> const std::string& {
        return texts[static_cast<std::size_t>(place.index)];
    };
    for (TextPlace& place : places) place.word = wordOf(textOf(place), start);
    std::sort(places.begin(), places.end(), [](const TextPlace& a, const TextPlace& b) { return a.word < b.word; });
    for (std::size_t from = 0, to = 0; from < places.size(); from = to) {
        while (to < places.size() && places[to].word == places[from].word) ++to;
        const std::span<TextPlace> alike = places.subspan(from, to - from);
        const bool goOn = alike.size() > 1 && std::any_of(alike.begin(), alike.end(), [&](const TextPlace& place) {
                              return textOf(place).size() > start + 8;
                          });
        if (goOn) {
            rankFrom(texts, alike, start + 8, rank, ranks);
            continue;
        }
        for (const TextPlace& place : alike) ranks[static_cast<std::size_t>(place.index)] = rank;
        ++rank;
    }
}

std::vector<std::int32_t> ranksOf(const std::vector<std::string>& texts) {
    std::vector<TextPlace> places;
    places.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!texts[i].empty()) places.push_back({0, static_cast<std::int32_t>(i)});
    }
    std::vector<std::int32_t> ranks(texts.size(), -1);
    std::int32_t rank = 0;
    rankFrom(texts, places, commonStart(texts), rank, ranks);
    return ranks;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

/// Tomograms by name, each numbered by its place in the sorted names.
void numberTomograms(const SetContents& set, ParticleFacts& facts) {
    std::unordered_map<std::string_view, std::int32_t> places;
    std::vector<std::string_view> found;
    std::vector<std::int32_t> raw;
    raw.reserve(set.particles().size());
    for (const Particle& particle : set.particles()) {
        if (particle.tomogram.empty()) {
            raw.push_back(-1);
            continue;
        }
        const auto [place, isNew] = places.try_emplace(particle.tomogram, static_cast<std::int32_t>(found.size()));
        if (isNew) found.push_back(particle.tomogram);
        raw.push_back(place->second);
    }
    std::vector<std::int32_t> order(found.size()), rankOf(found.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return found[static_cast<std::size_t>(a)] < found[static_cast<std::size_t>(b)];
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
        rankOf[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
        facts.tomogramNames.emplace_back(found[static_cast<std::size_t>(order[i])]);
    }
    for (std::int32_t& number : raw) number = number < 0 ? -1 : rankOf[static_cast<std::size_t>(number)];
    facts.tomograms = std::move(raw);
}

class Filter {
  public:
    Filter(const ParticleQuery& query, const QuerySnapshot& snapshot)
        : query_(query), snapshot_(snapshot), facts_(*snapshot.facts), wantedText_(lowered(query.columnText)) {
        if (query.only) {
            only_.resize(snapshot.labels.size());
            for (const std::int64_t particle : *query.only) {
                if (particle >= 0 && particle < static_cast<std::int64_t>(only_.size())) only_[static_cast<std::size_t>(particle)] = 1;
            }
        }
        if (query.tomogram.empty()) return;
        const auto& names = facts_.tomogramNames;
        const auto found = std::lower_bound(names.begin(), names.end(), query.tomogram);
        tomogram_ = found != names.end() && *found == query.tomogram
                        ? static_cast<std::int32_t>(found - names.begin())
                        : static_cast<std::int32_t>(names.size());  // of no particle
    }

    [[nodiscard]] bool passes(std::size_t i) const {
        const std::int64_t label = snapshot_.labels[i], predicted = facts_.predicted[i];
        if (query_.only && !only_[i]) return false;
        if (!hasState(label)) return false;
        if (query_.disagreeing && (label == 0 || predicted == 0 || label == predicted)) return false;
        if (!query_.classes.empty()) {
            const std::int64_t shown = label != 0 ? label : predicted;
            if (std::find(query_.classes.begin(), query_.classes.end(), shown) == query_.classes.end()) return false;
        }
        if (!query_.tomogram.empty() && facts_.tomograms[i] != tomogram_) return false;
        return query_.confidence.contains(static_cast<double>(facts_.confidence[i])) &&
               query_.score.contains(static_cast<double>(facts_.scores[i])) && passesColumn(i);
    }

  private:
    [[nodiscard]] bool hasState(std::int64_t label) const {
        switch (query_.state) {
            case LabelState::Any:
                return true;
            case LabelState::Unlabelled:
                return label == 0;
            case LabelState::Labelled:
                return label != 0;
            case LabelState::Junk:
                return snapshot_.junk && label == *snapshot_.junk;
            case LabelState::Unsure:
                return snapshot_.unsure && label == *snapshot_.unsure;
        }
        return true;
    }

    [[nodiscard]] bool passesColumn(std::size_t i) const {
        const SourceColumn* column = snapshot_.filterColumn.get();
        if (query_.column.empty() || !column || i >= column->texts.size()) return true;
        if (query_.columnRange.bounded() &&
            !query_.columnRange.contains(column->numeric() ? double(column->numbers[i]) : double(kNothing)))
            return false;
        return wantedText_.empty() || lowered(column->texts[i]).find(wantedText_) != std::string::npos;
    }

    const ParticleQuery& query_;
    const QuerySnapshot& snapshot_;
    const ParticleFacts& facts_;
    std::string wantedText_;
    std::vector<char> only_;
    std::int32_t tomogram_ = -1;
};

/// What particle `i` is sorted by; NaN: comes last.
class Key {
  public:
    Key(const ParticleQuery& query, const QuerySnapshot& snapshot)
        : sort_(query.sort), snapshot_(snapshot), facts_(*snapshot.facts) {
        for (std::size_t i = 0; i < snapshot.classOrder.size(); ++i)
            classPlaces_.emplace(snapshot.classOrder[i], static_cast<float>(i));
    }

    [[nodiscard]] float operator()(std::size_t i) const {
        switch (sort_) {
            case SortKey::Score:
                return facts_.scores[i];
            case SortKey::Confidence:
                return facts_.confidence[i];
            case SortKey::Uncertainty:
                return facts_.uncertainty[i];
            case SortKey::Class: {
                const std::int64_t label = snapshot_.labels[i];
                const auto place = classPlaces_.find(label != 0 ? label : facts_.predicted[i]);
                return place == classPlaces_.end() ? kNothing : place->second;
            }
            case SortKey::Tomogram:
                return facts_.tomograms[i] < 0 ? kNothing : static_cast<float>(facts_.tomograms[i]);
            case SortKey::Column: {
                const SourceColumn* column = snapshot_.sortColumn.get();
                if (!column || i >= column->texts.size()) return kNothing;
                if (column->numeric()) return column->numbers[i];
                return column->ranks[i] < 0 ? kNothing : static_cast<float>(column->ranks[i]);
            }
            case SortKey::Number:
            case SortKey::LabelNext:
                break;
        }
        return kNothing;
    }

  private:
    SortKey sort_;
    const QuerySnapshot& snapshot_;
    const ParticleFacts& facts_;
    std::unordered_map<std::int64_t, float> classPlaces_;
};

/// By ranks, which are small whole numbers: each row's place is counted, nothing is compared.
std::vector<std::int32_t> sortedByRank(const std::vector<std::int32_t>& ranks, bool descending,
                                       const std::vector<std::int32_t>& rows) {
    std::int32_t most = -1;
    for (const std::int32_t row : rows) most = std::max(most, ranks[static_cast<std::size_t>(row)]);
    const auto placeOf = [&](std::int32_t row) {
        const std::int32_t rank = ranks[static_cast<std::size_t>(row)];
        return static_cast<std::size_t>(rank < 0 ? most + 1 : descending ? most - rank : rank);
    };
    std::vector<std::int32_t> ends(static_cast<std::size_t>(most) + 3, 0);
    for (const std::int32_t row : rows) ++ends[placeOf(row) + 1];
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    std::vector<std::int32_t> result(rows.size());
    for (const std::int32_t row : rows) result[static_cast<std::size_t>(ends[placeOf(row)]++)] = row;
    return result;
}

std::vector<std::int32_t> sorted(const ParticleQuery& query, const QuerySnapshot& snapshot,
                                 std::vector<std::int32_t> rows) {
    if (query.sort == SortKey::Number) {
        if (query.descending) std::reverse(rows.begin(), rows.end());
        return rows;
    }
    const SourceColumn* column = snapshot.sortColumn.get();
    if (query.sort == SortKey::Column && column && !column->numeric() && column->ranks.size() == snapshot.labels.size())
        return sortedByRank(column->ranks, query.descending, rows);
    const Key key(query, snapshot);
    std::vector<std::uint64_t> keyed;
    std::vector<std::int32_t> last;
    keyed.reserve(rows.size());
    for (const std::int32_t row : rows) {
        const float value = key(static_cast<std::size_t>(row));
        if (std::isnan(value)) {
            last.push_back(row);
        } else {
            keyed.push_back(orderKey(query.descending ? -value : value, row));
        }
    }
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < keyed.size(); ++i) rows[i] = indexOf(keyed[i]);
    std::copy(last.begin(), last.end(), rows.begin() + static_cast<std::ptrdiff_t>(keyed.size()));
    return rows;
}

std::vector<std::int32_t> suggested(const QuerySnapshot& snapshot, const std::vector<std::int32_t>& rows) {
    const SetContents& set = *snapshot.set;
    SuggestionInput input;
    input.classes = set.predictions.classIds.size();
    if (input.classes > 0) input.runs.emplace_back(set.predictions.probabilities);
    for (const auto& run : snapshot.otherRuns) input.runs.emplace_back(*run);
    input.tomograms = snapshot.facts->tomograms;
    input.scores = snapshot.facts->scores;
    input.position = [&set](std::int32_t particle) {
        return set.particles()[static_cast<std::size_t>(particle)].positionVoxels;
    };
    if (snapshot.otherRuns.empty()) input.uncertainty = snapshot.facts->uncertainty;
    if (snapshot.embedding) {
        input.embedding = snapshot.embedding->reduced;
        input.components = static_cast<std::size_t>(snapshot.embedding->components);
    }
    if (set.record.boxSize > 0) input.nearVoxels = static_cast<double>(set.record.boxSize);
    return suggestedOrder(input, rows);
}

}  // namespace

SourceColumn makeSourceColumn(std::vector<std::string> texts) {
    SourceColumn column;
    column.numbers = numbersOf(texts);
    if (!column.numeric()) column.ranks = ranksOf(texts);
    column.texts = std::move(texts);
    return column;
}

ParticleFacts factsOf(const SetContents& set) {
    ParticleFacts facts;
    const std::size_t count = set.particles().size();
    numberTomograms(set, facts);
    facts.scores.reserve(count);
    for (const Particle& particle : set.particles()) facts.scores.push_back(static_cast<float>(particle.score));
    facts.predicted.assign(count, 0);
    facts.confidence.assign(count, kNothing);
    facts.uncertainty.assign(count, kNothing);
    const std::size_t classes = set.predictions.classIds.size();
    if (set.predictions.best.size() == count) facts.predicted = set.predictions.best;
    for (std::size_t i = 0; i < count && classes > 0; ++i) {
        if (facts.predicted[i] == 0) continue;
        const auto probabilities = std::span<const float>(set.predictions.probabilities).subspan(i * classes, classes);
        facts.confidence[i] = *std::max_element(probabilities.begin(), probabilities.end());
        facts.uncertainty[i] = narrowness(probabilities);
    }
    return facts;
}

std::vector<std::int32_t> runQuery(const ParticleQuery& query, const QuerySnapshot& snapshot) {
    const std::size_t count = snapshot.labels.size();
    std::vector<std::int32_t> rows;
    rows.reserve(count);
    const Filter filter(query, snapshot);
    for (std::size_t i = 0; i < count; ++i) {
        if (filter.passes(i)) rows.push_back(static_cast<std::int32_t>(i));
    }
    if (query.sort == SortKey::LabelNext) return suggested(snapshot, rows);
    return sorted(query, snapshot, std::move(rows));
}

}  // namespace tomoloupe
