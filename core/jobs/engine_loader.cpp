#include "core/jobs/engine_loader.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <mutex>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr const char* kFileName = "libtomoloupe_engine.so";

std::filesystem::path engineFile() {
    if (const char* given = std::getenv("TOMOLOUPE_ENGINE"); given && *given) return given;
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) throw Error(fmt::format("Cannot tell where the program lies: {}", error.message()));
    return (program.parent_path() / ".." / "lib" / "tomoloupe" / kFileName).lexically_normal();
}

/// OpenBLAS' name of the kernels for the widest vectors this processor has; null: let it choose.
const char* widestKernels() {
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
    return nullptr;
}

const EngineTable& openEngine(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        throw Error(
            fmt::format("The computing part of the program, {}, is missing. Install it again, or name the file in the "
                        "environment variable TOMOLOUPE_ENGINE.",
                        file.string()));
    // Read once, when the module brings OpenMP in: threads that wait asleep instead of spinning keep a step of two threads from taking
    // several times as long when the window or another program uses a core.
    ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
    // OpenBLAS takes kernels of 2004 for a processor that it does not know, such as those newer than itself.
    if (const char* kernels = widestKernels()) ::setenv("OPENBLAS_CORETYPE", kernels, /*overwrite=*/0);
    // Local: LibTorch's libraries must not be seen by Qt and VTK of the same process. Never closed: it owns threads.
    void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw Error(fmt::format("The computing part of the program cannot be loaded: {}", ::dlerror()));
    using Entry = const EngineTable* (*)();
    const auto entry = reinterpret_cast<Entry>(::dlsym(library, "tomoloupeEngine"));
    const EngineTable* table = entry ? entry() : nullptr;
    if (!table) throw Error(fmt::format("{} is not the computing part of this program", file.string()));
    if (table->abi != EngineTable::kAbi)
        throw Error(fmt::format(
            "{} belongs to another version of the program (interface {}, expected {}). Install both from one "
            "package.",
            file.string(), table->abi, EngineTable::kAbi));
    return *table;
}

}  // namespace

const EngineTable& loadEngine() {
    static std::mutex loadedMutex;
    static const EngineTable* loaded = nullptr;
    const std::lock_guard lock(loadedMutex);
    if (!loaded) loaded = &openEngine(engineFile());
    return *loaded;
}

}  // namespace tomoloupe
