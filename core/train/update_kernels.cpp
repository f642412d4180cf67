#include "core/train/update_kernels.h"

#include <cmath>

#include "core/base/vectorised.h"

namespace tomoloupe {
namespace {

inline float adamOne(const AdamNumbers& a, float stepSize, float rootCorrection, float gradient, float weight, float& first,
                     float& second) {
    gradient += a.weightDecay * weight;
    first = a.beta1 * first + (1 - a.beta1) * gradient;
    second = a.beta2 * second + (1 - a.beta2) * gradient * gradient;
    return weight - stepSize * first / (std::sqrt(second) / rootCorrection + a.epsilon);
}

}  // namespace

TOMOLOUPE_VECTORISED
void adamUpdate(const AdamNumbers& numbers, const float* __restrict gradient, float* __restrict weight, float* __restrict first,
                float* __restrict second, std::int64_t n) {
    const float stepSize = numbers.learningRate / numbers.correction1;
    const float root = std::sqrt(numbers.correction2);
    for (std::int64_t i = 0; i < n; ++i)
        weight[i] = adamOne(numbers, stepSize, root, gradient[i], weight[i], first[i], second[i]);
}

TOMOLOUPE_VECTORISED
void adamUpdateWithFollower(const AdamNumbers& numbers, const float* __restrict gradient, float* __restrict weight,
                            float* __restrict first, float* __restrict second, float* __restrict copy, float momentum,
                            std::int64_t n) {
    const float stepSize = numbers.learningRate / numbers.correction1;
    const float root = std::sqrt(numbers.correction2);
    for (std::int64_t i = 0; i < n; ++i) {
        const float updated = adamOne(numbers, stepSize, root, gradient[i], weight[i], first[i], second[i]);
        weight[i] = updated;
        copy[i] = momentum * copy[i] + (1 - momentum) * updated;
    }
}

TOMOLOUPE_VECTORISED
void sgdUpdate(const SgdNumbers& numbers, const float* __restrict gradient, float* __restrict weight, float* __restrict velocity,
               std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
        const float g = gradient[i] + numbers.weightDecay * weight[i];
        velocity[i] = numbers.momentum * velocity[i] + g;
        weight[i] -= numbers.learningRate * velocity[i];
    }
}

}  // namespace tomoloupe
