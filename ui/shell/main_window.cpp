#include "ui/shell/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/panels/explain_page.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/import_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/job_bar.h"
#include "ui/panels/label_page.h"
#include "ui/panels/map_page.h"
#include "ui/panels/navigator.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/panels/pick_page.h"
#include "ui/panels/results_page.h"
#include "ui/panels/run_card.h"
#include "ui/panels/simulate_page.h"
#include "ui/panels/start_page.h"
#include "ui/panels/tomogram_page.h"
#include "ui/panels/train_page.h"
#include "ui/shell/action_list.h"
#include "ui/shell/command_field.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/panel_splitter.h"
#include "ui/shell/rail.h"
#include "ui/shell/widget_help.h"

namespace tomoloupe {
namespace {

constexpr int kRecent = 5;

}  // namespace

MainWindow::MainWindow(Parts parts) : parts_(std::move(parts)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Tomoloupe"));
    io_ = std::make_unique<IoQueue>(std::move(parts_.ioRunner));
    previewQueue_ = std::make_unique<IoQueue>(std::move(parts_.previewRunner));
    jobs_ = std::make_unique<JobController>(std::move(parts_.computeRunner));
    project_ = std::make_unique<ProjectModel>(*io_);
    launcher_ = std::make_unique<RunLauncher>(*project_, *jobs_, parts_.makeJob);
    actions_ = new ActionList(this, parts_.remember);
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
    delete dropOverlay_;
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
    dropOverlay_ = new DropOverlay(parts_.readers, *io_, this);
    setAcceptDrops(true);
    connect(dropOverlay_, &DropOverlay::dropped, this, &MainWindow::takeDropped);
    connect(jobBar_, &JobBar::showRunWanted, this, &MainWindow::showWhatRunMade);
    describeWidgets(central);
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
    commandField_ = new CommandField([this] { return commands(); }, bar);
    row->addWidget(commandField_);
    QPushButton* button = makeButton(tr("Menu"), "menuButton", bar);
    button->setToolTip(tr("Projects, files, panels, colours"));
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
    QList<Rail::Page> entries;
    for (int page = 0; page < PageCount; ++page)
        entries.append({pageNames()[page], titleOf(static_cast<Page>(page)), page == Pick});
    rail_ = new Rail(entries, workspace);
    navigator_ = new Navigator(bench());
    pages_ = new QStackedWidget;
    pages_->setObjectName(QStringLiteral("pages"));
    pages_->setSizePolicy(QSizePolicy::Ignored,
                          QSizePolicy::Ignored);  // a page shrinks with the window, whatever its tools ask for
    side_ = new QStackedWidget;
    side_->setObjectName(QStringLiteral("sidePanels"));
    inspector_ = new Inspector(bench(), side_);
    runCard_ = new RunCard(bench(), side_);
    for (QWidget* panel : {static_cast<QWidget*>(inspector_), static_cast<QWidget*>(runCard_)}) {
        panel->setMinimumWidth(0);  // the splitter says how wide
        panel->setMaximumWidth(QWIDGETSIZE_MAX);
        side_->addWidget(panel);
    }
    navigator_->hide();  // until a project is there, so that they cannot widen the window
    side_->hide();
    row->addWidget(rail_);
    panels_ = new PanelSplitter(navigator_, pages_, side_, parts_.remember, workspace);
    row->addWidget(panels_, 1);
    connect(rail_, &Rail::chosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(navigator_, &Navigator::tomogramChosen, this, [this] {
        if (page_ != Pick) showPage(Tomogram);
    });
    connect(navigator_, &Navigator::setChosen, this, [this] {
        if (page_ == Tomogram) showPage(Gallery);
    });
    connect(navigator_, &Navigator::runChosen, this, &MainWindow::selectRun);
    connect(navigator_, &Navigator::findWanted, this, &MainWindow::askForFileOf);
    connect(navigator_, &Navigator::listWanted, this, &MainWindow::showWaitingList);
    connect(navigator_, &Navigator::editParticlesWanted, this, &MainWindow::editParticlesOf);
    connect(navigator_, &Navigator::compareWanted, this, &MainWindow::compareLabels);
    connect(inspector_, &Inspector::explainWanted, this, [this] {
        showPage(Explain);
        explainPage()->explain();
    });
    body_->addWidget(workspace);
    describeWidgets(workspace);
    tellKeys();
    return workspace;
}

void MainWindow::connectStartPage() {
    connect(start_, &StartPage::openProjectWanted, this, &MainWindow::askForProject);
    connect(start_, &StartPage::newProjectWanted, this, &MainWindow::askForNewProject);
    connect(start_, &StartPage::openTomogramWanted, this, &MainWindow::askForTomogram);
    connect(start_, &StartPage::demoWanted, this, &MainWindow::openDemo);
    connect(start_, &StartPage::recentWanted, this,
            [this](const QString& folder) { openProject(folder.toStdString()); });
}

QStringList MainWindow::pageNames() {
    return {"tomogram", "gallery", "map", "train", "results", "explain", "pick", "label", "simulate"};
}

std::optional<MainWindow::Page> MainWindow::pageNamed(const QString& name) {
    const int at = static_cast<int>(pageNames().indexOf(name.toLower()));
    return at < 0 ? std::nullopt : std::optional(static_cast<Page>(at));
}

QString MainWindow::titleOf(Page page) {
    switch (page) {
        case Tomogram:
            return tr("Tomogram");
        case Gallery:
            return tr("Gallery");
        case Map:
            return tr("Map");
        case Train:
            return tr("Train");
        case Results:
            return tr("Results");
        case Explain:
            return tr("Explain");
        case Pick:
            return tr("Pick");
        case Label:
            return tr("Label");
        case Simulate:
            return tr("Simulate");
        case PageCount:
            break;
    }
    return {};
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
            if (parts_.remember) gallery->remember();
            made = gallery;
            break;
        }
        case Map: {
            auto* map = new MapPage(bench(), pages_);
            connect(map, &MapPage::importWanted, this, &MainWindow::askForFolderToImport);
            connect(map, &MapPage::extractWanted, this, [this] { showPage(Pick); });
            made = map;
            break;
        }
        case Train: {
            auto* train = new TrainPage(bench(), pages_);
            connect(train, &TrainPage::runChosen, runCard_, &RunCard::setRun);
            connect(train, &TrainPage::wizardShown, this, &MainWindow::placePanels);
            connect(runCard_, &RunCard::duplicateWanted, train, &TrainPage::duplicate);
            connect(runCard_, &RunCard::finetuneWanted, train, &TrainPage::finetuneFrom);
            connect(runCard_, &RunCard::compareWanted, train, &TrainPage::compare);
            train->announceRun();
            made = train;
            break;
        }
        case Results: {
            auto* results = new ResultsPage(bench(), pages_);
            connect(results, &ResultsPage::trainWanted, this, [this] { showPage(Train); });
            connect(results, &ResultsPage::galleryWanted, this, &MainWindow::showInGallery);
            made = results;
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
        case Label: {
            auto* label = new LabelPage(bench(), pages_);
            connect(label, &LabelPage::importWanted, this, &MainWindow::askForFolderToImport);
            made = label;
            break;
        }
        case Simulate:
            made = new SimulatePage(bench(), pages_);
            break;
        case PageCount:
            break;
    }
    pages_->addWidget(made);
    describeWidgets(made);
    actions_->collect();
    return made;
}

GalleryPage* MainWindow::gallery() {
    return static_cast<GalleryPage*>(makePage(Gallery));
}
bool MainWindow::idle() const {
    const auto* map = static_cast<const MapPage*>(made_[Map]);
    return io_->idle() && previewQueue_->idle() && (!map || !map->isVisible() || map->idle());
}
MapPage* MainWindow::map() {
    return static_cast<MapPage*>(makePage(Map));
}
TrainPage* MainWindow::trainPage() {
    return static_cast<TrainPage*>(makePage(Train));
}
ExplainPage* MainWindow::explainPage() {
    return static_cast<ExplainPage*>(makePage(Explain));
}
ResultsPage* MainWindow::resultsPage() {
    return static_cast<ResultsPage*>(makePage(Results));
}

void MainWindow::showInGallery(const QString& title, const std::vector<std::int64_t>& particles) {
    showPage(Gallery);
    gallery()->showOnly(title, particles);
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
    const QWidget* covered = pages_->currentWidget();
    pages_->setCurrentWidget(widget);
    if (importPage_ && covered == importPage_)
        jobBar_->notice().tell(NoticeStrip::Kind::Plain, tr("%1 waits to be imported.").arg(listName(importPage_->file())),
                               {{tr("Look at it"), [this] { showWaitingList(); }}, {tr("Drop it"), [this] { showNextList(); }}});
    rail_->setCurrent(page);
    body_->setCurrentWidget(workspace_);
    placePanels();
}

void MainWindow::selectRun(const QString& runId) {
    showPage(Train);
    trainPage()->selectRun(runId);
}

void MainWindow::showWizard(const QString& name) {
    showPage(Train);
    trainPage()->openWizard(name.section(QChar(':'), 0, 0) == QLatin1String("pretrain"), name.section(QChar(':'), 1).toInt());
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
    dropLists();  // they were looked at for another project
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

void MainWindow::setTheme(Theme theme) {
    theme_ = theme;
    applyTheme(*qApp, theme);
    if (parts_.remember)
        QSettings().setValue(QStringLiteral("theme"),
                             theme == Theme::Light ? QStringLiteral("light") : QStringLiteral("dark"));
}

void MainWindow::placePanels() {
    if (!workspace_) return;
    navigator_->setVisible(!navigatorHidden_ && project_->isOpen());
    const bool ownForm = page_ == Pick || page_ == Explain || page_ == Simulate || (page_ == Train && made_[Train] && trainPage()->wizardOpen()) ||
                         (importPage_ && pages_->currentWidget() == importPage_);  // where the inspector would stand
    side_->setCurrentWidget(page_ == Train ? static_cast<QWidget*>(runCard_) : inspector_);
    side_->setVisible(!inspectorHidden_ && project_->isOpen() && !ownForm);
    panels_->place();
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

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const std::vector<std::filesystem::path> files = DropOverlay::filesOf(event->mimeData());
    if (files.empty()) return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    dropOverlay_->enter(files, project_->isOpen());
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
    dropOverlay_->leave();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->setDropAction(Qt::CopyAction);
    event->accept();
    dropOverlay_->drop();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (closing_ || jobs_->active().empty()) return QMainWindow::closeEvent(event);
    closing_ = true;  // closing again does not wait: what runs is cancelled then
    event->ignore();
    jobBar_->notice().tell(NoticeStrip::Kind::Plain, tr("Finishing what runs; close again to stop at once."));
    const std::vector<int> jobs = jobs_->active();
    for (const int job : jobs) jobs_->request(job, jobs_->begun(job) ? StopWish::Finish : StopWish::Cancel);
    connect(jobs_.get(), &JobController::ended, this, [this] {
        if (jobs_->active().empty()) close();
    });
}

}  // namespace tomoloupe
