#include <fmt/format.h>

#include <array>
#include <system_error>
#include <unistd.h>

#include "core/base/atomic_file.h"
#include "core/project/project_impl.h"
#include "core/project/run_folders.h"

namespace tomoloupe {
namespace {

constexpr std::array kFiles{"metrics.csv", "log.txt", "model.safetensors", "trainer.safetensors", "result.json", "split.json", "note.json"};

/// Gone with its content unless it is kept.
class PassingFolder {
  public:
    explicit PassingFolder(std::filesystem::path path) : path_(std::move(path)) {
        std::error_code error;
        std::filesystem::create_directories(path_, error);
        if (error) throw Error(fmt::format("Cannot make the folder {}: {}", path_.string(), error.message()));
    }
    ~PassingFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    PassingFolder(const PassingFolder&) = delete;
    PassingFolder& operator=(const PassingFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

void checkImportable(const Run& run, const std::filesystem::path& runs) {
    std::error_code error;
    if (std::filesystem::equivalent(run.folder().parent_path(), runs, error))
        throw Error(fmt::format("Run {} is of this project already", run.id()));
    const RunState state = run.state();
    if (state == RunState::Running)
        throw Error(fmt::format("The run in {} is at work at this moment; import it when it has ended, or has been stopped", run.folder().string()));
    const bool ended = state == RunState::Done || state == RunState::FinishedEarly;
    if (ended && (run.config().kind == "pretrain" || run.config().kind == "finetune") && !std::filesystem::exists(run.modelPath()))
        throw Error(fmt::format("{} has ended but brings no model.safetensors; copy the whole folder and try again", run.folder().string()));
    for (const std::string& input : run.config().inputs)
        if (!ended && !std::filesystem::is_regular_file(input))
            throw Error(fmt::format("The run in {} has not ended and starts from run {} of the project it was made in. Let it end there, and "
                                    "import it then", run.folder().string(), input));
}

void copyFiles(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::uintmax_t bytes = 0;
    std::error_code error;
    for (const char* name : kFiles)
        if (std::filesystem::is_regular_file(from / name)) bytes += std::filesystem::file_size(from / name);
    if (const auto space = std::filesystem::space(to, error); !error && space.available < bytes)
        throw Error(fmt::format("The disk has {:.1f} GB left, and the run needs {:.1f}; make room and try again", double(space.available) / 1e9,
                                double(bytes) / 1e9));
    for (const char* name : kFiles) {
        if (!std::filesystem::is_regular_file(from / name)) continue;
        std::filesystem::copy_file(from / name, to / name, error);
        if (error) throw Error(fmt::format("Cannot copy {}: {}", (from / name).string(), error.message()));
    }
}

/// What the run hangs on lies in another project, where its numbers mean other runs.
RunConfig configHere(const Run& run) {
    RunConfig config = run.config();
    if (!config.versions.is_object()) config.versions = nlohmann::json::object();
    config.versions["imported-from"] = run.folder().filename().string();
    std::vector<std::string> files;
    for (const std::string& input : config.inputs) {
        if (std::filesystem::is_regular_file(input))
            files.push_back(input);
        else
            config.versions["imported-inputs"].push_back(input);
    }
    config.inputs = std::move(files);
    return config;
}

}  // namespace

Run Project::importRun(const std::filesystem::path& folder) {
    const Run run(folder);
    const std::filesystem::path runs = impl_->folder / "runs";
    checkImportable(run, runs);
    const PassingFolder passing(runs / fmt::format(".import-{}", ::getpid()));
    copyFiles(run.folder(), passing.path());
    const RunConfig config = configHere(run);
    writeAtomically(passing.path() / "run.json", toJson(config).dump(2) + "\n");
    const std::filesystem::path made = impl_->locked("import a run", [&] {
        return impl_->database.write([&] { return makeRunFolder(runs, config); });
    });
    std::error_code error;
    std::filesystem::rename(passing.path(), made, error);  // over the empty folder
    if (error) throw Error(fmt::format("Cannot put the run into {}: {}", made.string(), error.message()));
    return Run(made);
}

}  // namespace tomoloupe
