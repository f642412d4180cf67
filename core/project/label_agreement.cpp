#include "core/project/label_agreement.h"

namespace tomoloupe {

LabelAgreement labelAgreement(std::span<const std::int64_t> first, std::span<const std::int64_t> second) {
    LabelAgreement result;
    std::map<std::int64_t, double> firstOf, secondOf;
    for (std::size_t i = 0; i < first.size(); ++i) {
        result.onlyFirst += first[i] != 0 && second[i] == 0;
        result.onlySecond += first[i] == 0 && second[i] != 0;
        if (first[i] == 0 || second[i] == 0) continue;
        ++result.both;
        result.agreeing += first[i] == second[i];
        ++firstOf[first[i]];
        ++secondOf[second[i]];
        ++result.pairs[{first[i], second[i]}];
    }
    if (result.both == 0) return result;
    const auto count = static_cast<double>(result.both);
    double chance = 0;
    for (const auto& [id, times] : firstOf) chance += times / count * secondOf[id] / count;
    result.kappa = chance < 1 ? (result.fraction() - chance) / (1 - chance) : 1;
    return result;
}

}  // namespace tomoloupe
