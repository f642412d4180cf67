#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/project/embedding.h"
#include "ui/models/project_contents.h"

namespace tomoloupe {

enum class LabelState { Any, Unlabelled, Labelled, Junk, Unsure };
enum class SortKey { Number, Score, Confidence, Uncertainty, Class, Tomogram, Column, LabelNext };

/// Both ends belong to it; what is not a number lies in the unbounded range alone.
struct ValueRange {
    std::optional<double> from, to;
    [[nodiscard]] bool bounded() const { return from || to; }
    [[nodiscard]] bool contains(double value) const {
        return !bounded() || ((!from || value >= *from) && (!to || value <= *to));
    }
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// Which particles of a set are listed, and in which order; everything that is set must hold.
struct ParticleQuery {
    LabelState state = LabelState::Any;
    bool disagreeing = false;           ///< labelled otherwise than predicted
    std::vector<std::int64_t> classes;  ///< one of these is what the tile shows: the label, else the suggestion
    ValueRange confidence;              ///< of the largest probability
    ValueRange score;
    std::string tomogram;    ///< empty: all
    std::string column;      ///< of the source table; empty: none
    std::string columnText;  ///< contained in it, whatever the case of letters
    ValueRange columnRange;  ///< for a column of numbers
    SortKey sort = SortKey::Number;
    std::string sortColumn;
    std::shared_ptr<const std::vector<std::int64_t>> only;  ///< these alone, ascending; null: all
    std::string onlyTitle;                                  ///< what they have in common
    bool descending = false;  ///< what has no value comes last either way; LabelNext has one direction

    friend bool operator==(const ParticleQuery&, const ParticleQuery&) = default;
    /// All of them in set order.
    [[nodiscard]] bool trivial() const { return *this == ParticleQuery{}; }
    /// Labels decide who is listed, or where.
    [[nodiscard]] bool looksAtLabels() const {
        return state != LabelState::Any || disagreeing || !classes.empty() || sort == SortKey::Class ||
               sort == SortKey::LabelNext;
    }
};

/// A column of the source table, made ready once: ranks sort without looking at texts again.
struct SourceColumn {
    std::vector<std::string> texts;
    std::vector<float> numbers;       ///< where every text that is not empty is a number, else empty
    std::vector<std::int32_t> ranks;  ///< equal texts share one; empty texts: -1
    [[nodiscard]] bool numeric() const { return !numbers.empty(); }
};
[[nodiscard]] SourceColumn makeSourceColumn(std::vector<std::string> texts);

/// What queries look at, in set order, made once a set. NaN: not known.
struct ParticleFacts {
    std::vector<float> scores;
    std::vector<std::int32_t> tomograms;  ///< place in tomogramNames, which is sorted; -1: none
    std::vector<std::string> tomogramNames;
    std::vector<std::int64_t> predicted;  ///< class; 0: none
    std::vector<float> confidence, uncertainty;
};
[[nodiscard]] ParticleFacts factsOf(const SetContents& set);

/// The state of a set at the moment of asking: what does not change is shared, labels are a copy.
struct QuerySnapshot {
    std::shared_ptr<const SetContents> set;
    std::shared_ptr<const ParticleFacts> facts;
    std::vector<std::int64_t> labels;
    std::vector<std::int64_t> classOrder;  ///< the project's
    std::optional<std::int64_t> junk, unsure;
    std::shared_ptr<const SourceColumn> filterColumn, sortColumn;
    /// Probabilities that other runs of the same kind gave, as `SuggestionInput::runs`; LabelNext alone looks at them.
    std::vector<std::shared_ptr<const std::vector<float>>> otherRuns;
    std::shared_ptr<const Embedding> embedding;  ///< of all particles of the set; LabelNext alone looks at it; may be none
};

/// Indices in the set. Any thread. A million in well under half a second.
[[nodiscard]] std::vector<std::int32_t> runQuery(const ParticleQuery& query, const QuerySnapshot& snapshot);

}  // namespace tomoloupe
