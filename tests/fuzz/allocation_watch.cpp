#include "tests/fuzz/allocation_watch.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> largest{0};
}

// Replaces the program's own: the standard allows it once a program.
void* operator new(std::size_t size) {
    std::size_t seen = largest.load();
    while (seen < size && !largest.compare_exchange_weak(seen, size)) {
    }
    if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace tomoloupe::test {

std::size_t largestAllocation() {
    return largest.load();
}
void resetLargestAllocation() {
    largest = 0;
}

}  // namespace tomoloupe::test
