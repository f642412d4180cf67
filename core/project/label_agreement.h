#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>

namespace tomoloupe {

/// How far two labellings of the same particles go together.
struct LabelAgreement {
    std::int64_t both = 0, agreeing = 0;  ///< labelled in both; with the same class
    std::int64_t onlyFirst = 0, onlySecond = 0;
    /// Cohen's kappa (Cohen 1960, Educ. Psychol. Meas. 20:37) over those labelled in both: 1 = always the same class,
    /// 0 = as often as chance would have it. 1 where chance alone would always agree; 0 where nothing is in both.
    double kappa = 0;
    /// How many got (class of the first, class of the second).
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> pairs;

    [[nodiscard]] double fraction() const { return both ? double(agreeing) / double(both) : 0; }
};

/// Class ids in set order, 0 = unlabelled; both of one length.
[[nodiscard]] LabelAgreement labelAgreement(std::span<const std::int64_t> first, std::span<const std::int64_t> second);

}  // namespace tomoloupe
