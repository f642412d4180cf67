#include "ui/shell/main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/project/import.h"
#include "core/recipe/built_in_recipes.h"
#include "ui/bridge/text.h"
#include "ui/models/import_job.h"
#include "ui/panels/explain_page.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/job_bar.h"
#include "ui/panels/navigator.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/panels/pick_page.h"
#include "ui/panels/run_card.h"
#include "ui/panels/simulate_page.h"
#include "ui/panels/start_page.h"
#include "ui/panels/tomogram_page.h"
#include "ui/panels/train_page.h"
#include "ui/shell/rail.h"

namespace tomoloupe {
namespace {

constexpr int kFoldWidth = 1280;  // up to here the navigator shows marks only
constexpr int kRecent = 5;
constexpr const char* kDemoSet = "demo";

}  // namespace

MainWindow::MainWindow(Parts parts) : parts_(std::move(parts)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Tomoloupe"));
    io_ = std::make_unique<IoQueue>(std::move(parts_.ioRunner));
    previewQueue_ = std::make_unique<IoQueue>(std::move(parts_.previewRunner));
    jobs_ = std::make_unique<JobController>(std::move(parts_.computeRunner));
    project_ = std::make_unique<ProjectModel>(*io_);
    launcher_ = std::make_unique<RunLauncher>(*project_, *jobs_, parts_.makeJob);
    buildFrame();
    buildActions();
    connect(project_.get(), &ProjectModel::opened, this, &MainWindow::projectOpened);
    connect(project_.get(), &ProjectModel::failed, this, &MainWindow::showFailure);
    connect(project_.get(), &ProjectModel::setChanged, this, [this] {
        if (wantedParticle_) project_->setCurrentParticle(*std::exchange(wantedParticle_, std::nullopt));
    });
    restoreSettings();
    resize(1440, 900);
}

MainWindow::~MainWindow() {
    jobs_->disconnect(this);
    delete takeCentralWidget();  // the panels, before what they were given
}

void MainWindow::buildFrame() {
    auto* central = new QWidget(this);
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTopBar());
    body_ = new QStackedWidget(central);
    start_ = new StartPage(body_);
    body_->addWidget(start_);
    column->addWidget(body_, 1);
    jobBar_ = new JobBar(bench(), central);
    column->addWidget(jobBar_);
    setCentralWidget(central);
    connectStartPage();
}

QWidget* MainWindow::buildTopBar() {
    auto* bar = new QWidget;
    bar->setProperty("role", QStringLiteral("topbar"));
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setFixedHeight(40);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(12);
    row->addWidget(makeLabel(tr("Tomoloupe"), "strong", bar));
    projectName_ = makeLabel({}, "muted", bar);
    projectName_->setObjectName(QStringLiteral("projectName"));
    row->addWidget(projectName_);
    row->addStretch(1);
    QPushButton* button = makeButton(tr("Menu"), "menuButton", bar);
    menu_ = new QMenu(bar);
    menu_->setObjectName(QStringLiteral("mainMenu"));
    button->setMenu(menu_);
    row->addWidget(button);
    return bar;
}

/// Rail, navigator, pages, inspector; made when the first project or tomogram opens, so that the start page comes up
/// fast.
QWidget* MainWindow::buildWorkspace() {
    auto* workspace = new QWidget(body_);
    auto* row = new QHBoxLayout(workspace);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    rail_ = new Rail({{QStringLiteral("tomogram"), tr("Tomogram")},
                      {QStringLiteral("gallery"), tr("Gallery")},
                      {QStringLiteral("train"), tr("Train")},
                      {QStringLiteral("explain"), tr("Explain")},
                      {QStringLiteral("pick"), tr("Pick"), true},
                      {QStringLiteral("simulate"), tr("Simulate")}},
                     workspace);
    navigator_ = new Navigator(bench(), workspace);
    pages_ = new QStackedWidget(workspace);
    pages_->setSizePolicy(QSizePolicy::Ignored,
                          QSizePolicy::Ignored);  // a page shrinks with the window, whatever its tools ask for
    inspector_ = new Inspector(bench(), workspace);
    navigator_->hide();  // until a project is there, so that they cannot widen the window
    inspector_->hide();
    runCard_ = new RunCard(bench(), workspace);
    runCard_->hide();
    row->addWidget(rail_);
    row->addWidget(navigator_);
    row->addWidget(pages_, 1);
    row->addWidget(inspector_);
    row->addWidget(runCard_);
    connect(rail_, &Rail::chosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(navigator_, &Navigator::tomogramChosen, this, [this] {
        if (page_ != Pick) showPage(Tomogram);
    });
    connect(navigator_, &Navigator::setChosen, this, [this] {
        if (page_ == Tomogram) showPage(Gallery);
    });
    connect(navigator_, &Navigator::runChosen, this, &MainWindow::selectRun);
    connect(inspector_, &Inspector::explainWanted, this, [this] {
        showPage(Explain);
        explainPage()->explain();
    });
    body_->addWidget(workspace);
    return workspace;
}

QAction* MainWindow::addShortcut(const QString& text, const char* name, const QKeySequence& key,
                                 const std::function<void()>& does) {
    auto* action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcut(key);
    addAction(action);
    menu_->addAction(action);
    connect(action, &QAction::triggered, this, does);
    return action;
}

void MainWindow::buildActions() {
    addShortcut(tr("Open a project…"), "actionOpenProject", QKeySequence::Open, [this] { askForProject(); });
    addShortcut(tr("New project…"), "actionNewProject", QKeySequence::New, [this] { askForNewProject(); });
    addShortcut(tr("Add or open a tomogram…"), "actionOpenTomogram", QKeySequence(Qt::CTRL | Qt::Key_T),
                [this] { askForTomogram(); });
    addShortcut(tr("Import a folder of subtomograms…"), "actionImportFolder", QKeySequence(Qt::CTRL | Qt::Key_I),
                [this] { askForFolderToImport(); });
    addShortcut(tr("Import a particle list…"), "actionImportList", {}, [this] { askForListToImport(); });
    addShortcut(tr("Demo project"), "actionDemo", {}, [this] { openDemo(); });
    menu_->addSeparator();
    addShortcut(tr("Undo label"), "actionUndo", QKeySequence(Qt::CTRL | Qt::Key_Z), [this] { project_->undoLabels(); });
    addShortcut(tr("Redo label"), "actionRedo", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z),
                [this] { project_->redoLabels(); });
    menu_->addSeparator();
    const QStringList titles{tr("Tomogram"), tr("Gallery"), tr("Train"), tr("Explain"), tr("Pick"), tr("Simulate")};
    for (int page = 0; page < PageCount; ++page) {
        addShortcut(titles[page], "actionPage", QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page)),
                    [this, page] {
                        if (workspace_) showPage(static_cast<Page>(page));
                    });
    }
    menu_->addSeparator();
    addShortcut(tr("Show or hide the navigator"), "actionNavigator", Qt::Key_F6, [this] {
        navigatorHidden_ = !navigatorHidden_;
        foldPanels();
    });
    addShortcut(tr("Show or hide the inspector"), "actionInspector", Qt::Key_F7, [this] {
        inspectorHidden_ = !inspectorHidden_;
        foldPanels();
    });
    addShortcut(tr("Light or dark"), "actionTheme", Qt::Key_F8,
                [this] { setTheme(theme_ == Theme::Dark ? Theme::Light : Theme::Dark); });
    menu_->addSeparator();
    addShortcut(tr("Quit"), "actionQuit", QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); });
}

void MainWindow::connectStartPage() {
    connect(start_, &StartPage::openProjectWanted, this, &MainWindow::askForProject);
    connect(start_, &StartPage::newProjectWanted, this, &MainWindow::askForNewProject);
    connect(start_, &StartPage::openTomogramWanted, this, &MainWindow::askForTomogram);
    connect(start_, &StartPage::demoWanted, this, &MainWindow::openDemo);
    connect(start_, &StartPage::recentWanted, this,
            [this](const QString& folder) { openProject(folder.toStdString()); });
}

std::optional<MainWindow::Page> MainWindow::pageNamed(const QString& name) {
    const int at = static_cast<int>(QStringList{"tomogram", "gallery", "train", "explain", "pick", "simulate"}.indexOf(name.toLower()));
    return at < 0 ? std::nullopt : std::optional(static_cast<Page>(at));
}

QWidget* MainWindow::makePage(Page page) {
    QWidget*& made = made_[page];
    if (made) return made;
    if (!workspace_) workspace_ = buildWorkspace();
    switch (page) {
        case Tomogram: {
            auto* tomogram = new TomogramPage(bench(), pages_);
            connect(tomogram, &TomogramPage::addTomogramWanted, this, &MainWindow::askForTomogram);
            made = tomogram;
            break;
        }
        case Gallery: {
            auto* gallery = new GalleryPage(bench(), pages_);
            connect(gallery, &GalleryPage::importWanted, this, &MainWindow::askForFolderToImport);
            made = gallery;
            break;
        }
        case Train: {
            auto* train = new TrainPage(bench(), pages_);
            connect(train, &TrainPage::runChosen, runCard_, &RunCard::setRun);
            train->announceRun();
            made = train;
            break;
        }
        case Explain: {
            auto* explain = new ExplainPage(bench(), pages_);
            connect(explain, &ExplainPage::trainWanted, this, [this] { showPage(Train); });
            made = explain;
            break;
        }
        case Pick: {
            auto* pick = new PickPage(bench(), pages_);
            connect(pick, &PickPage::addTomogramWanted, this, &MainWindow::askForTomogram);
            connect(pick, &PickPage::showTomogramWanted, this, [this] { showPage(Tomogram); });
            made = pick;
            break;
        }
        case Simulate:
            made = new SimulatePage(bench(), pages_);
            break;
        case PageCount:
            break;
    }
    pages_->addWidget(made);
    return made;
}

GalleryPage* MainWindow::gallery() {
    return static_cast<GalleryPage*>(makePage(Gallery));
}
TrainPage* MainWindow::trainPage() {
    return static_cast<TrainPage*>(makePage(Train));
}
ExplainPage* MainWindow::explainPage() {
    return static_cast<ExplainPage*>(makePage(Explain));
}
TomogramPage* MainWindow::tomogramPage() {
    return static_cast<TomogramPage*>(makePage(Tomogram));
}

void MainWindow::choosePage(Page page) {
    page_ = page;
    pageChosen_ = true;
}

void MainWindow::showPage(Page page) {
    page_ = page;
    pageChosen_ = true;
    QWidget* widget = makePage(page);
    pages_->setCurrentWidget(widget);
    rail_->setCurrent(page);
    body_->setCurrentWidget(workspace_);
    foldPanels();
}

void MainWindow::selectRun(const QString& runId) {
    showPage(Train);
    trainPage()->selectRun(runId);
}

void MainWindow::expectContent() {
    auto* blank = new QWidget(body_);
    blank->setProperty("role", QStringLiteral("canvas"));
    body_->addWidget(blank);
    body_->setCurrentWidget(blank);
}

void MainWindow::openProject(const std::filesystem::path& folder) {
    start_->setMessage(tr("Opening %1…").arg(QString::fromStdString(folder.filename().string())), false);
    project_->open(folder);
}

void MainWindow::projectOpened() {
    projectName_->setText(QString::fromStdString(project_->project()->folder().filename().string()));
    setWindowTitle(tr("%1 – Tomoloupe").arg(project_->name()));
    rememberProject();
    start_->setMessage({}, false);
    const bool tomograms = !project_->contents().tomograms.empty();
    showPage(pageChosen_ ? page_ : tomograms ? Tomogram : Gallery);
    if (demoWanted_) simulateDemo();
}

void MainWindow::openTomogram(const std::filesystem::path& file) {
    projectName_->setText(QString::fromStdString(file.filename().string()));
    showPage(Tomogram);
    tomogramPage()->openFile(file);
}

void MainWindow::showFailure(const QString& sentence) {
    start_->setMessage(sentence, true);
    if (workspace_) {
        jobBar_->showMessage(sentence);
    } else {
        body_->setCurrentWidget(start_);
    }
    Q_EMIT failed(sentence);
}

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
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open a tomogram"), {},
        tr("Volumes (*.mrc *.rec *.map *.ccp4 *.st *.tif *.tiff *.h5 *.gz *.bz2);;All files (*)"));
    if (file.isEmpty()) return;
    if (project_->isOpen()) {
        addTomogram(file.toStdString());
    } else {
        openTomogram(file.toStdString());
    }
}

void MainWindow::addTomogram(const std::filesystem::path& file) {
    io_->post(
        this,
        [readers = parts_.readers, project = project_->project(), file] {
            return importTomogram(*project, *readers, file);
        },
        [this](const TomogramRecord& record) {
            project_->refresh();
            project_->setCurrentTomogram(toQString(record.name));
            showPage(Tomogram);
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
    if (file.isEmpty()) return;
    const auto make = [project = project_->project()->folder(), path = std::filesystem::path(file.toStdString())] {
        return makeListImportJob(project, path);
    };
    jobs_->start({.title = tr("Import particles").toStdString(), .make = make, .runFolder = {}});
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
    config.particleSet = kDemoSet;
    launcher_->start(config);
}

void MainWindow::setTheme(Theme theme) {
    theme_ = theme;
    applyTheme(*qApp, theme);
    if (parts_.remember)
        QSettings().setValue(QStringLiteral("theme"),
                             theme == Theme::Light ? QStringLiteral("light") : QStringLiteral("dark"));
}

void MainWindow::foldPanels() {
    if (!workspace_) return;
    navigator_->setFolded(width() <= kFoldWidth);
    navigator_->setVisible(!navigatorHidden_ && project_->isOpen());
    const bool ownForm = page_ == Pick || page_ == Simulate;  // where the inspector would stand
    const bool side = !inspectorHidden_ && project_->isOpen() && !ownForm;
    inspector_->setVisible(side && page_ != Train);
    runCard_->setVisible(side && page_ == Train);
    if (!parts_.remember) return;
    QSettings settings;
    settings.setValue(QStringLiteral("navigatorHidden"), navigatorHidden_);
    settings.setValue(QStringLiteral("inspectorHidden"), inspectorHidden_);
}

void MainWindow::restoreSettings() {
    if (!parts_.remember) return;
    const QSettings settings;
    navigatorHidden_ = settings.value(QStringLiteral("navigatorHidden"), false).toBool();
    inspectorHidden_ = settings.value(QStringLiteral("inspectorHidden"), false).toBool();
    if (settings.value(QStringLiteral("theme")).toString() == QLatin1String("light")) setTheme(Theme::Light);
    start_->setRecent(recentProjects());
}

QStringList MainWindow::recentProjects() const {
    QStringList folders = QSettings().value(QStringLiteral("recent")).toStringList();
    folders.removeIf([](const QString& folder) { return !std::filesystem::exists(folder.toStdString()); });
    return folders;
}

void MainWindow::rememberProject() {
    if (!parts_.remember) return;
    const QString folder = QString::fromStdString(std::filesystem::absolute(project_->project()->folder()).string());
    QStringList folders = recentProjects();
    folders.removeAll(folder);
    folders.prepend(folder);
    QSettings().setValue(QStringLiteral("recent"), folders.mid(0, kRecent));
}

void MainWindow::paintEvent(QPaintEvent* event) {
    QMainWindow::paintEvent(event);
    if (std::exchange(painted_, true)) return;
    QTimer::singleShot(0, this, [this] { Q_EMIT firstPainted(); });
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    if (workspace_) navigator_->setFolded(width() <= kFoldWidth);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (closing_ || jobs_->active().empty()) return QMainWindow::closeEvent(event);
    closing_ = true;  // closing again does not wait: what runs is cancelled then
    event->ignore();
    jobBar_->showMessage(tr("Finishing what runs; close again to stop at once."));
    const std::vector<int> jobs = jobs_->active();
    for (const int job : jobs) jobs_->request(job, job == jobs.front() ? StopWish::Finish : StopWish::Cancel);
    connect(jobs_.get(), &JobController::ended, this, [this] {
        if (jobs_->active().empty()) close();
    });
}

}  // namespace tomoloupe
