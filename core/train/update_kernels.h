#pragma once

#include <cstdint>

namespace tomoloupe {

// One pass over memory for everything an optimiser step does to a run of float32 parameters on the CPU: with batches of 16 the
// weights' traffic, not the arithmetic, is what a step waits for. Free of LibTorch so that it compiles for several processors.

struct AdamNumbers {
    float learningRate, beta1, beta2, epsilon, weightDecay;
    float correction1, correction2;  ///< 1 - beta^t
};

/// Adam (Kingma and Ba 2015) with L2 weight decay added to the gradient; moments are updated in place.
void adamUpdate(const AdamNumbers& numbers, const float* gradient, float* weight, float* first, float* second, std::int64_t n);
/// The same, then copy <- momentum * copy + (1 - momentum) * weight.
void adamUpdateWithFollower(const AdamNumbers& numbers, const float* gradient, float* weight, float* first, float* second,
                            float* copy, float momentum, std::int64_t n);

struct SgdNumbers {
    float learningRate, momentum, weightDecay;
};

/// SGD with momentum as PyTorch defines it: velocity <- momentum * velocity + gradient; weight <- weight - rate * velocity.
void sgdUpdate(const SgdNumbers& numbers, const float* gradient, float* weight, float* velocity, std::int64_t n);

}  // namespace tomoloupe
