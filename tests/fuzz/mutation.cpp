#include "tests/fuzz/mutation.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace tomoloupe::test {
namespace {

void setWord(std::string& bytes, Random& random) {
    static constexpr std::array<std::uint32_t, 12> kNasty{0,          1,       0xffffffff, 0x7fffffff,
                                                          0x80000000, 0x10000, 0xffff,     0x01000000,
                                                          0x40000000, 100000,  0x0000ffff, 0xfffffff0};
    if (bytes.size() < 4) return;
    std::uint32_t value = kNasty[random.below(kNasty.size())];
    if (random.below(2) == 0) value = __builtin_bswap32(value);
    // Headers come first and their fields are aligned.
    const std::uint64_t reach = random.below(2) == 0 ? std::min<std::uint64_t>(bytes.size(), 260) : bytes.size();
    const std::size_t at = random.below(reach - 3) / 2 * 2;
    std::memcpy(bytes.data() + at, &value, 4);
}

}  // namespace

std::string mutated(const std::string& bytes, Random& random) {
    std::string result = bytes;
    for (std::uint64_t change = random.below(4) + 1; change > 0 && !result.empty(); --change) {
        const std::size_t at = random.below(result.size());
        const std::size_t length = 1 + random.below(std::min<std::uint64_t>(result.size() - at, 64));
        switch (random.below(8)) {
            case 0:
                result.resize(at);
                break;
            case 1:
                result.insert(at, result.substr(at, length));
                break;
            case 2:
                result.erase(at, length);
                break;
            case 3:
            case 4:
                setWord(result, random);
                break;
            case 5:
                result[at] = static_cast<char>(result[at] ^ (1 << random.below(8)));
                break;
            case 6:
                result[random.below(std::min<std::uint64_t>(result.size(), 64))] = static_cast<char>(random.below(256));
                break;
            default:
                result[at] = static_cast<char>(random.below(256));
                break;
        }
    }
    return result;
}

}  // namespace tomoloupe::test
