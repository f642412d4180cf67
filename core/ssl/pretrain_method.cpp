#include "core/ssl/pretrain_method.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/ssl/moco.h"

namespace tomoloupe {

std::unique_ptr<PretrainMethod> makeMethod(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                           const at::Device& device) {
    if (options.method == "moco") return std::make_unique<Moco>(options, boxSize, seed, device);
    throw InvalidOptions(fmt::format("There is no method \"{}\" to learn without labels", options.method));
}

}  // namespace tomoloupe
