#pragma once

#include <QMainWindow>
#include <QPointer>
#include <QStringList>
#include <array>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "ui/models/workbench.h"
#include "ui/shell/theme.h"
#include "ui/shell/window_parts.h"

class QLabel;
class QMenu;
class QStackedWidget;

namespace tomoloupe {

class ActionList;
struct Command;
struct DroppedFile;
class CommandField;
class DropOverlay;
class ExplainPage;
class GalleryPage;
class HelpPage;
class ImportPage;
class Inspector;
class JobBar;
class MapPage;
class Navigator;
class PanelSplitter;
class Rail;
class ResultsPage;
class RunCard;
class StartPage;
class TomogramPage;
class TrainPage;

/// The window: bars, rail, navigator, pages, inspector, and the one workbench they share. Pages are made when first
/// visited.
class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    using Parts = WindowParts;
    enum Page { Tomogram, Gallery, Map, Train, Results, Explain, Pick, Label, Simulate, PageCount };

    explicit MainWindow(Parts parts);
    ~MainWindow() override;

    /// Something is about to be opened: a plain canvas instead of the start page.
    void expectContent();
    void openProject(const std::filesystem::path& folder);
    /// A tomogram without a project.
    void openTomogram(const std::filesystem::path& file);
    /// The ready project; simulated first when there is none.
    void openDemo();
    void showPage(Page page);
    /// The page to show when the project is open.
    void choosePage(Page page);
    [[nodiscard]] static QStringList pageNames();
    [[nodiscard]] static std::optional<Page> pageNamed(const QString& name);
    /// Once the set is read: this particle.
    void selectParticle(std::int64_t particle) { wantedParticle_ = particle; }
    /// Subtomograms become a set, in the background.
    void importFolder(const std::filesystem::path& folder);
    /// In the background; what cannot be read is told.
    void addTomograms(const std::vector<std::filesystem::path>& files);
    /// A RELION or Warp particle list: shows what it holds, and imports it when that is confirmed.
    void importList(const std::filesystem::path& file);
    /// The current set with labels and newest predictions; *.csv gives a table, all else a STAR file.
    void exportSet(const std::filesystem::path& file);
    /// The file of a tomogram lies elsewhere now; asks before another file is taken for it, unless `force`.
    void relink(const QString& tomogram, const std::filesystem::path& file, bool force = false);
    /// "pretrain" or "finetune" on the train page, at a step: "finetune:3".
    void showWizard(const QString& name);
    /// On the train page.
    void selectRun(const QString& runId);

    [[nodiscard]] ProjectModel& project() { return *project_; }
    [[nodiscard]] JobController& jobs() { return *jobs_; }
    [[nodiscard]] RunLauncher& launcher() { return *launcher_; }
    [[nodiscard]] IoQueue& io() { return *io_; }
    /// Nothing is being read, previewed or laid out.
    [[nodiscard]] bool idle() const;
    [[nodiscard]] ActionList& actions() { return *actions_; }
    [[nodiscard]] GalleryPage* gallery();
    [[nodiscard]] MapPage* map();

  Q_SIGNALS:
    /// After the first frame reached the screen.
    void firstPainted();
    void failed(const QString& sentence);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildFrame();
    QWidget* buildTopBar();
    QWidget* buildWorkspace();
    void buildActions();
    void addFileActions();
    void addPageActions();
    void addWindowActions();
    /// What the command field finds.
    [[nodiscard]] std::vector<Command> commands();
    void addActionCommands(std::vector<Command>& commands);
    void addButtonCommands(std::vector<Command>& commands);
    void addProjectCommands(std::vector<Command>& commands);
    /// Shows the keys of actions where they stand beside a button.
    void tellKeys();
    void toggleHelp();
    void editClasses();
    void compareLabels(const QString& labelSet);
    void editParticlesOf(const QString& set);
    /// The sentence that says why not, else nothing.
    QString storeClassKey(std::int64_t classId, const QKeySequence& key);
    void addLabelSetCommands(std::vector<Command>& commands);
    [[nodiscard]] static QString titleOf(Page page);
    void connectStartPage();
    QWidget* makePage(Page page);
    TrainPage* trainPage();
    ResultsPage* resultsPage();
    ExplainPage* explainPage();
    void showInGallery(const QString& title, const std::vector<std::int64_t>& particles);
    TomogramPage* tomogramPage();
    void projectOpened();
    void showFailure(const QString& sentence);
    void askForProject();
    void askForNewProject();
    void askForTomogram();
    void takeDropped(const std::vector<DroppedFile>& files);
    void askForFileOf(const QString& tomogram);
    void askForFolderToImport();
    void askForListToImport();
    void askForExport();
    void showNextList();
    /// The list that is being looked at, which another page has covered.
    void showWaitingList();
    [[nodiscard]] static QString listName(const std::filesystem::path& file);
    void dropLists();
    void simulateDemo();
    void showWhatRunMade(const QString& runId);
    void setTheme(Theme theme);
    void placePanels();
    void restoreSettings();
    void rememberProject();
    [[nodiscard]] QStringList recentProjects() const;
    [[nodiscard]] Workbench bench() {
        return {parts_.readers, *io_, *jobs_, *project_, *launcher_, *previewQueue_, parts_.previews, parts_.remember};
    }

    Parts parts_;
    std::unique_ptr<IoQueue> io_, previewQueue_;
    std::unique_ptr<JobController> jobs_;
    std::unique_ptr<ProjectModel> project_;
    std::unique_ptr<RunLauncher> launcher_;
    QStackedWidget* body_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QStackedWidget* side_ = nullptr;
    PanelSplitter* panels_ = nullptr;
    ActionList* actions_ = nullptr;
    CommandField* commandField_ = nullptr;
    DropOverlay* dropOverlay_ = nullptr;
    HelpPage* help_ = nullptr;
    QPointer<QWidget> beforeHelp_;
    ImportPage* importPage_ = nullptr;
    std::deque<std::filesystem::path> listsWaiting_;
    std::array<QWidget*, PageCount> made_{};
    QWidget* workspace_ = nullptr;
    StartPage* start_ = nullptr;
    Rail* rail_ = nullptr;
    Navigator* navigator_ = nullptr;
    Inspector* inspector_ = nullptr;
    RunCard* runCard_ = nullptr;
    JobBar* jobBar_ = nullptr;
    QLabel* projectName_ = nullptr;
    QMenu* menu_ = nullptr;
    std::optional<std::int64_t> wantedParticle_;
    Page page_ = Tomogram;
    Theme theme_ = Theme::Dark;
    bool navigatorHidden_ = false, inspectorHidden_ = false;
    bool painted_ = false;
    bool pageChosen_ = false;
    bool demoWanted_ = false;
    bool closing_ = false;  // waits for what runs to finish
};

}  // namespace tomoloupe
