#pragma once

#include <nlohmann/json.hpp>

namespace tomoloupe::test {

/// A recipe of two starts on one small set: random weights, and MoCo; two parts of the labels, two seeds, each with a
/// pre-training of its own.
inline nlohmann::json smallExperiment() {
    return nlohmann::json::parse(R"({
        "about": "Small",
        "experiment": {
            "sets": [{"recipe": "tiny", "published": {"moco": [90, 80]}}],
            "starts": [{"name": "random"}, {"name": "moco", "pretrain": {"method": "moco"}}],
            "label-fractions": [0.5, 1], "seeds": 2, "explain": 4,
            "pretrain": {"encoder": "bandpower3d", "epochs": 2}, "finetune": {"encoder": "bandpower3d", "epochs": 2, "split-seed": 3}
        }})");
}

}  // namespace tomoloupe::test
