#include "app/gui/display.h"

#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tomoloupe {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Asks the X server through libxcb, which Qt's plugin loads anyway.
bool xServerAnswers() {
    void* library = ::dlopen("libxcb.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    const auto connect = reinterpret_cast<void* (*)(const char*, int*)>(::dlsym(library, "xcb_connect"));
    const auto failed = reinterpret_cast<int (*)(void*)>(::dlsym(library, "xcb_connection_has_error"));
    if (!connect || !failed) return false;
    // Never closed: Xvfb starts anew when its last client leaves, and Qt would find it gone for a moment.
    return failed(connect(nullptr, nullptr)) == 0;
}

}  // namespace

std::string displayProblem() {
    const std::string platform = variable("QT_QPA_PLATFORM");
    if (!platform.empty() && platform.rfind("xcb", 0) != 0) return {};
    if (platform.empty() && !variable("WAYLAND_DISPLAY").empty()) return {};
    if (variable("DISPLAY").empty()) {
        return "Tomoloupe needs a display: start it in a desktop session, or with `xvfb-run -a` in front.";
    }
    if (!xServerAnswers()) {
        return "Tomoloupe cannot reach the X server " + variable("DISPLAY") +
               ": check DISPLAY, or start it with `xvfb-run -a` in front.";
    }
    return {};
}

double millisecondsSinceStart() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::size_t afterName = text.rfind(')');
    if (afterName == std::string::npos) return 0;
    std::istringstream fields(text.substr(afterName + 2));
    std::string skipped;
    for (int field = 3; field < 22; ++field) fields >> skipped;
    double ticks = 0;  // field 22 of proc(5): start time after boot in clock ticks
    fields >> ticks;
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 -
            ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))) *
           1000;
}

}  // namespace tomoloupe
