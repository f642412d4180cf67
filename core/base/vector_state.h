#pragma once

namespace tomoloupe {

#if defined(__x86_64__) && defined(__GNUC__)
namespace detail {
__attribute__((target("avx"))) inline void zeroUpperVectors() {
    __builtin_ia32_vzeroupper();
}
}  // namespace detail
#endif

/// A thread inherits the vector registers of the one that starts it. Where their upper halves were left in use, as the
/// window's thread has them, every instruction of ours waits for them: 1 million logarithms took 180 ms instead of 4
/// on a Xeon with AVX-512. Call it where a thread begins its work.
inline void forgetUpperVectors() {
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx")) detail::zeroUpperVectors();
#endif
}

}  // namespace tomoloupe
