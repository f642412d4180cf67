#include "core/analysis/pca.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/seed.h"

namespace tomoloupe {
namespace {

using Reals = std::vector<double>;

constexpr std::int64_t kWorthThreads = 20000000;  // multiplications; waking the others takes its time

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

Reals meanOf(const MatrixView& rows) {
    Reals mean(at(rows.columns), 0.0);
    for (std::int64_t i = 0; i < rows.rows; ++i)
        for (std::int64_t c = 0; c < rows.columns; ++c) mean[at(c)] += static_cast<double>(rows.row(i)[c]);
    for (double& value : mean) value /= static_cast<double>(std::max<std::int64_t>(1, rows.rows));
    return mean;
}

double totalVariance(const MatrixView& rows, const Reals& mean) {
    double sum = 0;
    for (std::int64_t i = 0; i < rows.rows; ++i)
        for (std::int64_t c = 0; c < rows.columns; ++c) {
            const double value = static_cast<double>(rows.row(i)[c]) - mean[at(c)];
            sum += value * value;
        }
    return sum / static_cast<double>(std::max<std::int64_t>(1, rows.rows - 1));
}

/// [columns, columns], of evenly chosen rows. Rows come in blocks so that a number of the covariance is fetched once for many of them.
Reals covariance(const MatrixView& rows, const Reals& mean, std::int64_t samples, const Watch& watch) {
    constexpr std::int64_t kBlock = 256;
    const std::int64_t n = rows.columns, used = std::min(rows.rows, samples);
    Reals sums(at(n * n), 0.0), block(at(kBlock * n));
    for (std::int64_t first = 0; first < used; first += kBlock) {
        watch.tell(static_cast<double>(first), static_cast<double>(used));
        const std::int64_t count = std::min(kBlock, used - first);
        for (std::int64_t r = 0; r < count; ++r) {
            const float* row = rows.row((first + r) * rows.rows / used);
            for (std::int64_t c = 0; c < n; ++c) block[at(r * n + c)] = static_cast<double>(row[c]) - mean[at(c)];
        }
#pragma omp parallel for schedule(dynamic, 8) if (count * n * n > kWorthThreads)
        for (std::int64_t i = 0; i < n; ++i) {
            double* target = sums.data() + i * n;
            for (std::int64_t r = 0; r < count; ++r) {
                const double* row = block.data() + r * n;
                const double factor = row[i];
                for (std::int64_t j = i; j < n; ++j) target[j] += factor * row[j];
            }
        }
    }
    const auto divisor = static_cast<double>(std::max<std::int64_t>(1, used - 1));
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = i; j < n; ++j) sums[at(i * n + j)] = sums[at(j * n + i)] = sums[at(i * n + j)] / divisor;
    return sums;
}

double dot(const double* a, const double* b, std::int64_t n) { return std::inner_product(a, a + n, b, 0.0); }

/// Rows of unit length and at right angles (Gram and Schmidt, twice for exactness). A row that the others hold already becomes zero.
void orthonormalise(Reals& basis, std::int64_t count, std::int64_t n) {
    constexpr double kNothing = 1e-10;
    for (std::int64_t i = 0; i < count; ++i) {
        double* row = basis.data() + i * n;
        const double before = std::sqrt(dot(row, row, n));
        for (int twice = 0; twice < 2; ++twice)
            for (std::int64_t j = 0; j < i; ++j) {
                const double* other = basis.data() + j * n;
                const double along = dot(row, other, n);
                for (std::int64_t c = 0; c < n; ++c) row[c] -= along * other[c];
            }
        const double length = std::sqrt(dot(row, row, n));
        const double factor = length > kNothing * before && length > 0 ? 1 / length : 0;
        for (std::int64_t c = 0; c < n; ++c) row[c] *= factor;
    }
}

/// basis [count, n] times the symmetric matrix [n, n].
Reals times(const Reals& basis, std::int64_t count, const Reals& matrix, std::int64_t n) {
    Reals product(at(count * n), 0.0);
#pragma omp parallel for schedule(dynamic, 4) if (count * n * n > kWorthThreads)
    for (std::int64_t i = 0; i < count; ++i) {
        double* target = product.data() + i * n;
        for (std::int64_t k = 0; k < n; ++k) {
            const double factor = basis[at(i * n + k)];
            const double* row = matrix.data() + k * n;
            for (std::int64_t j = 0; j < n; ++j) target[j] += factor * row[j];
        }
    }
    return product;
}

/// The basis turned so that the matrix is diagonal within its span; returns the variances.
Reals turnToAxes(Reals& basis, const Reals& image, std::int64_t count, std::int64_t n) {
    Reals small(at(count * count));
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < count; ++j) small[at(i * count + j)] = dot(basis.data() + i * n, image.data() + j * n, n);
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < i; ++j)
            small[at(i * count + j)] = small[at(j * count + i)] = (small[at(i * count + j)] + small[at(j * count + i)]) / 2;
    const Eigen eigen = symmetricEigen(std::move(small), count);
    Reals turned(at(count * n), 0.0);
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t k = 0; k < count; ++k) {
            const double factor = eigen.vectors[at(i * count + k)];
            for (std::int64_t c = 0; c < n; ++c) turned[at(i * n + c)] += factor * basis[at(k * n + c)];
        }
    basis = std::move(turned);
    return eigen.values;
}

/// Directions of largest variance as rows [count, n], with room for more than are wanted so that the last ones are right too.
Reals strongestDirections(const Reals& matrix, std::int64_t n, std::int64_t wanted, const Watch& watch) {
    constexpr std::int64_t kBeyond = 10, kRounds = 200;
    constexpr double kStill = 1e-9;
    const std::int64_t count = std::min(n, wanted + kBeyond);
    Reals basis(at(count * n), 0.0);
    Random random(1);
    for (double& value : basis) value = random.normal();
    if (count == n) {
        std::fill(basis.begin(), basis.end(), 0.0);
        for (std::int64_t i = 0; i < n; ++i) basis[at(i * n + i)] = 1;
    }
    orthonormalise(basis, count, n);
    Reals before;
    for (std::int64_t round = 0; round < kRounds; ++round) {
        watch.stop.throwIfCancelled();
        const Reals image = times(basis, count, matrix, n);
        const Reals variances = turnToAxes(basis, image, count, n);
        bool still = count == n;
        if (!before.empty()) {
            still = true;
            for (std::int64_t i = 0; i < wanted; ++i)
                still = still && std::abs(variances[at(i)] - before[at(i)]) <= kStill * std::max(variances[0], 1e-300);
        }
        if (still) break;
        before = variances;
        basis = times(basis, count, matrix, n);
        orthonormalise(basis, count, n);
    }
    basis.resize(at(wanted * n));
    return basis;
}

/// The number of largest size becomes positive: the sign of a component means nothing, but must not change from run to run.
void fixSign(double* row, std::int64_t n) {
    std::int64_t largest = 0;
    for (std::int64_t c = 1; c < n; ++c)
        if (std::abs(row[c]) > std::abs(row[largest]) + 1e-9) largest = c;
    if (row[largest] < 0)
        for (std::int64_t c = 0; c < n; ++c) row[c] = -row[c];
}

void project(const MatrixView& rows, const Reals& mean, const Reals& basis, Pca& result) {
    const std::int64_t n = rows.columns, count = result.count;
    result.scores.resize(at(rows.rows * count));
#pragma omp parallel
    {
        Reals centred(at(n), 0.0);
#pragma omp for
        for (std::int64_t i = 0; i < rows.rows; ++i) {
            for (std::int64_t c = 0; c < n; ++c) centred[at(c)] = static_cast<double>(rows.row(i)[c]) - mean[at(c)];
            for (std::int64_t k = 0; k < count; ++k)
                result.scores[at(i * count + k)] = static_cast<float>(dot(centred.data(), basis.data() + k * n, n));
        }
    }
    result.variances.assign(at(count), 0.0);
    for (std::int64_t i = 0; i < rows.rows; ++i)
        for (std::int64_t k = 0; k < count; ++k)
            result.variances[at(k)] += static_cast<double>(result.scores[at(i * count + k)]) * static_cast<double>(result.scores[at(i * count + k)]);
    for (double& variance : result.variances) variance /= static_cast<double>(std::max<std::int64_t>(1, rows.rows - 1));
}

}  // namespace

Pca principalComponents(const MatrixView& rows, const PcaOptions& options, const Watch& watch) {
    Pca result;
    result.count = static_cast<int>(std::clamp<std::int64_t>(options.count, 0, rows.columns));
    if (rows.rows == 0 || result.count == 0) return result;
    const Reals mean = meanOf(rows);
    result.totalVariance = totalVariance(rows, mean);
    Reals basis = strongestDirections(covariance(rows, mean, options.sampledRows, watch), rows.columns, result.count, watch);
    for (std::int64_t k = 0; k < result.count; ++k) fixSign(basis.data() + k * rows.columns, rows.columns);
    result.components.assign(basis.begin(), basis.end());
    project(rows, mean, basis, result);
    return result;
}

Eigen symmetricEigen(std::vector<double> a, std::int64_t n) {
    constexpr int kSweeps = 60;
    Reals v(at(n * n), 0.0);  // rows: eigenvectors
    for (std::int64_t i = 0; i < n; ++i) v[at(i * n + i)] = 1;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        double off = 0, on = 0;
        for (std::int64_t i = 0; i < n; ++i)
            for (std::int64_t j = 0; j < n; ++j) (i == j ? on : off) += a[at(i * n + j)] * a[at(i * n + j)];
        if (off <= 1e-24 * on) break;
        for (std::int64_t p = 0; p < n; ++p)
            for (std::int64_t q = p + 1; q < n; ++q) {
                const double apq = a[at(p * n + q)];
                if (apq == 0) continue;
                // Golub and Van Loan 2013, algorithm 8.5.1.
                const double tau = (a[at(q * n + q)] - a[at(p * n + p)]) / (2 * apq);
                const double t = (tau >= 0 ? 1 : -1) / (std::abs(tau) + std::sqrt(1 + tau * tau));
                const double c = 1 / std::sqrt(1 + t * t), s = t * c;
                for (std::int64_t k = 0; k < n; ++k) {
                    const double kp = a[at(k * n + p)], kq = a[at(k * n + q)];
                    a[at(k * n + p)] = c * kp - s * kq;
                    a[at(k * n + q)] = s * kp + c * kq;
                }
                for (std::int64_t k = 0; k < n; ++k) {
                    const double pk = a[at(p * n + k)], qk = a[at(q * n + k)];
                    a[at(p * n + k)] = c * pk - s * qk;
                    a[at(q * n + k)] = s * pk + c * qk;
                    const double vp = v[at(p * n + k)], vq = v[at(q * n + k)];
                    v[at(p * n + k)] = c * vp - s * vq;
                    v[at(q * n + k)] = s * vp + c * vq;
                }
            }
    }
    std::vector<std::int64_t> order(at(n));
    std::iota(order.begin(), order.end(), std::int64_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) { return a[at(i * n + i)] > a[at(j * n + j)]; });
    Eigen result;
    for (const std::int64_t i : order) {
        result.values.push_back(a[at(i * n + i)]);
        result.vectors.insert(result.vectors.end(), v.begin() + i * n, v.begin() + (i + 1) * n);
    }
    return result;
}

}  // namespace tomoloupe
