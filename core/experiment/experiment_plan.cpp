#include "core/experiment/experiment_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/recipe/recipe.h"

namespace tomoloupe {
namespace {

/// A pre-training step looks at two views, forward and backward; a particle that is only judged costs a third of one
/// that is learnt from.
constexpr double kPretrainCost = 2, kJudgeCost = 0.33;

double particlesOf(const ExperimentSet& set) {
    constexpr double kUnknown = 1000;
    if (set.simulate.is_null()) return kUnknown;
    return double(set.simulate.value("per-class", 1)) *
           double(set.simulate.value("structures", nlohmann::json::array()).size());
}

class Planner {
  public:
    Planner(const ExperimentRecipe& recipe, int set, int start, int pretraining)
        : recipe_(recipe),
          set_(set),
          start_(start),
          pretraining_(pretraining),
          particles_(particlesOf(recipe.sets[std::size_t(set)])) {}

    [[nodiscard]] ExperimentUnit unit() {
        if (start().pretrain) pretrain();
        const bool first = pretraining_ == 1;
        if (start().pretrain || (first && start_ == 0)) probe();  // without pre-training all encoders are alike
        for (int seed = pretraining_; seed <= start().seeds; seed += recipe_.pretrainSeeds)
            for (const double fraction : recipe_.labelFractions)
                for (const double rate : start().rates.empty() ? std::vector<double>{0} : start().rates)
                    finetune(fraction, seed, rate);
        if (first && recipe_.explain > 0) explain();
        return std::move(unit_);
    }

  private:
    [[nodiscard]] const ExperimentStart& start() const { return recipe_.starts[std::size_t(start_)]; }

    void add(ExperimentCell cell, const std::string& what) {
        cell.set = set_;
        cell.start = start_;
        cell.title = fmt::format("{}, {}, {}", recipe_.sets[std::size_t(set_)].name, start().name, what);
        unit_.push_back(std::move(cell));
    }
    void pretrain() {
        const double seen =
            kPretrainCost * start().pretrain->epochs * particles_ * start().finetune.split.trainFraction;
        add({.kind = CellKind::Pretrain, .seed = pretraining_, .effort = seen},
            fmt::format("pre-training {}", pretraining_));
    }
    void probe() {
        add({.kind = CellKind::Probe, .seed = pretraining_, .effort = particles_ * kJudgeCost},
            fmt::format("linear probe {}", pretraining_));
    }
    void finetune(double fraction, int seed, double rate) {
        const FinetuneOptions& options = start().finetune;
        const double labels = std::max(particles_ * options.split.trainFraction * fraction,
                                       double(options.minimumSteps) * options.batchSize);
        const double effort = options.epochs * (labels + kJudgeCost * particles_ * options.split.validationFraction);
        const std::string title = fmt::format("{:g} %, seed {}", 100 * fraction, seed);
        add({.kind = CellKind::Finetune, .fraction = fraction, .seed = seed, .rate = rate, .effort = effort},
            rate > 0 ? fmt::format("{}, rate {:g}", title, rate) : title);
    }
    void explain() {
        add({.kind = CellKind::Explain, .effort = 2.0 * recipe_.explain}, "Grad-CAM");
        add({.kind = CellKind::Picture, .effort = 2}, "Grad-CAM of one particle");
    }

    const ExperimentRecipe& recipe_;
    int set_, start_, pretraining_;
    double particles_;
    ExperimentUnit unit_;
};

}  // namespace

std::string toText(CellKind kind) {
    switch (kind) {
        case CellKind::Pretrain:
            return "pretrain";
        case CellKind::Probe:
            return "probe";
        case CellKind::Finetune:
            return "finetune";
        case CellKind::Explain:
            return "explain";
        case CellKind::Picture:
            break;
    }
    return "picture";
}

std::vector<ExperimentUnit> planExperiment(const ExperimentRecipe& recipe) {
    std::vector<ExperimentUnit> units;
    for (int set = 0; set < std::ssize(recipe.sets); ++set)
        for (int start = 0; start < std::ssize(recipe.starts); ++start)
            for (int pretraining = 1; pretraining <= recipe.pretrainSeeds; ++pretraining)
                if (pretraining <= recipe.starts[std::size_t(start)].seeds)
                    units.push_back(Planner(recipe, set, start, pretraining).unit());
    return units;
}

}  // namespace tomoloupe
