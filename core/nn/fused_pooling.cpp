#include "core/nn/fused_pooling.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "core/fourier/parallel.h"
#include "core/nn/pooling_kernels.h"

namespace tomoloupe {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

MapShape shapeOf(const at::Tensor& x) { return {x.size(2), x.size(3), x.size(4)}; }

MapShape savedShape(const AutogradContext& context) {
    const auto sides = context.saved_data.at("shape").toIntVector();
    return {sides[0], sides[1], sides[2]};
}

template <typename Work>
void withNumbers(const at::Tensor& x, Work&& work) {
    if (x.scalar_type() == at::kBFloat16)
        work(std::uint16_t{});
    else
        work(float{});
}

template <typename Number>
Number* numbers(const at::Tensor& x) {
    return static_cast<Number*>(x.data_ptr());
}

struct Pool : torch::autograd::Function<Pool> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& given) {
        const at::Tensor x = given.contiguous();
        const MapShape shape = shapeOf(x), half = shape.halved();
        const at::Tensor y = at::empty({x.size(0), x.size(1), half.depth, half.height, half.width}, x.options());
        const at::Tensor winners = at::empty(y.sizes(), y.options().dtype(at::kByte));
        withNumbers(x, [&]<typename Number>(Number) {
            parallelFor(0, x.size(0) * x.size(1), 8, [&](std::int64_t first, std::int64_t last) {
                for (std::int64_t i = first; i < last; ++i)
                    poolRectify(numbers<Number>(x) + i * shape.size(), shape, numbers<Number>(y) + i * half.size(),
                                numbers<Winner>(winners) + i * half.size());
            });
        });
        context->save_for_backward({winners});
        context->saved_data["shape"] = std::vector<std::int64_t>{shape.depth, shape.height, shape.width};
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const at::Tensor winners = context->get_saved_variables()[0], gradient = gradients[0].contiguous();
        const MapShape shape = savedShape(*context), half = shape.halved();
        const at::Tensor result = at::empty({gradient.size(0), gradient.size(1), shape.depth, shape.height, shape.width}, gradient.options());
        withNumbers(gradient, [&]<typename Number>(Number) {
            parallelFor(0, gradient.size(0) * gradient.size(1), 8, [&](std::int64_t first, std::int64_t last) {
                for (std::int64_t i = first; i < last; ++i)
                    poolRectifyGradient(numbers<Number>(gradient) + i * half.size(), numbers<Winner>(winners) + i * half.size(), shape,
                                        numbers<Number>(result) + i * shape.size());
            });
        });
        return {result};
    }
};

/// [C, 1, 3, 3, 3] as the kernels want it: [27, C].
at::Tensor tapsFirst(const at::Tensor& weight) { return weight.reshape({weight.size(0), 27}).t().contiguous(); }

struct ConvolvePool : torch::autograd::Function<ConvolvePool> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& given, const at::Tensor& weight, const at::Tensor& bias) {
        const at::Tensor x = given.to(at::kFloat).contiguous(), taps = tapsFirst(weight.detach()), shift = bias.detach().contiguous();
        const MapShape shape = shapeOf(x), half = shape.halved();
        const std::int64_t channels = weight.size(0);
        const at::Tensor y = at::empty({x.size(0), half.depth, half.height, half.width, channels}, x.options());
        const at::Tensor winners = at::empty({x.size(0), half.size(), channels}, x.options().dtype(at::kByte));
        forEachMap(x, shape, [&](std::int64_t i, float* padded) {
            convolvePool(x.data_ptr<float>() + i * shape.size(), shape, taps.data_ptr<float>(), shift.data_ptr<float>(), channels, padded,
                         y.data_ptr<float>() + i * channels * half.size(), winners.data_ptr<Winner>() + i * channels * half.size());
        });
        context->save_for_backward({x, winners});
        return y.permute({0, 4, 1, 2, 3}).contiguous();
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor x = saved[0], winners = saved[1], gradient = gradients[0].permute({0, 2, 3, 4, 1}).contiguous();
        const MapShape shape = shapeOf(x), half = shape.halved();
        const std::int64_t channels = gradient.size(4);
        const at::Tensor taps = at::zeros({x.size(0), 27, channels}, x.options()), bias = at::zeros({x.size(0), channels}, x.options());
        forEachMap(x, shape, [&](std::int64_t i, float* padded) {
            convolvePoolGradient(x.data_ptr<float>() + i * shape.size(), shape, gradient.data_ptr<float>() + i * channels * half.size(),
                                 winners.data_ptr<Winner>() + i * channels * half.size(), channels, padded,
                                 taps.data_ptr<float>() + i * 27 * channels, bias.data_ptr<float>() + i * channels);
        });
        // Summed over the maps in their order, whatever thread computed them.
        return {at::Tensor(), taps.sum(0).t().reshape({channels, 1, 3, 3, 3}), bias.sum(0)};
    }

  private:
    template <typename Work>
    static void forEachMap(const at::Tensor& x, MapShape shape, Work&& work) {
        parallelFor(0, x.size(0), 1, [&](std::int64_t first, std::int64_t last) {
            std::vector<float> padded(std::size_t((shape.depth + 2) * (shape.height + 2) * (shape.width + 2)));
            for (std::int64_t i = first; i < last; ++i) work(i, padded.data());
        });
    }
};

}  // namespace

at::Tensor pooledRectified(const at::Tensor& x) { return Pool::apply(x); }

bool fusesConvolution(const at::Tensor& x, const at::Tensor& weight) {
    return x.device().is_cpu() && !x.requires_grad() && x.size(1) == 1 && weight.size(2) == 3 && weight.size(0) % kChannelBlock == 0;
}

at::Tensor convolvedPooledRectified(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return ConvolvePool::apply(x, weight, bias);
}

}  // namespace tomoloupe
