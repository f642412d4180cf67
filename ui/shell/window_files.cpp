#include <QFileDialog>
#include <QStackedWidget>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/project/export.h"
#include "core/project/import.h"
#include "core/recipe/built_in_recipes.h"
#include "ui/bridge/text.h"
#include "ui/models/dropped_files.h"
#include "ui/models/import_job.h"
#include "ui/panels/import_page.h"
#include "ui/panels/job_bar.h"
#include "ui/panels/navigator.h"
#include "ui/shell/main_window.h"

namespace tomoloupe {
namespace {

constexpr const char* kDemoSet = "demo";
constexpr const char* kDemoTruth = "truth";

}  // namespace

void MainWindow::askForProject() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project (a folder NAME.tomoloupe)"));
    if (!folder.isEmpty()) openProject(folder.toStdString());
}

void MainWindow::askForNewProject() {
    QString folder = QFileDialog::getSaveFileName(this, tr("New project"), QStringLiteral("project.tomoloupe"));
    if (folder.isEmpty()) return;
    if (!folder.endsWith(QLatin1String(".tomoloupe"))) folder += QStringLiteral(".tomoloupe");
    io_->post(
        this, [path = std::filesystem::path(folder.toStdString())] { return Project::create(path)->folder(); },
        [this](const std::filesystem::path& made) { openProject(made); },
        [this](const QString& sentence) { showFailure(sentence); });
}

void MainWindow::askForTomogram() {
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Open tomograms"), {},
        tr("Volumes (*.mrc *.rec *.map *.ccp4 *.st *.tif *.tiff *.h5 *.gz *.bz2);;All files (*)"));
    if (files.isEmpty()) return;
    if (!project_->isOpen()) return openTomogram(files.front().toStdString());
    std::vector<std::filesystem::path> paths;
    for (const QString& file : files) paths.emplace_back(file.toStdString());
    addTomograms(paths);
}

void MainWindow::addTomograms(const std::vector<std::filesystem::path>& files) {
    struct Added {
        std::string last;
        QStringList problems;
    };
    io_->post(
        this,
        [readers = parts_.readers, project = project_->project(), files] {
            Added added;
            for (const auto& file : files) {  // one that is broken does not keep the others out
                try {
                    added.last = importTomogram(*project, *readers, file).name;
                } catch (const std::exception& error) {
                    added.problems.append(toQString(error.what()));
                }
            }
            return added;
        },
        [this](const Added& added) {
            if (!added.problems.isEmpty()) showFailure(added.problems.join(QChar('\n')));
            if (added.last.empty()) return;
            project_->refresh();
            project_->setCurrentTomogram(toQString(added.last));
            showPage(Tomogram);
        },
        [this](const QString& sentence) { showFailure(sentence); });
}

void MainWindow::takeDropped(const std::vector<DroppedFile>& files) {
    const auto first = [&](DropKind kind) {
        return std::find_if(files.begin(), files.end(), [kind](const DroppedFile& file) { return file.kind == kind; });
    };
    if (const auto project = first(DropKind::Project); project != files.end()) return openProject(project->path);
    if (!project_->isOpen()) {
        if (const auto tomogram = first(DropKind::Tomogram); tomogram != files.end()) openTomogram(tomogram->path);
        return;
    }
    std::vector<std::filesystem::path> tomograms;
    for (const DroppedFile& file : files) {
        if (file.kind == DropKind::Tomogram) tomograms.push_back(file.path);
        if (file.kind == DropKind::ParticleFolder) importFolder(file.path);
        if (file.kind == DropKind::ParticleList) importList(file.path);
    }
    if (!tomograms.empty()) addTomograms(tomograms);
}

void MainWindow::askForFileOf(const QString& tomogram) {
    const QString file = QFileDialog::getOpenFileName(this, tr("Where the file of %1 lies now").arg(tomogram));
    if (!file.isEmpty()) relink(tomogram, file.toStdString());
}

namespace {

struct Relinked {
    QString question;  ///< empty: it is done
    int others = 0;    ///< found in the same folder
};

/// Others that moved the same way lie beside it, under the names they had.
int relinkNeighbours(Project& project, const std::filesystem::path& file) {
    int found = 0;
    for (const TomogramRecord& record : project.tomograms()) {
        std::error_code error;
        const std::filesystem::path candidate = file.parent_path() / record.path.filename();
        if (std::filesystem::exists(record.path, error) || !std::filesystem::exists(candidate, error)) continue;
        try {
            project.relinkTomogram(record.name, candidate, false);
            ++found;
        } catch (const Error&) {
            continue;  // another file of that name: stays missing, and is shown so
        }
    }
    return found;
}

}  // namespace

void MainWindow::relink(const QString& tomogram, const std::filesystem::path& file, bool force) {
    io_->post(
        this,
        [project = project_->project(), name = tomogram.toStdString(), file, force] {
            Relinked done;
            try {
                project->relinkTomogram(name, file, force);
                done.others = relinkNeighbours(*project, file);
            } catch (const ReadError&) {
                throw;
            } catch (const Error&) {  // readable, and not what it was
                if (force) throw;
                done.question = tr("%1 is not the file that %2 was: its beginning differs. Particles keep their "
                                   "positions in voxels.")
                                    .arg(toQString(file.filename().string()), toQString(name));
            }
            return done;
        },
        [this, tomogram, file](const Relinked& done) {
            NoticeStrip& notice = jobBar_->notice();
            if (!done.question.isEmpty()) {
                return notice.tell(
                    NoticeStrip::Kind::Warn, done.question,
                    {{tr("Use it all the same"), [this, tomogram, file] { relink(tomogram, file, true); }}});
            }
            notice.tell(NoticeStrip::Kind::Good,
                        done.others > 0
                            ? tr("%1 is found again, and %n other(s) beside it", nullptr, done.others).arg(tomogram)
                            : tr("%1 is found again").arg(tomogram));
            project_->refresh();
        },
        [this](const QString& sentence) { showFailure(sentence); });
}

void MainWindow::askForFolderToImport() {
    if (!project_->isOpen()) return askForNewProject();
    const QString folder = QFileDialog::getExistingDirectory(this, tr("A folder of subtomograms, one volume a file"));
    if (!folder.isEmpty()) importFolder(folder.toStdString());
}

void MainWindow::importFolder(const std::filesystem::path& folder) {
    const auto make = [project = project_->project()->folder(), readers = parts_.readers, folder] {
        return makeFolderImportJob(project, readers, folder);
    };
    jobs_->start({.title = tr("Import %1").arg(QString::fromStdString(folder.filename().string())).toStdString(),
                  .make = make,
                  .runFolder = {}});
    showPage(Gallery);
}

void MainWindow::askForListToImport() {
    if (!project_->isOpen()) return askForNewProject();
    const QString file = QFileDialog::getOpenFileName(this, tr("A RELION or Warp particle list"), {},
                                                      tr("Particle lists (*.star);;All files (*)"));
    if (!file.isEmpty()) importList(file.toStdString());
}

void MainWindow::importList(const std::filesystem::path& file) {
    listsWaiting_.push_back(file);
    if (importPage_)
        showWaitingList();
    else
        showNextList();
}

QString MainWindow::listName(const std::filesystem::path& file) {
    return QString::fromStdString(file.filename().string());
}

void MainWindow::showWaitingList() {
    if (!importPage_) return;
    jobBar_->notice().dismiss();
    pages_->setCurrentWidget(importPage_);
    body_->setCurrentWidget(workspace_);
    placePanels();
}

void MainWindow::dropLists() {
    listsWaiting_.clear();
    if (importPage_) showNextList();
}

/// One list at a time; the next one when this is taken, or not.
void MainWindow::showNextList() {
    if (importPage_) {
        const bool inSight = pages_->currentWidget() == importPage_;
        importPage_->deleteLater();
        importPage_ = nullptr;
        if (inSight) showPage(page_);
    }
    if (workspace_) navigator_->setWaitingList(listsWaiting_.empty() ? QString() : listName(listsWaiting_.front()));
    if (listsWaiting_.empty() || !workspace_) return;
    importPage_ = new ImportPage(bench(), listsWaiting_.front(), pages_);
    listsWaiting_.pop_front();
    pages_->addWidget(importPage_);
    pages_->setCurrentWidget(importPage_);
    body_->setCurrentWidget(workspace_);
    placePanels();
    connect(importPage_, &ImportPage::cancelled, this, &MainWindow::showNextList);
    connect(importPage_, &ImportPage::importWanted, this, [this] {
        const auto make = [project = project_->project()->folder(), file = importPage_->file(),
                           options = importPage_->options(), name = importPage_->setName().toStdString()] {
            return makeListImportJob(project, file, options, name);
        };
        jobs_->start(
            {.title = tr("Import %1").arg(importPage_->setName()).toStdString(), .make = make, .runFolder = {}});
        showNextList();
    });
}

void MainWindow::askForExport() {
    if (!project_->set()) return showFailure(tr("There is no particle set to export: choose one in the navigator."));
    QFileDialog dialog(this, tr("Export %1 with its labels and predictions").arg(toQString(project_->set()->record.name)), {},
                       tr("RELION (*.star);;Table (*.csv)"));
    dialog.setObjectName(QStringLiteral("exportDialog"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("star"));
    connect(&dialog, &QFileDialog::filterSelected, &dialog, [&dialog](const QString& filter) {
        dialog.setDefaultSuffix(filter.contains(QLatin1String("csv")) ? QStringLiteral("csv") : QStringLiteral("star"));
    });
    dialog.selectFile(toQString(project_->set()->record.name));
    if (dialog.exec() == QDialog::Accepted) exportSet(dialog.selectedFiles().front().toStdString());
}

void MainWindow::exportSet(const std::filesystem::path& file) {
    ExportOptions options;
    options.setName = project_->set()->record.name;
    options.format = file.extension() == ".csv" ? ExportFormat::Csv : ExportFormat::Star;
    options.predictionRun = project_->set()->predictions.runId;
    io_->post(
        this, [project = project_->project(), options, file] { return exportParticles(*project, options, file); },
        [this, file](const ExportCounts& counts) {
            jobBar_->notice().tell(NoticeStrip::Kind::Good,
                                   tr("%1: %2 particles, %3 labelled, %4 predicted")
                                       .arg(toQString(file.string())).arg(counts.particles).arg(counts.labelled)
                                       .arg(counts.predicted));
        },
        [this](const QString& sentence) { showFailure(sentence); });
}

void MainWindow::showWhatRunMade(const QString& runId) {
    for (const RunRow& row : project_->contents().runs) {
        const RunConfig& config = row.run.config();
        if (toQString(row.run.id()) != runId || row.state == RunState::Failed) continue;
        if (config.kind == "explain") return showPage(Explain);
        if (config.kind != "simulate" && config.kind != "pick") break;
        project_->setCurrentSet(toQString(config.particleSet));
        return showPage(config.kind == "pick" ? Tomogram : Gallery);  // what was picked has no pictures yet
    }
    selectRun(runId);
}

void MainWindow::openDemo() {
    const std::filesystem::path folder = parts_.demoFolder / "demo.tomoloupe";
    demoWanted_ = true;
    io_->post(
        this,
        [folder] {
            if (std::filesystem::exists(folder / "project.db")) return folder;
            std::filesystem::create_directories(folder.parent_path());
            return Project::create(folder)->folder();
        },
        [this](const std::filesystem::path& made) { openProject(made); },
        [this](const QString& sentence) { showFailure(sentence); });
}

/// The demo project is open: its particles are made unless they are there.
void MainWindow::simulateDemo() {
    demoWanted_ = false;
    if (!project_->contents().sets.empty()) return;
    RunConfig config;
    config.kind = "simulate";
    config.title = kDemoSet;
    config.options = builtInRecipe("demo").at("simulate");
    config.options["label-set"] = kDemoTruth;  // the labels in use are left for a person to give, and to compare
    config.particleSet = kDemoSet;
    launcher_->start(config);
}

}  // namespace tomoloupe
