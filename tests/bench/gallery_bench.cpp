// Speed of the gallery with a million particles. `gallery_bench make DIR` makes the project, `gallery_bench run DIR` opens
// it in the real window and prints the figures; two processes, so that making it does not count as memory.

#include <hdf5.h>
#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "core/base/seed.h"
#include "core/io/mrc_writer.h"
#include "core/io/stack.h"
#include "core/project/project.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/shell/theme.h"
#include "ui/views/tile_view.h"
#include "ui/views/vtk_view.h"

using namespace tomoloupe;

namespace {

constexpr std::int64_t kParticles = 1000000;
constexpr int kTomograms = 200, kClasses = 8, kBox = 32;
constexpr int kWrittenBoxes = 1000;  // the others hold zeros that take no room; a reader believes in 1100 times as many
constexpr int kLabelled = 20000;

Volume noise(Random& random) {
    std::vector<float> voxels(kBox * kBox * kBox);
    for (float& voxel : voxels) voxel = static_cast<float>(random.normal());
    return Volume({kBox, kBox, kBox}, std::move(voxels), 10);
}

/// The stack's layout with a million particles of which only the first are there.
void makeStack(const std::filesystem::path& path) {
    Random random(1);
    StackWriter writer(path, {kBox, kBox, kBox}, 10);
    for (int i = 0; i < kWrittenBoxes; ++i) writer.append(noise(random));
    writer.commit();
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t voxels = H5Dopen2(file, "/voxels", H5P_DEFAULT);
    const std::array<hsize_t, 4> extent{hsize_t(kParticles), kBox, kBox, kBox};
    if (H5Dset_extent(voxels, extent.data()) < 0) throw std::runtime_error("HDF5 cannot extend the stack");
    H5Dclose(voxels);
    H5Fclose(file);
}

ParticleTable makeTable() {
    Random random(2);
    ParticleTable table;
    table.format = "csv";
    table.columnNames = {"rlnTomoName", "rlnAutopickFigureOfMerit", "rlnGroupName"};
    table.particles.resize(kParticles);
    for (std::int64_t i = 0; i < kParticles; ++i) {
        Particle& particle = table.particles[static_cast<std::size_t>(i)];
        char name[16];
        std::snprintf(name, sizeof name, "TS_%03d", int(i * kTomograms / kParticles) + 1);
        particle.tomogram = name;
        particle.positionVoxels = {double(i % 900), double(i / 900 % 900), double(i % 200)};
        particle.score = random.normal();
        particle.columns = {name, std::to_string(particle.score), "group_" + std::to_string(i * 7919 % kParticles)};
    }
    return table;
}

void makeLabels(Project& project, std::int64_t setId, const std::vector<std::int64_t>& classes) {
    const std::vector<std::int64_t> ids = project.particleIds(setId);
    Random random(3);
    std::vector<LabelEdit> edits;
    for (int i = 0; i < kLabelled; ++i)
        edits.push_back({ids[static_cast<std::size_t>(i) * 50], classes[static_cast<std::size_t>(i) % kClasses]});
    static_cast<void>(project.setLabels(edits, "bench"));
    RunConfig config;
    config.kind = "predict";
    config.particleSet = "million";
    config.options = nlohmann::json::object();
    const Run run = project.createRun(config);
    std::vector<Prediction> predictions;
    predictions.reserve(ids.size());
    for (const std::int64_t id : ids) {
        Prediction prediction{id, 0, std::vector<float>(kClasses)};
        float sum = 0;
        for (float& p : prediction.probabilities) sum += p = static_cast<float>(std::exp(2 * random.normal()));
        for (float& p : prediction.probabilities) p /= sum;
        const auto best = std::max_element(prediction.probabilities.begin(), prediction.probabilities.end());
        prediction.classId = classes[static_cast<std::size_t>(best - prediction.probabilities.begin())];
        predictions.push_back(std::move(prediction));
    }
    project.storePredictions(run.id(), setId, predictions);
}

int make(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const auto project = Project::create(folder / "million.tomoloupe");
    Random random(4);
    writeMrc(folder / "tomogram.mrc", noise(random));
    for (int i = 1; i <= kTomograms; ++i) {
        TomogramRecord tomogram;
        char name[16];
        std::snprintf(name, sizeof name, "TS_%03d", i);
        tomogram.name = name;
        tomogram.path = folder / "tomogram.mrc";
        tomogram.shape = {kBox, kBox, kBox};
        tomogram.voxelSizeAngstrom = 10;
        project->addTomogram(tomogram);
    }
    makeStack(project->stackPathFor("million"));
    const ParticleSetRecord set = project->addParticleSet("million", makeTable(), "bench");
    project->setStack(set.id, project->stackPathFor("million"), kBox, 10);
    std::vector<std::int64_t> classes;
    for (int i = 1; i <= kClasses; ++i) classes.push_back(project->addClass("class " + std::to_string(i)).id);
    makeLabels(*project, set.id, classes);
    return 0;
}

/// Milliseconds, and where so many of them lie.
struct Times {
    std::vector<double> values;
    [[nodiscard]] double at(double part) {
        std::sort(values.begin(), values.end());
        return values[std::min(values.size() - 1, static_cast<std::size_t>(part * double(values.size())))];
    }
};

/// Notes that the window was drawn: what is painted is on the screen when the event loop comes back.
class FrameWatch : public QObject {
  public:
    explicit FrameWatch(QWidget* watched) { watched->installEventFilter(this); }
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) ++frames;
        return false;
    }
    /// Lets the loop run until another frame came.
    void next() {
        const int before = frames;
        while (frames == before) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    int frames = 0;
};

class Bench {
  public:
    explicit Bench(const std::filesystem::path& folder) : window_(test::makeParts()) {
        window_.resize(1280, 800);
        window_.choosePage(MainWindow::Gallery);
        window_.show();
        static_cast<void>(QTest::qWaitForWindowExposed(&window_));
        QObject::connect(&window_.project(), &ProjectModel::failed, &window_, [](const QString& sentence) {
            std::fprintf(stderr, "%s\n", qPrintable(sentence));
            std::exit(1);
        });
        clock_.start();
        window_.openProject(folder / "million.tomoloupe");
        wait([this] { return window_.project().set() != nullptr; });
        const double read = milliseconds();
        page_ = window_.gallery();
        tiles_ = page_->tiles();
        frames_ = std::make_unique<FrameWatch>(tiles_->viewport());
        waitForPictures();
        std::printf("open: first page of pictures after %.0f ms (set read after %.0f ms)\n", milliseconds(), read);
        tellMemory("open");
        window_.activateWindow();
        static_cast<void>(QTest::qWaitForWindowActive(&window_));
        tiles_->setFocus();
    }

    void scroll(const char* name, int frames, const std::function<int(int)>& to) {
        QScrollBar* bar = tiles_->verticalScrollBar();
        bar->setValue(0);
        waitForPictures();
        Times times;
        for (int i = 0; i < frames; ++i) {
            if (to(i) == bar->value()) continue;  // nothing would be painted
            clock_.restart();
            bar->setValue(to(i));
            frames_->next();
            times.values.push_back(milliseconds());
        }
        std::printf("scroll, %s: frame p50 %.1f, p95 %.1f, max %.1f ms\n", name, times.at(0.5), times.at(0.95), times.at(1));
    }

    void scrollAll() {
        const int screen = tiles_->viewport()->height(), end = tiles_->verticalScrollBar()->maximum();
        scroll("40 px a frame", 400, [](int i) { return 40 * (i + 1); });
        scroll("a screen a frame", 200, [=](int i) { return screen * (i + 1); });
        scroll("jumps over all", 100, [=](int i) { return int(std::int64_t(i) * 7919 % 1000 * end / 1000); });
        waitForPictures();
        clock_.restart();
        for (int i = 0; i < 20; ++i) static_cast<void>(tiles_->viewport()->grab());
        std::printf("scroll, all tiles in sight painted without the window: %.1f ms\n", milliseconds() / 20);
        tellMemory("scrolled");
    }

    void query(const char* name, const ParticleQuery& query) {
        Times times;
        for (int turn = 0; turn < 5; ++turn) {
            clock_.restart();
            page_->model()->ask(query);
            wait([this] { return !page_->model()->busy(); });
            times.values.push_back(milliseconds());
        }
        const int rows = page_->model()->rowCount();
        const double worst = *std::max_element(times.values.begin(), times.values.end());
        std::printf("query, %s: median %.0f, worst %.0f ms (%d listed)\n", name, times.at(0.5), worst, rows);
    }

    void queryAll() {
        ParticleQuery query;
        query.sort = SortKey::Score;
        query.descending = true;
        clock_.restart();
        page_->model()->ask(query);
        wait([this] { return !page_->model()->busy(); });
        std::printf("query, the first on a set: %.0f ms\n", milliseconds());
        this->query("sorted by score", query);
        query.sort = SortKey::Uncertainty;
        this->query("sorted by uncertainty", query);
        query.sort = SortKey::Tomogram;
        this->query("sorted by tomogram", query);
        query.confidence = {0.5, 0.9};
        query.sort = SortKey::Class;
        this->query("confidence 0.5 to 0.9, by class", query);
        query = {};
        query.disagreeing = true;
        this->query("disagreeing", query);
        query = {};
        query.sort = SortKey::Column;
        query.sortColumn = "rlnGroupName";
        clock_.restart();
        page_->model()->ask(query);
        wait([this] { return !page_->model()->busy(); });
        std::printf("query, the first on a column of texts, which is read: %.0f ms\n", milliseconds());
        this->query("sorted by a column of texts", query);
        query.column = "rlnGroupName";
        query.columnText = "99";
        this->query("a column contains a text", query);
        query = {};
        query.state = LabelState::Unlabelled;
        query.sort = SortKey::LabelNext;
        this->query("label next", query);
        tellMemory("queried");
    }

    void label() {
        tiles_->setFocus();
        waitForPictures();
        Times times;
        ProjectModel& project = window_.project();
        for (int i = 0; i < 200; ++i) {
            const std::int64_t before = project.currentParticle();
            clock_.restart();
            QTest::keyClick(tiles_, static_cast<Qt::Key>(Qt::Key_1 + i % kClasses));
            // Stored when the key's event comes back; shown when it was painted with its picture.
            do {
                frames_->next();
            } while (page_->pictures().image(project.currentParticle()).isNull());
            times.values.push_back(milliseconds());
            if (project.labelOf(before) == 0 || project.currentParticle() == before) std::printf("a key was lost\n");
            QTest::qWait(20);
        }
        std::printf("label, from key to stored and next shown: median %.1f, p99 %.1f ms (200 keys)\n", times.at(0.5),
                    times.at(0.99));
        tellMemory("labelled");
    }

  private:
    [[nodiscard]] double milliseconds() const { return double(clock_.nsecsElapsed()) / 1e6; }

    static void wait(const std::function<bool()>& done) {
        while (!done()) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }

    void waitForPictures() {
        wait([this] { return window_.io().idle(); });
        tiles_->refresh();
        frames_->next();
    }

    static void tellMemory(const char* when) {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("memory, %s: peak %.0f MB\n", when, double(usage.ru_maxrss) / 1024);
        std::fflush(stdout);
    }

    MainWindow window_;
    GalleryPage* page_ = nullptr;
    TileView* tiles_ = nullptr;
    std::unique_ptr<FrameWatch> frames_;
    QElapsedTimer clock_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3 || (std::strcmp(argv[1], "make") != 0 && std::strcmp(argv[1], "run") != 0)) {
        std::fprintf(stderr, "gallery_bench make|run FOLDER\n");
        return 2;
    }
    try {
        std::setvbuf(stdout, nullptr, _IOLBF, 0);
        if (std::strcmp(argv[1], "make") == 0) return make(argv[2]);
        VtkView::prepareProcess();
        QStandardPaths::setTestModeEnabled(true);
        QApplication application(argc, argv);
        applyTheme(application, Theme::Dark);
        Bench bench(argv[2]);
        bench.scrollAll();
        bench.queryAll();
        bench.label();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
