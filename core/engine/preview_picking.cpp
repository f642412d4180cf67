#include <nlohmann/json.hpp>

#include "core/engine/run_jobs.h"
#include "core/pick/dog.h"

namespace tomoloupe {

PickPreview previewPicking(const VolumeFile& file, const std::string& optionsJson, std::int64_t z, const StopToken& stop) {
    PickOptions options;
    fromJson(options.describe(), nlohmann::json::parse(optionsJson));
    DogSlice slice = dogSlice(file, options, z, stop);
    PickPreview preview{std::move(slice.response), {}};
    for (const Peak& peak : slice.peaks) preview.spots.push_back({peak.positionVoxels, peak.score});
    return preview;
}

}  // namespace tomoloupe
