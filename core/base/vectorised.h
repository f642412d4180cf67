#pragma once

/// Before a function: compiled for several generations of processors, and the loader picks the widest this one has. For loops over
/// contiguous floats; such a file sees no LibTorch.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define TOMOLOUPE_VECTORISED __attribute__((target_clones("default", "avx2", "avx512f"), optimize("O3")))
#else
#define TOMOLOUPE_VECTORISED
#endif
