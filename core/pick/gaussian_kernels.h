#pragma once

#include <cstdint>
#include <vector>

#include "core/pick/gaussian.h"

// Included by one source for each kind of processor, which before it chooses the instructions and how many floats are in one of its
// registers. Written with vectors of that many, since the compiler does not keep arrays of sums in registers over the loop of the
// weights.
#ifndef TOMOLOUPE_LANES
#define TOMOLOUPE_LANES 4
#endif

namespace tomoloupe {

/// The inner loops of gaussian.h.
struct GaussianKernels {
    void (*smoothOne)(const GaussianPair&, const float* const*, std::int64_t, std::int64_t, float* const*, float* const*);
    void (*smoothEach)(const std::vector<float>&, const float* const*, std::int64_t, std::int64_t, float* const*);
    void (*difference)(const GaussianPair&, const float*, const float*, std::int64_t, float, float*);
    bool (*maxima)(const float* const*, std::int64_t, std::uint8_t*);
};

/// For processors with AVX2 and FMA, or with AVX-512; only those may call what is in them.
[[nodiscard]] GaussianKernels gaussianKernelsAvx2();
[[nodiscard]] GaussianKernels gaussianKernelsAvx512();

namespace {

typedef float Lanes __attribute__((vector_size(4 * TOMOLOUPE_LANES), aligned(4), may_alias));
typedef std::int32_t Marks __attribute__((vector_size(4 * TOMOLOUPE_LANES)));

inline const Lanes& at(const float* p) { return *reinterpret_cast<const Lanes*>(p); }
inline Lanes& at(float* p) { return *reinterpret_cast<Lanes*>(p); }

constexpr std::int64_t kStep = 4 * TOMOLOUPE_LANES;
static_assert(kGaussianTile % kStep == 0);

void smoothOne(const GaussianPair& pair, const float* const* rows, std::int64_t count, std::int64_t width, float* const* narrow,
               float* const* wide) {
    constexpr std::int64_t n = TOMOLOUPE_LANES;
    const float *u = pair.narrow.data(), *w = pair.wide.data();
    const auto shared = std::int64_t(pair.narrow.size()), all = std::int64_t(pair.wide.size());
    for (std::int64_t x = 0; x < width; x += kStep)
        for (std::int64_t i = 0; i < count; ++i) {
            const float* c = rows[i] + x;
            Lanes a0 = u[0] * at(c), a1 = u[0] * at(c + n), a2 = u[0] * at(c + 2 * n), a3 = u[0] * at(c + 3 * n);
            Lanes b0 = w[0] * at(c), b1 = w[0] * at(c + n), b2 = w[0] * at(c + 2 * n), b3 = w[0] * at(c + 3 * n);
            std::int64_t k = 1;
            for (; k < shared; ++k) {
                const float *p = rows[i - k] + x, *q = rows[i + k] + x;
                const Lanes s0 = at(p) + at(q), s1 = at(p + n) + at(q + n), s2 = at(p + 2 * n) + at(q + 2 * n),
                            s3 = at(p + 3 * n) + at(q + 3 * n);
                a0 += u[k] * s0, a1 += u[k] * s1, a2 += u[k] * s2, a3 += u[k] * s3;
                b0 += w[k] * s0, b1 += w[k] * s1, b2 += w[k] * s2, b3 += w[k] * s3;
            }
            for (; k < all; ++k) {
                const float *p = rows[i - k] + x, *q = rows[i + k] + x;
                b0 += w[k] * (at(p) + at(q)), b1 += w[k] * (at(p + n) + at(q + n));
                b2 += w[k] * (at(p + 2 * n) + at(q + 2 * n)), b3 += w[k] * (at(p + 3 * n) + at(q + 3 * n));
            }
            float *a = narrow[i] + x, *b = wide[i] + x;
            at(a) = a0, at(a + n) = a1, at(a + 2 * n) = a2, at(a + 3 * n) = a3;
            at(b) = b0, at(b + n) = b1, at(b + 2 * n) = b2, at(b + 3 * n) = b3;
        }
}

void smoothEach(const std::vector<float>& weights, const float* const* rows, std::int64_t count, std::int64_t width,
                float* const* smooth) {
    constexpr std::int64_t n = TOMOLOUPE_LANES;
    const float* w = weights.data();
    const auto all = std::int64_t(weights.size());
    for (std::int64_t x = 0; x < width; x += kStep)
        for (std::int64_t i = 0; i < count; ++i) {
            const float* c = rows[i] + x;
            Lanes a0 = w[0] * at(c), a1 = w[0] * at(c + n), a2 = w[0] * at(c + 2 * n), a3 = w[0] * at(c + 3 * n);
            for (std::int64_t k = 1; k < all; ++k) {
                const float *p = rows[i - k] + x, *q = rows[i + k] + x;
                a0 += w[k] * (at(p) + at(q)), a1 += w[k] * (at(p + n) + at(q + n));
                a2 += w[k] * (at(p + 2 * n) + at(q + 2 * n)), a3 += w[k] * (at(p + 3 * n) + at(q + 3 * n));
            }
            float* a = smooth[i] + x;
            at(a) = a0, at(a + n) = a1, at(a + 2 * n) = a2, at(a + 3 * n) = a3;
        }
}

void difference(const GaussianPair& pair, const float* narrowRow, const float* wideRow, std::int64_t width, float scale, float* out) {
    constexpr std::int64_t n = TOMOLOUPE_LANES;
    const float *u = pair.narrow.data(), *w = pair.wide.data();
    const auto narrowCount = std::int64_t(pair.narrow.size()), wideCount = std::int64_t(pair.wide.size());
    for (std::int64_t x = 0; x < width; x += kStep) {
        const float *c = narrowRow + x, *d = wideRow + x;
        Lanes a0 = u[0] * at(c), a1 = u[0] * at(c + n), a2 = u[0] * at(c + 2 * n), a3 = u[0] * at(c + 3 * n);
        Lanes b0 = w[0] * at(d), b1 = w[0] * at(d + n), b2 = w[0] * at(d + 2 * n), b3 = w[0] * at(d + 3 * n);
        for (std::int64_t k = 1; k < narrowCount; ++k) {
            const float *p = c - k, *q = c + k;
            a0 += u[k] * (at(p) + at(q)), a1 += u[k] * (at(p + n) + at(q + n));
            a2 += u[k] * (at(p + 2 * n) + at(q + 2 * n)), a3 += u[k] * (at(p + 3 * n) + at(q + 3 * n));
        }
        for (std::int64_t k = 1; k < wideCount; ++k) {
            const float *p = d - k, *q = d + k;
            b0 += w[k] * (at(p) + at(q)), b1 += w[k] * (at(p + n) + at(q + n));
            b2 += w[k] * (at(p + 2 * n) + at(q + 2 * n)), b3 += w[k] * (at(p + 3 * n) + at(q + 3 * n));
        }
        float* o = out + x;
        at(o) = scale * (a0 - b0), at(o + n) = scale * (a1 - b1);
        at(o + 2 * n) = scale * (a2 - b2), at(o + 3 * n) = scale * (a3 - b3);
    }
}

bool maxima(const float* const* rows, std::int64_t width, std::uint8_t* found) {
    constexpr std::int64_t n = TOMOLOUPE_LANES;
    bool any = false;
    for (std::int64_t x = 0; x < width; x += n) {
        const Lanes c = at(rows[4] + x);
        const auto above = [&](int row, std::int64_t shift) -> const Lanes& { return at(rows[row] + x + shift); };
        Marks marks = (c > above(1, -1)) & (c > above(1, 0)) & (c > above(1, 1)) & (c > above(0, 0)) & (c > above(2, 0));
        marks &= (c > above(3, -1)) & (c > above(3, 0)) & (c > above(3, 1)) & (c > above(4, -1)) & (c >= above(4, 1));
        marks &= (c >= above(5, -1)) & (c >= above(5, 0)) & (c >= above(5, 1)) & (c >= above(6, 0)) & (c >= above(8, 0));
        marks &= (c >= above(7, -1)) & (c >= above(7, 0)) & (c >= above(7, 1));
        for (std::int64_t i = 0; i < n; ++i) {
            found[x + i] = marks[i] != 0;
            any |= marks[i] != 0;
        }
    }
    return any;
}

constexpr GaussianKernels kGaussianKernels{smoothOne, smoothEach, difference, maxima};

}  // namespace
}  // namespace tomoloupe
