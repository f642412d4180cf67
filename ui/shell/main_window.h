#pragma once

#include <QMainWindow>
#include <QStringList>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include "ui/models/workbench.h"
#include "ui/shell/theme.h"

class QLabel;
class QMenu;
class QStackedWidget;

namespace tomoloupe {

class ExplainPage;
class GalleryPage;
class Inspector;
class JobBar;
class Navigator;
class Rail;
class RunCard;
class StartPage;
class TomogramPage;
class TrainPage;

/// The window: bars, rail, navigator, pages, inspector, and the one workbench they share. Pages are made when first
/// visited.
class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    /// What the program wires in.
    struct Parts {
        std::shared_ptr<const ReaderRegistry> readers;
        std::unique_ptr<JobRunner> computeRunner;
        std::unique_ptr<JobRunner> ioRunner;
        std::unique_ptr<JobRunner> previewRunner;
        RunLauncher::MakeJob makeJob;
        PreviewEngine previews;
        std::filesystem::path demoFolder;
        bool remember = true;  ///< panels, theme and recent projects
    };
    enum Page { Tomogram, Gallery, Train, Explain, Pick, Simulate, PageCount };

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
    [[nodiscard]] static std::optional<Page> pageNamed(const QString& name);
    /// Once the set is read: this particle.
    void selectParticle(std::int64_t particle) { wantedParticle_ = particle; }
    /// Subtomograms become a set, in the background.
    void importFolder(const std::filesystem::path& folder);
    /// On the train page.
    void selectRun(const QString& runId);

    [[nodiscard]] ProjectModel& project() { return *project_; }
    [[nodiscard]] JobController& jobs() { return *jobs_; }
    [[nodiscard]] IoQueue& io() { return *io_; }
    /// Nothing is being read or previewed.
    [[nodiscard]] bool idle() const { return io_->idle() && previewQueue_->idle(); }
    [[nodiscard]] GalleryPage* gallery();

  Q_SIGNALS:
    /// After the first frame reached the screen.
    void firstPainted();
    void failed(const QString& sentence);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

  private:
    void buildFrame();
    QWidget* buildTopBar();
    QWidget* buildWorkspace();
    void buildActions();
    QAction* addShortcut(const QString& text, const char* name, const QKeySequence& key,
                         const std::function<void()>& does);
    void connectStartPage();
    QWidget* makePage(Page page);
    TrainPage* trainPage();
    ExplainPage* explainPage();
    TomogramPage* tomogramPage();
    void projectOpened();
    void showFailure(const QString& sentence);
    void askForProject();
    void askForNewProject();
    void askForTomogram();
    void addTomogram(const std::filesystem::path& file);
    void askForFolderToImport();
    void askForListToImport();
    void simulateDemo();
    void setTheme(Theme theme);
    void foldPanels();
    void restoreSettings();
    void rememberProject();
    [[nodiscard]] QStringList recentProjects() const;
    [[nodiscard]] Workbench bench() { return {parts_.readers, *io_, *jobs_, *project_, *launcher_, *previewQueue_, parts_.previews}; }

    Parts parts_;
    std::unique_ptr<IoQueue> io_, previewQueue_;
    std::unique_ptr<JobController> jobs_;
    std::unique_ptr<ProjectModel> project_;
    std::unique_ptr<RunLauncher> launcher_;
    QStackedWidget* body_ = nullptr;
    QStackedWidget* pages_ = nullptr;
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
