#pragma once

#include "core/ssl/pretrain_method.h"

namespace tomoloupe {

// One factory and one source a method; the table in pretrain_method.cpp gives them their names.

using MethodFactory = std::unique_ptr<PretrainMethod>(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                                      const at::Device& device);

MethodFactory makeMoco, makeSimClr, makeSwav, makeByol, makeVicReg;

}  // namespace tomoloupe
