#include "ui/models/import_job.h"

#include <algorithm>

#include "ui/models/list_preview.h"

namespace tomoloupe {
namespace {

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
        tell(importSubtomograms(*project, *readers_, options,
                                freeSetName(project->particleSets(), folder_.filename().string()), progress,
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
    ListImportJob(std::filesystem::path project, std::filesystem::path file, ListImportOptions options,
                  std::string setName)
        : project_(std::move(project)),
          file_(std::move(file)),
          options_(std::move(options)),
          setName_(std::move(setName)) {}

    void run(JobContext& context) override {
        context.beginStage("Reading particles");
        const auto project = Project::open(project_);
        tell(importParticles(*project, file_, options_, freeSetName(project->particleSets(), setName_)), context);
        context.progress(1, 1);
    }

  private:
    std::filesystem::path project_, file_;
    ListImportOptions options_;
    std::string setName_;
};

}  // namespace

std::unique_ptr<Job> makeFolderImportJob(const std::filesystem::path& project,
                                         std::shared_ptr<const ReaderRegistry> readers,
                                         const std::filesystem::path& folder) {
    return std::make_unique<FolderImportJob>(project, std::move(readers), folder);
}

std::unique_ptr<Job> makeListImportJob(const std::filesystem::path& project, const std::filesystem::path& starFile,
                                       const ListImportOptions& options, const std::string& setName) {
    return std::make_unique<ListImportJob>(project, starFile, options, setName);
}

}  // namespace tomoloupe
