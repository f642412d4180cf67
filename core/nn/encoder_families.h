#pragma once

#include <ATen/core/Generator.h>

#include "core/nn/layers.h"

namespace tomoloupe {

// One factory an encoder, one source a family; the table in encoder.cpp gives them their names. Weights are drawn on the CPU.

using EncoderFactory = std::shared_ptr<LayeredEncoder>(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator);

EncoderFactory makeRb3d, makeRb3dA, makeRb3dB, makeRb3dC;
EncoderFactory makeCb3d, makeDsrf3dV2;
EncoderFactory makeResnet3d;
EncoderFactory makeBandPower3d;
EncoderFactory makeMoments3d;

}  // namespace tomoloupe
