#include "core/ssl/losses.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace tomoloupe {
namespace {

/// Max(0, 1 - deviation) of each number, averaged; the squared covariances of different numbers, summed and divided by C.
std::pair<at::Tensor, at::Tensor> varianceAndCovariance(const at::Tensor& x) {
    constexpr double kEpsilon = 1e-4;  // keeps the root's gradient finite (Bardes et al. 2022)
    const at::Tensor centred = x - x.mean(0, true);
    const at::Tensor covariances = centred.t().mm(centred) / double(x.size(0) - 1);  // [C, C]
    const at::Tensor variances = covariances.diagonal();
    const at::Tensor variance = at::relu(1 - (variances + kEpsilon).sqrt()).mean();
    const at::Tensor covariance = (covariances.square().sum() - variances.square().sum()) / double(x.size(1));
    return {variance, covariance};
}

}  // namespace

at::Tensor unitRows(const at::Tensor& x) { return x / x.norm(2, {1}, true).clamp_min(1e-12); }

at::Tensor centredUnitRows(const at::Tensor& x) { return unitRows(x - x.mean(0, true)); }

at::Tensor vectorSpread(const at::Tensor& x) {
    at::NoGradGuard noGrad;
    const at::Tensor rows = unitRows(x);
    return (rows - rows.mean(0, true)).square().mean(0).sqrt().mean() * std::sqrt(double(x.size(1)));
}

at::Tensor infoNceLogits(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature) {
    const at::Tensor positive = (q * k).sum(1, true);  // [N, 1]
    return at::cat({positive, q.mm(queue.t())}, 1) / temperature;
}

ContrastLoss infoNce(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature) {
    const at::Tensor logits = infoNceLogits(q, k, queue, temperature);
    const at::Tensor target = at::zeros({logits.size(0)}, logits.options().dtype(at::kLong));
    return {at::cross_entropy_loss(logits, target), (logits.detach().argmax(1) == 0).to(at::kFloat).mean()};
}

ContrastLoss ntXent(const at::Tensor& first, const at::Tensor& second, double temperature) {
    const std::int64_t n = first.size(0);
    const at::Tensor rows = at::cat({first, second});  // [2N, C]
    const at::Tensor itself = at::eye(2 * n, rows.options().dtype(at::kBool));
    const at::Tensor logits = (rows.mm(rows.t()) / temperature).masked_fill(itself, -std::numeric_limits<double>::infinity());
    const at::Tensor partner = at::arange(2 * n, logits.options().dtype(at::kLong)).roll(n);
    return {at::cross_entropy_loss(logits, partner), (logits.detach().argmax(1) == partner).to(at::kFloat).mean()};
}

at::Tensor sinkhorn(const at::Tensor& scores, double epsilon, int iterations) {
    at::NoGradGuard noGrad;
    at::Tensor logQ = scores / epsilon;
    for (int i = 0; i < iterations; ++i) {
        logQ = logQ - logQ.logsumexp({0}, true);  // every prototype the same share, up to a factor that the next line takes out
        logQ = logQ - logQ.logsumexp({1}, true);
    }
    return logQ.exp();
}

at::Tensor swappedPrediction(const std::vector<at::Tensor>& scores, const std::vector<at::Tensor>& assignments, double temperature) {
    std::vector<at::Tensor> logP;
    for (const at::Tensor& view : scores) logP.push_back(at::log_softmax(view / temperature, 1));
    at::Tensor loss;
    for (std::size_t assigning = 0; assigning < assignments.size(); ++assigning)
        for (std::size_t view = 0; view < scores.size(); ++view) {
            if (view == assigning) continue;
            const at::Tensor one = -(assignments[assigning] * logP[view]).sum(1).mean();
            loss = loss.defined() ? loss + one : one;
        }
    return loss / double(assignments.size() * (scores.size() - 1));
}

at::Tensor directionLoss(const at::Tensor& prediction, const at::Tensor& target) {
    return 2 - 2 * (unitRows(prediction) * unitRows(target)).sum(1).mean();
}

VicRegTerms vicRegTerms(const at::Tensor& first, const at::Tensor& second) {
    const auto [variance1, covariance1] = varianceAndCovariance(first);
    const auto [variance2, covariance2] = varianceAndCovariance(second);
    return {(first - second).square().mean(), (variance1 + variance2) / 2, covariance1 + covariance2};
}

}  // namespace tomoloupe
