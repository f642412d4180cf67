#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/models/project_contents.h"

namespace tomoloupe {

/// Which heat map is wanted.
struct ExplainWish {
    std::string set;
    std::string model;  ///< id of a fine-tuning
    std::int64_t particle = 0;
    std::int64_t particles = 0;  ///< of class `ofClass`, whose mean is wanted, instead of one; 0: one
    std::string ofClass;
    std::string targetClass;  ///< empty: the most probable; of many: their own
    std::string method = "gradcam";
    std::string layer = "last-block";
    bool sanityCheck = false;
    friend bool operator==(const ExplainWish&, const ExplainWish&) = default;
};

/// The newest finished run that answers the wish; a check that was not asked for does no harm. Null: none.
[[nodiscard]] const RunRow* explained(const ProjectContents& contents, const ExplainWish& wish);
/// The run that will answer it.
[[nodiscard]] RunConfig explainConfig(const ExplainWish& wish, const std::string& title);

/// Fine-tunings with a model, newest first.
[[nodiscard]] std::vector<const RunRow*> explainableRuns(const ProjectContents& contents);
/// Layers that the model's encoder has, from the input on; empty where no run tells them (older versions).
[[nodiscard]] std::vector<std::string> layersOf(const ProjectContents& contents, const std::string& model);
/// Classes that the model tells apart; empty where its run does not tell them.
[[nodiscard]] std::vector<std::string> classesOf(const ProjectContents& contents, const std::string& model);

}  // namespace tomoloupe
