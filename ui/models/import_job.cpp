#include "ui/models/import_job.h"

#include <algorithm>

#include "core/project/import.h"

namespace tomoloupe {
namespace {

/// `wanted`, or `wanted 2`, `wanted 3` ... where a set has that name already.
std::string freeName(const Project& project, const std::string& wanted) {
    const auto sets = project.particleSets();
    auto taken = [&](const std::string& name) {
        return std::any_of(sets.begin(), sets.end(), [&](const ParticleSetRecord& set) { return set.name == name; });
    };
    std::string name = wanted;
    for (int number = 2; taken(name); ++number) name = wanted + ' ' + std::to_string(number);
    return name;
}

void tell(const ImportedSet& imported, JobContext& context) {
    for (const std::string& warning : imported.warnings) context.log(LogLevel::Warning, warning);
}

class FolderImportJob : public Job {
  public:
    FolderImportJob(std::filesystem::path project, std::shared_ptr<const ReaderRegistry> readers,
                    std::filesystem::path folder)
        : project_(std::move(project)), readers_(std::move(readers)), folder_(std::move(folder)) {}

    void run(JobContext& context) override {
        context.beginStage("Reading subtomograms");
        const auto project = Project::open(project_);
        FolderImportOptions options;
        options.folder = folder_;
        if (std::filesystem::exists(folder_ / "labels.csv")) options.labelsCsv = folder_ / "labels.csv";
        options.labelsFromFolders = options.labelsCsv.empty() && hasFolders();
        const auto progress = [&](std::int64_t done, std::int64_t total) {
            context.progress(double(done), double(total));
        };
        tell(importSubtomograms(*project, *readers_, options, freeName(*project, folder_.filename().string()), progress,
                                context.stop()),
             context);
    }

  private:
    [[nodiscard]] bool hasFolders() const {
        const std::filesystem::directory_iterator entries(folder_), end;
        return std::any_of(entries, end, [](const auto& entry) { return entry.is_directory(); });
    }

    std::filesystem::path project_;
    std::shared_ptr<const ReaderRegistry> readers_;
    std::filesystem::path folder_;
};

class ListImportJob : public Job {
  public:
    ListImportJob(std::filesystem::path project, std::filesystem::path file)
        : project_(std::move(project)), file_(std::move(file)) {}

    void run(JobContext& context) override {
        context.beginStage("Reading particles");
        const auto project = Project::open(project_);
        const auto tomograms = project->tomograms();
        // A list that names no tomogram can only mean the one there is; with several, each row has to name its own.
        const std::string tomogram = tomograms.size() == 1 ? tomograms.front().name : std::string();
        tell(importParticles(*project, file_, tomogram, freeName(*project, file_.stem().string())), context);
        context.progress(1, 1);
    }

  private:
    std::filesystem::path project_, file_;
};

}  // namespace

std::unique_ptr<Job> makeFolderImportJob(const std::filesystem::path& project,
                                         std::shared_ptr<const ReaderRegistry> readers,
                                         const std::filesystem::path& folder) {
    return std::make_unique<FolderImportJob>(project, std::move(readers), folder);
}

std::unique_ptr<Job> makeListImportJob(const std::filesystem::path& project, const std::filesystem::path& starFile) {
    return std::make_unique<ListImportJob>(project, starFile);
}

}  // namespace tomoloupe
