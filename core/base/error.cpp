#include "core/base/error.h"

#include <utility>

namespace tomoloupe {

Error::Error(std::string sentence) : sentences_{std::move(sentence)} { join(); }

Error::Error(std::string context, const std::exception& cause) : sentences_{std::move(context)} {
    if (const auto* inner = dynamic_cast<const Error*>(&cause))
        sentences_.insert(sentences_.end(), inner->sentences_.begin(), inner->sentences_.end());
    else
        sentences_.emplace_back(cause.what());
    join();
}

void Error::join() {
    joined_.clear();
    for (const std::string& sentence : sentences_) {
        if (!joined_.empty()) joined_ += ": ";
        joined_ += sentence;
    }
}

}  // namespace tomoloupe
