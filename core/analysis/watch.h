#pragma once

#include <functional>

#include "core/base/stop_token.h"

namespace tomoloupe {

/// How long work is stopped and watched. What follows Finish keeps what there is; Cancel throws Cancelled.
struct Watch {
    StopToken stop = {};
    std::function<void(double done, double total)> progress = {};

    void tell(double done, double total) const {
        stop.throwIfCancelled();
        if (progress) progress(done, total);
    }
};

}  // namespace tomoloupe
