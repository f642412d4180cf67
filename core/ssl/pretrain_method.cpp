#include "core/ssl/pretrain_method.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/ssl/methods.h"

namespace tomoloupe {
namespace {

struct Entry {
    const char* name;
    const char* whenToChoose;
    MethodFactory* make;
};

// A new method is a source with a factory and a line here (with its defaults in core/recipe/method_defaults.cpp and its name
// among the choices of PretrainOptions).
constexpr Entry kMethods[] = {
    {"moco", "the paper's best: small batches, since a queue holds what to compare with", makeMoco},
    {"simclr", "the plainest: no second network and no queue; grows better with the batch", makeSimClr},
    {"swav", "sorts views into groups instead of comparing pairs; can use smaller crops too", makeSwav},
    {"byol", "compares with nothing else, so particles of one kind do not repel each other; watch the spread", makeByol},
    {"vicreg", "keeps numbers varied and independent: no queue, no second network, no temperature", makeVicReg},
};

}  // namespace

std::vector<MethodKind> methodKinds() {
    std::vector<MethodKind> kinds;
    for (const Entry& entry : kMethods) kinds.push_back({entry.name, entry.whenToChoose});
    return kinds;
}

std::unique_ptr<PretrainMethod> makeMethod(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                           const at::Device& device) {
    std::string names;
    for (const Entry& entry : kMethods) {
        if (options.method == entry.name) return entry.make(options, boxSize, seed, device);
        names += fmt::format("{}{}", names.empty() ? "" : ", ", entry.name);
    }
    throw InvalidOptions(fmt::format("There is no method \"{}\" to learn without labels; try one of {}", options.method, names));
}

}  // namespace tomoloupe
