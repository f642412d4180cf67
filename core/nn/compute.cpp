#include "core/nn/compute.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <mutex>
#include <thread>

#include "core/base/error.h"
#include "core/base/log.h"

namespace tomoloupe {
at::Device chooseDevice(const std::string& name) {
    if (name == "auto") return at::hasCUDA() ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
    if (name == "cpu") return at::Device(at::kCPU);
    if (name.rfind("cuda", 0) == 0) {
        if (!at::hasCUDA())
            throw InvalidOptions("No CUDA device can be used here: either there is none or this build of LibTorch is for the "
                                 "CPU alone; choose device cpu or auto");
        try {
            return at::Device(name);
        } catch (const c10::Error&) {
            throw InvalidOptions(fmt::format("\"{}\" is no device; write cuda or cuda:1", name));
        }
    }
    throw InvalidOptions(fmt::format("\"{}\" is no device; choose auto, cpu or cuda", name));
}

at::Generator makeGenerator(const at::Device& device, std::uint64_t seed) {
    at::Generator generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(seed);
    return generator;
}

bool computesBfloat16(const at::Device& device) {
#if defined(__x86_64__) && defined(__GNUC__)
    if (device.is_cpu())
        return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#endif
    return true;
}

at::ScalarType choosePrecision(const TrainerSettings& settings, const at::Device& device) {
    if (settings.deterministic && settings.precision == "bfloat16")
        throw InvalidOptions("Options deterministic and precision bfloat16 exclude each other; choose float32");
    if (settings.precision == "bfloat16" && !computesBfloat16(device))
        throw InvalidOptions("This processor cannot compute in bfloat16, which takes AVX-512; choose precision float32");
    at::globalContext().setDeterministicAlgorithms(settings.deterministic, /*warn_only=*/true);
    at::globalContext().setDeterministicCuDNN(settings.deterministic);
    at::globalContext().setBenchmarkCuDNN(!settings.deterministic);
    if (settings.deterministic || settings.precision == "float32") return at::kFloat;
    if (settings.precision == "bfloat16") return at::kBFloat16;
    return device.is_cuda() ? at::kBFloat16 : at::kFloat;  // on CPUs LibTorch 1.13 is slower with it even where they have the units
}

int coresAllowed() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (::sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

void prepareComputeThread() {
    at::set_num_threads(coresAllowed());
    // A gradient of 134 MB asked from the system each step costs tens of milliseconds in page faults.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

std::string blasName() {
    std::ifstream maps("/proc/self/maps");
    bool plain = false;
    for (std::string line; std::getline(maps, line);) {
        for (const char* name : {"openblas", "mkl", "blis", "atlas"})
            if (line.find(name) != std::string::npos) return name;
        plain = plain || line.find("libblas.so") != std::string::npos;
    }
    return plain ? "reference" : "unknown";
}

void warnAboutSlowBlas() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (blasName() == "reference")
            logWarning("The reference BLAS is in use: training is several times slower than it could be. Install OpenBLAS "
                       "(Debian: libopenblas0-pthread).");
    });
}

}  // namespace tomoloupe
