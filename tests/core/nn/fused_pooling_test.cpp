#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "core/nn/compute.h"
#include "core/nn/fused_pooling.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

at::Tensor random(at::IntArrayRef shape, std::uint64_t seed) { return at::empty(shape).normal_(0, 1, makeGenerator(at::kCPU, seed)); }

at::Tensor byOperators(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return at::relu(at::max_pool3d(at::conv3d(x, weight, bias, 1, {1, 1, 1}), 2));
}

double relativeDifference(const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / b.norm()).item<double>(); }

}  // namespace

TEST_CASE("first layer in one pass, equals convolution, pooling and ReLU one after the other, with gradients") {
    for (const auto& sides : {std::array<std::int64_t, 3>{16, 16, 16}, {7, 10, 13}, {2, 3, 4}}) {
        const at::Tensor x = random({3, 1, sides[0], sides[1], sides[2]}, 1);
        at::Tensor gradient;
        std::vector<at::Tensor> results, weights, biases;
        for (const bool fused : {true, false}) {
            at::Tensor weight = random({32, 1, 3, 3, 3}, 2).requires_grad_(true), bias = random({32}, 3).requires_grad_(true);
            const at::Tensor y = fused ? convolvedPooledRectified(x, weight, bias) : byOperators(x, weight, bias);
            if (!gradient.defined()) gradient = random(y.sizes(), 4);
            (y * gradient).sum().backward();
            results.push_back(y.detach());
            weights.push_back(weight.grad());
            biases.push_back(bias.grad());
        }
        INFO(sides[0] << " x " << sides[1] << " x " << sides[2]);
        CHECK(results[0].sizes() == results[1].sizes());
        CHECK(relativeDifference(results[0], results[1]) < 1e-6);
        CHECK(relativeDifference(weights[0], weights[1]) < 1e-5);
        CHECK(relativeDifference(biases[0], biases[1]) < 1e-5);
    }
}

TEST_CASE("first layer in one pass, where it may be used") {
    const at::Tensor x = random({1, 1, 4, 4, 4}, 1), kernels = random({32, 1, 3, 3, 3}, 2);
    CHECK(fusesConvolution(x, kernels));
    CHECK_FALSE(fusesConvolution(x.clone().requires_grad_(true), kernels));
    CHECK_FALSE(fusesConvolution(x, kernels.narrow(0, 0, 8)));
    CHECK_FALSE(fusesConvolution(x, random({32, 1, 1, 1, 1}, 2)));
    CHECK_FALSE(fusesConvolution(random({1, 2, 4, 4, 4}, 1), random({32, 2, 3, 3, 3}, 2)));
}

TEST_CASE("pooling and ReLU in one pass, equals one after the other, with gradients, in both precisions") {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        // Whole numbers that both types hold exactly; where several of a window are the largest, the first wins.
        const at::Tensor values = at::randperm(2 * 5 * 6 * 8 * 9, makeGenerator(at::kCPU, 5), at::kFloat) % 256 - 100;
        std::vector<at::Tensor> results, gradients;
        for (const bool fused : {true, false}) {
            at::Tensor x = values.view({2, 5, 6, 8, 9}).to(type).detach().clone().requires_grad_(true);
            const at::Tensor y = fused ? pooledRectified(x) : at::relu(at::max_pool3d(x.to(at::kFloat), 2)).to(type);
            (y.to(at::kFloat) * at::arange(y.numel(), at::kFloat).view(y.sizes())).sum().backward();
            results.push_back(y.detach());
            gradients.push_back(x.grad());
        }
        CHECK(at::equal(results[0], results[1]));
        CHECK(at::equal(gradients[0], gradients[1]));
    }
}

TEST_CASE("pooling in one pass, what is no number comes through") {
    at::Tensor x = random({1, 1, 4, 4, 4}, 1);
    x[0][0][1][2][3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(pooledRectified(x).sum().item<float>()));
    CHECK(std::isnan(convolvedPooledRectified(x, random({16, 1, 3, 3, 3}, 2), at::zeros({16})).sum().item<float>()));
}
