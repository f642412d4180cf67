#include "app/gui/gui.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTimer>
#include <cstdio>
#include <filesystem>

#include "app/gui/display.h"
#include "core/base/error.h"
#include "core/io/reader.h"
#include "core/jobs/engine_loader.h"
#include "core/jobs/lane_runner.h"
#include "core/jobs/runner.h"
#include "ui/shell/latency_meter.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshot.h"
#include "ui/shell/theme.h"
#include "ui/views/vtk_view.h"

namespace tomoloupe {
namespace {

constexpr int kFailed = 1, kUsage = 2, kLowestPriority = 19, kPromptPriority = 5;

struct Wishes {
    QString path, screenshot, run, startRun, wizard;
    QStringList press;
    std::optional<MainWindow::Page> page;
    QSize size;
    std::optional<qlonglong> particle;
    double measureSeconds = 0;
    bool demo = false, startupTime = false, light = false;
};

int tell(const QString& sentence, int status) {
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return status;
}

void addOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QStringLiteral("What is in your tomograms: label, train, explain."));
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("PROJECT"),
                                 QStringLiteral("A project folder NAME.tomoloupe, or a tomogram."),
                                 QStringLiteral("[PROJECT | TOMOGRAM]"));
    parser.addOption(
        {QStringLiteral("demo"), QStringLiteral("Open the demo project; the first time its particles are simulated.")});
    parser.addOption({QStringLiteral("page"),
                      QStringLiteral("Begin on this page: %1.").arg(MainWindow::pageNames().join(QStringLiteral(", "))),
                      QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("screenshot"),
                      QStringLiteral("Save a picture of the window to this PNG file and exit."),
                      QStringLiteral("FILE")});
    parser.addOption(
        {QStringLiteral("size"), QStringLiteral("Size of the window, such as 1600x1000."), QStringLiteral("WxH")});
    parser.addOption(
        {QStringLiteral("particle"), QStringLiteral("Choose this particle of the set, from 0."), QStringLiteral("N")});
    parser.addOption({QStringLiteral("run"), QStringLiteral("Choose this run."), QStringLiteral("ID")});
    parser.addOption({QStringLiteral("light"), QStringLiteral("Light colours.")});
    for (const auto& [name, value] : {std::pair{"startup-time", ""}, {"measure-latency", "SECONDS"}, {"start-run", "ID"}, {"wizard", "NAME"}, {"press", "BUTTONS"}}) {
        QCommandLineOption hidden(QString::fromLatin1(name));
        hidden.setValueName(QString::fromLatin1(value));
        hidden.setFlags(QCommandLineOption::HiddenFromHelp);
        parser.addOption(hidden);
    }
}

/// The sentence that says what is wrong with the arguments; empty when nothing is.
QString readWishes(const QCommandLineParser& parser, Wishes& wishes) {
    const QStringList paths = parser.positionalArguments();
    if (paths.size() > 1) return QStringLiteral("Only one project or tomogram can be opened at a time.");
    if (!paths.isEmpty()) wishes.path = paths.first();
    wishes.demo = parser.isSet(QStringLiteral("demo"));
    wishes.startupTime = parser.isSet(QStringLiteral("startup-time"));
    wishes.light = parser.isSet(QStringLiteral("light"));
    wishes.screenshot = parser.value(QStringLiteral("screenshot"));
    wishes.run = parser.value(QStringLiteral("run"));
    wishes.startRun = parser.value(QStringLiteral("start-run"));
    wishes.wizard = parser.value(QStringLiteral("wizard"));
    wishes.press = parser.value(QStringLiteral("press")).split(QChar(','), Qt::SkipEmptyParts);
    wishes.measureSeconds = parser.value(QStringLiteral("measure-latency")).toDouble();
    if (const QString page = parser.value(QStringLiteral("page")); !page.isEmpty()) {
        wishes.page = MainWindow::pageNamed(page);
        if (!wishes.page)
            return QStringLiteral("There is no page \"%1\"; the pages are %2.")
                .arg(page, MainWindow::pageNames().join(QStringLiteral(", ")));
    }
    if (const QString size = parser.value(QStringLiteral("size")); !size.isEmpty()) {
        const auto match = QRegularExpression(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$")).match(size);
        if (!match.hasMatch())
            return QStringLiteral("--size wants width x height, such as 1600x1000; got \"%1\".").arg(size);
        wishes.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    }
    if (const QString particle = parser.value(QStringLiteral("particle")); !particle.isEmpty()) {
        bool number = false;
        wishes.particle = particle.toLongLong(&number);
        if (!number) return QStringLiteral("--particle wants a number, counted from 0; got \"%1\".").arg(particle);
    }
    return {};
}

bool isProject(const std::filesystem::path& path) {
    return std::filesystem::is_directory(path) || path.extension() == ".tomoloupe";
}

void openWhatIsWished(MainWindow& window, const Wishes& wishes) {
    if (wishes.particle) window.selectParticle(*wishes.particle);
    if (wishes.page) window.choosePage(*wishes.page);
    if (wishes.demo) return window.openDemo();
    if (wishes.path.isEmpty()) return;
    const std::filesystem::path path = std::filesystem::absolute(wishes.path.toStdString());
    if (isProject(path)) {
        window.openProject(path);
    } else {
        window.openTomogram(path);
    }
}

void arrangeMeasurements(MainWindow& window, const Wishes& wishes) {
    if (wishes.startupTime) {
        QObject::connect(&window, &MainWindow::firstPainted, &window, [] {
            std::printf("first frame after %.0f ms\n", millisecondsSinceStart());
            std::fflush(stdout);
        });
    }
    if (wishes.measureSeconds <= 0) return;
    auto* meter = new LatencyMeter(&window);
    QTimer::singleShot(1000, meter, &LatencyMeter::start);
    QTimer::singleShot(1000 + static_cast<int>(wishes.measureSeconds * 1000), meter, [meter] {
        std::printf("%s\n", qPrintable(meter->report()));
        std::fflush(stdout);
        QCoreApplication::exit(0);
    });
}

void arrangeScreenshot(MainWindow& window, const Wishes& wishes) {
    if (wishes.screenshot.isEmpty()) return;
    QObject::connect(&window, &MainWindow::failed, &window,
                     [](const QString& sentence) { QCoreApplication::exit(tell(sentence, kFailed)); });
    const auto save = [&window, file = wishes.screenshot] {
        saveScreenshot(window, file, [](const QString& problem) { QCoreApplication::exit(problem.isEmpty() ? 0 : tell(problem, kFailed)); });
    };
    if (wishes.press.isEmpty()) return save();
    // Buttons by name, each once the window has come to rest: for pictures of what lies behind them.
    auto* timer = new QTimer(&window);
    QObject::connect(timer, &QTimer::timeout, &window, [&window, timer, save, left = wishes.press, ticks = 0]() mutable {
        constexpr int kMostTicks = 600;  // a minute
        if (++ticks > kMostTicks) {
            timer->stop();
            QCoreApplication::exit(tell(QStringLiteral("The button \"%1\" cannot be pressed now.").arg(left.front()), kFailed));
            return;
        }
        if (!window.idle() || !window.project().set()) return;
        auto* button = window.findChild<QAbstractButton*>(left.front());
        if (!button) {
            timer->stop();
            QCoreApplication::exit(tell(QStringLiteral("There is no button \"%1\" on this page.").arg(left.front()), kFailed));
            return;
        }
        if (!button->isEnabled()) return;
        button->click();
        left.removeFirst();
        if (!left.isEmpty()) return;
        timer->stop();
        save();
    });
    timer->start(100);
}

int show(QApplication& application, const Wishes& wishes) {
    applyTheme(application, wishes.light ? Theme::Light : Theme::Dark);
    QString reason;
    if (!wishes.screenshot.isEmpty() && !VtkView::available(&reason)) return tell(reason, kFailed);
    MainWindow window(programParts(wishes.screenshot.isEmpty()));
    if (wishes.size.isValid()) window.resize(wishes.size);
    arrangeMeasurements(window, wishes);
    if (!wishes.run.isEmpty()) {
        QObject::connect(&window.project(), &ProjectModel::opened, &window,
                         [&window, id = wishes.run, page = wishes.page] {
                             window.selectRun(id);
                             if (page) window.showPage(*page);
                         });
    }
    if (!wishes.startRun.isEmpty()) {
        QObject::connect(&window.project(), &ProjectModel::opened, &window, [&window, id = wishes.startRun.toStdString()] {
            for (const RunRow& row : window.project().contents().runs) {
                if (row.run.id() == id) return window.launcher().resume(Run(row.run));
            }
        });
    }
    if (!wishes.wizard.isEmpty())
        QObject::connect(&window.project(), &ProjectModel::opened, &window, [&window, wizard = wishes.wizard] { window.showWizard(wizard); });
    if (wishes.demo || !wishes.path.isEmpty()) window.expectContent();
    window.show();
    // The first frame comes before anything is opened.
    QObject::connect(&window, &MainWindow::firstPainted, &window, [&window, &wishes] {
        openWhatIsWished(window, wishes);
        arrangeScreenshot(window, wishes);
    });
    return QApplication::exec();
}

/// Lies beside this one.
std::filesystem::path commandLineProgram() {
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path("tomoloupe-cli") : self.parent_path() / "tomoloupe-cli";
}

}  // namespace

MainWindow::Parts programParts(bool remember) {
    MainWindow::Parts parts;
    parts.readers = std::make_shared<const ReaderRegistry>(builtInReaders());
    // All cores, lowest priority: the window stays smooth. Trainings work in a process of their own, whose end is not the window's;
    // what a person waits for does not queue behind the rest.
    const std::filesystem::path trainer = commandLineProgram();
    parts.computeRunner = makeLaneRunner(makeThreadRunner(kLowestPriority), makeThreadRunner(kPromptPriority), isExplanation);
    if (std::filesystem::exists(trainer))
        parts.computeRunner = makeLaneRunner(std::move(parts.computeRunner), makeProcessRunner(trainer, kLowestPriority), wantsProcess);
    parts.ioRunner = makeThreadRunner();
    parts.previewRunner = makeThreadRunner(10);
    parts.previews = loadedPreviewEngine(trainer);
    parts.makeJob = [](const std::filesystem::path& folder) { return makeRunJob(folder); };
    parts.demoFolder =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString() + "/tomoloupe";
    parts.remember = remember;
    return parts;
}

int runGui(int argc, char** argv) {
    QStringList arguments;
    for (int i = 0; i < argc; ++i) arguments.append(QString::fromLocal8Bit(argv[i]));
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(arguments)) return tell(parser.errorText(), kUsage);
    if (parser.isSet(QStringLiteral("help"))) {
        std::printf("%s", qPrintable(parser.helpText()));
        return 0;
    }
    Wishes wishes;
    if (const QString problem = readWishes(parser, wishes); !problem.isEmpty()) return tell(problem, kUsage);
    if (const std::string problem = displayProblem(); !problem.empty())
        return tell(QString::fromStdString(problem), kFailed);
    VtkView::prepareProcess();
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("tomoloupe"));
    QApplication::setApplicationName(QStringLiteral("tomoloupe"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/tomoloupe.svg")));
    try {
        return show(application, wishes);
    } catch (const std::exception& error) {
        return tell(QString::fromUtf8(error.what()), kFailed);
    }
}

}  // namespace tomoloupe
