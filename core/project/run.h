#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tomoloupe {

/// What run.json holds: everything a run needs, the same for window, command line and cluster.
struct RunConfig {
    std::string kind;         ///< "pretrain", "finetune", "predict", "embed", "explain", "simulate"
    std::string title;        ///< short, for lists: "moco", "25 % labels from 0001"
    nlohmann::json options;   ///< of the kind's options struct, by name
    std::string particleSet;  ///< name
    std::vector<std::string> inputs;  ///< ids of the runs it starts from
    std::uint64_t seed = 1;
    nlohmann::json versions;  ///< program, LibTorch, compiler; filled when created
    std::string created = {};  ///< ISO 8601, UTC; filled when created
    /// Name of the label set that is learnt from or compared with; filled when created. Empty: the one in use (runs of
    /// earlier versions, and kinds that look at no labels).
    std::string labelSet = {};
};

enum class RunState { Prepared, Running, Done, FinishedEarly, Cancelled, Failed, Interrupted };
[[nodiscard]] std::string toText(RunState state);

/// A person's words about a run, and whether it is one to come back to.
struct RunNote {
    bool star = false;
    std::string text;
};

/// Held by the process that works on the run (a lock on the open file `run.lock`); gone with the process, also after SIGKILL.
class RunLock {
  public:
    /// Empty when another process holds it.
    [[nodiscard]] static std::unique_ptr<RunLock> tryAcquire(const std::filesystem::path& runFolder);
    ~RunLock();

  private:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// A run's folder: run.json, metrics.csv, log.txt, model.safetensors, trainer.safetensors, result.json.
/// The state is told from the files: result.json says how it ended; else a held lock means running; else a checkpoint
/// or metrics mean interrupted; else prepared.
class Run {
  public:
    /// Reads run.json. Throws ReadError.
    explicit Run(std::filesystem::path folder);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::string id() const;    ///< "0007"
    [[nodiscard]] const RunConfig& config() const { return config_; }
    [[nodiscard]] RunState state() const;
    /// The project's folder it lies in (two levels up).
    [[nodiscard]] std::filesystem::path projectFolder() const;
    /// result.json; null while there is none.
    [[nodiscard]] nlohmann::json result() const;
    /// Atomic. `state` is one of Done, FinishedEarly, Cancelled, Failed, or Interrupted where the process is gone and somebody else tells
    /// of it; lands in result.json beside `result`.
    void writeResult(RunState state, nlohmann::json result) const;
    /// Removes result.json so that the run can go on.
    void reopen() const;

    /// What a person noted of it; empty where there is none, or none that can be read.
    [[nodiscard]] RunNote note() const;
    /// Atomic; lands in note.json.
    void setNote(const RunNote& note) const;
    /// Has saved the state from which it can go on.
    [[nodiscard]] bool hasCheckpoint() const { return std::filesystem::exists(trainerPath()); }

    [[nodiscard]] std::filesystem::path modelPath() const { return folder_ / "model.safetensors"; }
    [[nodiscard]] std::filesystem::path trainerPath() const { return folder_ / "trainer.safetensors"; }
    [[nodiscard]] std::filesystem::path metricsPath() const { return folder_ / "metrics.csv"; }
    [[nodiscard]] std::filesystem::path logPath() const { return folder_ / "log.txt"; }

  private:
    std::filesystem::path folder_;
    RunConfig config_;
};

[[nodiscard]] nlohmann::json toJson(const RunConfig& config);
[[nodiscard]] RunConfig runConfigFromJson(const nlohmann::json& json);

/// One row of metrics.csv: "name,step,value".
struct MetricPoint {
    std::string name;
    double step = 0;
    double value = 0;
};
/// Tolerates a last line that a crash cut short.
[[nodiscard]] std::vector<MetricPoint> readMetrics(const std::filesystem::path& path);

}  // namespace tomoloupe
