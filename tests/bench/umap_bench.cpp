// Times the map of vectors: `umap_bench VECTORS ROWS COLUMNS OUT` reads float32 numbers, row after row, writes the map as float32 pairs
// and prints seconds as "neighbours graph layout".

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "core/analysis/neighbours.h"
#include "core/analysis/pca.h"
#include "core/analysis/umap.h"

using namespace tomoloupe;

namespace {

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int map(const char* in, std::int64_t rows, std::int64_t columns, const char* out) {
    std::vector<float> values(static_cast<std::size_t>(rows * columns));
    std::ifstream file(in, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)))) {
        std::fprintf(stderr, "%s does not hold %lld x %lld numbers\n", in, static_cast<long long>(rows), static_cast<long long>(columns));
        return 1;
    }
    const MatrixView view{values, rows, columns};
    const UmapOptions options;
    auto start = std::chrono::steady_clock::now();
    const Neighbours neighbours = nearestNeighbours(view, options.neighbours - 1);
    const double searching = secondsSince(start);
    start = std::chrono::steady_clock::now();
    const std::vector<FuzzyEdge> graph = fuzzyGraph(neighbours);
    const std::vector<float> plane = principalComponents(view, {}).scores;
    const double preparing = secondsSince(start);
    start = std::chrono::steady_clock::now();
    const std::vector<float> positions = umapLayout(graph, plane, options);
    std::printf("%.2f %.2f %.2f\n", searching, preparing, secondsSince(start));
    std::ofstream(out, std::ios::binary).write(reinterpret_cast<const char*>(positions.data()), static_cast<std::streamsize>(positions.size() * sizeof(float)));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: umap_bench VECTORS ROWS COLUMNS OUT\n");
        return 2;
    }
    return map(argv[1], std::atoll(argv[2]), std::atoll(argv[3]), argv[4]);
}
