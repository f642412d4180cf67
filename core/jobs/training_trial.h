#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/stop_token.h"

namespace tomoloupe {

/// What a few steps of a training took, and what all of it will.
struct TrainingTrial {
    double stepSeconds = 0;
    std::int64_t stepsPerEpoch = 0, steps = 0;
    double seconds = 0;             ///< of the whole training
    double memoryBytes = 0;         ///< largest, of the training's process
    double deviceMemoryBytes = 0;   ///< of the graphics card; 0 on the CPU
    std::string device;             ///< "cpu", "cuda:0"
    std::string precision;
};
/// Throws ReadError.
[[nodiscard]] TrainingTrial trainingTrialFromJson(const std::string& text);

/// `program measure`, which reads what to try from a file and prints the answer. On a worker. Throws Error, Cancelled.
[[nodiscard]] TrainingTrial tryTraining(const std::filesystem::path& program, const std::string& wish, const StopToken& stop);

struct EncoderFact {
    std::string name, whenToChoose;
    std::int64_t parameters = 0, multiplyAdds = 0;
    bool anyBox = false;      ///< one model takes boxes of every size
    std::string problem = {};  ///< why it cannot take the box; empty when it can
};
[[nodiscard]] std::vector<EncoderFact> encoderFactsFromJson(const std::string& text);

struct DeviceFact {
    std::string name, title;  ///< "cuda:0", "NVIDIA A40"
    double freeBytes = 0, totalBytes = 0;
};
struct MethodFact {
    std::string name, whenToChoose;
};
/// What the engine says of itself.
struct TrainingChoices {
    std::vector<MethodFact> methods;
    std::vector<DeviceFact> devices;  ///< the processor first
};
[[nodiscard]] TrainingChoices trainingChoicesFromJson(const std::string& text);

/// Memory that a new process can have before the system is in need: what Linux says, and less where a control group allows less.
[[nodiscard]] double freeMemoryBytes();
/// What it can have at most.
[[nodiscard]] double totalMemoryBytes();

}  // namespace tomoloupe
