#include "ui/panels/tomogram_page.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QWheelEvent>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <numeric>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/core/io/made_mrc.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/contrast_panel.h"
#include "ui/panels/oblique_pane.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/particle_panel.h"
#include "ui/views/histogram_view.h"
#include "ui/views/range_slider.h"
#include "ui/views/surface_view.h"
#include "ui/views/vtk_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The real window on a tomogram of its own.
struct Window {
    explicit Window(MainWindow::Parts parts = test::makeParts()) : window(std::move(parts)) {
        window.resize(1280, 800);
        window.show();
    }
    void open(const std::filesystem::path& path) {
        window.openTomogram(path);
        REQUIRE(QTest::qWaitFor([this] { return window.idle(); }));
    }
    void openRamp() {
        writeMrc(folder / "ramp.mrc", test::ramp({40, 30, 20}));
        open(folder / "ramp.mrc");
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    OrthogonalViews* views() { return find<OrthogonalViews>("tomogramViews"); }
    TomogramPage* page() { return find<TomogramPage>("tomogramPage"); }
    bool settle() {
        return QTest::qWaitFor([this] { return window.idle(); });
    }
    test::TemporaryFolder folder;
    MainWindow window;
};

void wheel(QWidget* view, int delta, Qt::KeyboardModifiers modifiers) {
    const QPointF middle(view->width() / 2.0, view->height() / 2.0);
    QWheelEvent event(middle, view->mapToGlobal(middle), {}, QPoint(0, delta), Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(view, &event);
}

void hover(SliceView* view, QPointF voxel) {
    const QPointF at = view->positionOf(voxel);
    QMouseEvent move(QEvent::MouseMove, at, view->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(view, &move);
}

/// What a test does to a file while it is read.
struct Gate {
    std::mutex stateMutex;  // guards the two below
    bool shut = false, broken = false;
    std::condition_variable changed;
    void set(bool nowShut, bool nowBroken) {
        {
            const std::lock_guard lock(stateMutex);
            shut = nowShut;
            broken = nowBroken;
        }
        changed.notify_all();
    }
};

/// A large tomogram on a disk that stands still or breaks as a Gate says.
class GatedReader : public VolumeReader {
  public:
    explicit GatedReader(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
    std::string_view name() const override { return "gated"; }
    std::vector<std::string> extensions() const override { return {"gated"}; }
    Probe probe(const std::filesystem::path&, std::span<const std::byte>) const override { return Probe::Sure; }
    std::shared_ptr<const VolumeFile> open(const std::filesystem::path&) const override {
        class File : public VolumeFile {
          public:
            explicit File(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) { info_.shape = {1024, 1024, 80}; }
            const VolumeInfo& info() const override { return info_; }
            Volume read(const Box& box, std::int64_t) const override {
                std::unique_lock lock(gate_->stateMutex);
                gate_->changed.wait(lock, [this] { return !gate_->shut; });
                if (gate_->broken) throw ReadError("far.gated: the disk is gone; plug it in again");
                return Volume(box.size, std::vector<float>(static_cast<std::size_t>(box.size.product()), 2.0f));
            }

          private:
            std::shared_ptr<Gate> gate_;
            VolumeInfo info_;
        };
        return std::make_shared<File>(gate_);
    }

  private:
    std::shared_ptr<Gate> gate_;
};

MainWindow::Parts gatedParts(const std::shared_ptr<Gate>& gate) {
    MainWindow::Parts parts = test::makeParts();
    auto readers = std::make_shared<ReaderRegistry>();
    readers->add(std::make_unique<GatedReader>(gate));
    parts.readers = readers;
    return parts;
}

}  // namespace

TEST_CASE("tomogram page, shift and wheel make the slab thicker, and the words say so") {
    Window opened;
    opened.openRamp();
    SliceView* xy = opened.views()->view(Plane::XY);
    CHECK(xy->caption() == QStringLiteral("XY · z 10 / 20 · 10 Å"));
    for (int i = 0; i < 4; ++i) wheel(xy, 120, Qt::ShiftModifier);
    CHECK(opened.find<QSpinBox>("slabSpin")->value() == 5);
    CHECK(opened.settle());
    CHECK(xy->caption() == QStringLiteral("XY · z 10 / 20 · slab 5 · 50 Å"));
    CHECK(opened.views()->view(Plane::YZ)->caption() == QStringLiteral("YZ · x 20 / 40 · slab 5 · 50 Å"));
    wheel(xy, -120, Qt::ShiftModifier);
    CHECK(opened.find<QSpinBox>("slabSpin")->value() == 4);
    opened.page()->setSlab(1000);
    CHECK(opened.find<QSpinBox>("slabSpin")->value() == 64);
    opened.find<QAction>("actionThinnerSlab")->trigger();
    CHECK(opened.find<QSpinBox>("slabSpin")->value() == 63);
    CHECK(opened.settle());
}

TEST_CASE("tomogram page, says place and value under the pointer in every view") {
    Window opened;
    opened.openRamp();
    opened.views()->setPosition({20, 15, 10});
    CHECK(opened.settle());
    SliceView *xy = opened.views()->view(Plane::XY), *xz = opened.views()->view(Plane::XZ),
              *yz = opened.views()->view(Plane::YZ);
    CHECK(xy->note().startsWith(QStringLiteral("x 20, y 15, z 10")));
    hover(xy, {22, 14});
    CHECK(xy->note() == QStringLiteral("x 22, y 14, z 10 · 220, 140, 100 Å · value 101422"));
    hover(xz, {21, 3});
    CHECK(xz->note() == QStringLiteral("x 21, y 15, z 3 · 210, 150, 30 Å · value 31521"));
    CHECK(xy->note().isEmpty());
    hover(yz, {4, 16});
    CHECK(yz->note() == QStringLiteral("x 20, y 16, z 4 · 200, 160, 40 Å · value 41620"));
    hover(yz, {-3, 16});
    CHECK(yz->note().isEmpty());
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(yz, &leave);
    CHECK(xy->note().startsWith(QStringLiteral("x 20, y 15, z 10")));
    // The value is that of what is shown: z 8 to 11 have the mean 9.5.
    opened.page()->setSlab(4);
    opened.views()->setPosition({20, 15, 9});
    CHECK(opened.settle());
    CHECK(xy->note().endsWith(QStringLiteral("value 96520")));
}

TEST_CASE("tomogram page, contrast follows the histogram until a hand moves it, and auto takes it back") {
    Window opened;
    opened.openRamp();
    auto* panel = opened.page()->findChild<ContrastPanel*>(QStringLiteral("contrastPanel"));
    auto* slider = opened.page()->findChild<RangeSlider*>(QStringLiteral("contrastSlider"));
    REQUIRE(panel);
    REQUIRE(slider);
    CHECK(panel->automatic());
    CHECK(opened.page()->findChild<HistogramView*>(QStringLiteral("contrastHistogram"))->counts().size() == 128);
    const float before = panel->contrast().low;
    slider->resize(200, 24);
    QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(60, 12));
    CHECK_FALSE(panel->automatic());
    const float moved = panel->contrast().low;
    CHECK(moved != before);
    opened.page()->setSlab(3);
    CHECK(opened.settle());
    CHECK(panel->contrast().low == moved);
    opened.find<QPushButton>("contrastAuto")->click();
    CHECK(panel->automatic());
    CHECK(panel->contrast().low == opened.page()->tomogram().contrast().low);
    opened.page()->setFilter({.kind = DisplayFilter::Kind::DifferenceOfGaussians});
    CHECK(opened.settle());
    CHECK(panel->contrast().high < 1000);
    CHECK(opened.find<QPushButton>("filterButton")->text().startsWith(QStringLiteral("Filter •")));
    CHECK(opened.find<QPushButton>("filterButton")->toolTip().contains(QStringLiteral("DoG 1.5")));
}

TEST_CASE("tomogram page, says that it reads while a disk stands still, and stays alive") {
    const auto gate = std::make_shared<Gate>();
    Window opened(gatedParts(gate));
    std::ofstream(opened.folder / "far.gated") << "x";
    gate->set(true, false);
    opened.window.openTomogram(opened.folder / "far.gated");
    const auto labels = opened.page()->findChildren<QLabel*>();
    CHECK(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text() == QStringLiteral("Opening far.gated…");
    }));
    gate->set(false, false);
    CHECK(opened.settle());
    OrthogonalViews* views = opened.views();
    SliceView* xy = views->view(Plane::XY);
    CHECK(xy->status().isEmpty());
    gate->set(true, false);
    views->setPosition({500, 500, 60});
    CHECK(QTest::qWaitFor([&] { return xy->status() == QStringLiteral("reading…"); }));
    CHECK(QTest::qWaitFor([&] { return views->view(Plane::YZ)->status() == QStringLiteral("reading…"); }));
    QTest::mouseClick(xy, Qt::LeftButton, {}, xy->positionOf({520, 480}).toPoint());  // the window goes on
    CHECK(views->position().x == Approx(520).margin(1));
    CHECK(views->position().z == 60);
    views->setPosition({520, 480, 70});
    CHECK(xy->caption().startsWith(QStringLiteral("XY · z 70 / 80")));
    gate->set(false, false);
    CHECK(opened.settle());
    CHECK(xy->status().isEmpty());
    CHECK(xy->note().contains(QStringLiteral("value 2.00")));
}

TEST_CASE("tomogram page, a disk that breaks is told in the views until it works again") {
    const auto gate = std::make_shared<Gate>();
    Window opened(gatedParts(gate));
    std::ofstream(opened.folder / "far.gated") << "x";
    opened.open(opened.folder / "far.gated");
    gate->set(false, true);
    opened.views()->setPosition({500, 500, 60});
    CHECK(opened.settle());
    for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) {
        // A part of x is in memory by then.
        if (plane != Plane::YZ)
            CHECK(opened.views()->view(plane)->message().contains(QStringLiteral("the disk is gone")));
        CHECK(opened.views()->view(plane)->status().isEmpty());
    }
    CHECK_FALSE(test::pixelsOf(opened.window).isNull());
    gate->set(false, false);
    opened.views()->setPosition({501, 501, 61});
    CHECK(opened.settle());
    CHECK(opened.views()->view(Plane::XY)->message().isEmpty());
}

TEST_CASE("tomogram page, an oblique slice of a large file is read step by step, and tells of a broken disk") {
    const auto gate = std::make_shared<Gate>();
    Window opened(gatedParts(gate));
    std::ofstream(opened.folder / "far.gated") << "x";
    opened.open(opened.folder / "far.gated");
    ObliquePane* pane = opened.page()->oblique();
    int coarse = 0, finest = 0;
    QObject::connect(&opened.page()->tomogram(), &TomogramModel::obliqueArrived, opened.page(),
                     [&](const ObliqueGrid&, const Volume&, bool done) { ++(done ? finest : coarse); });
    pane->setRotation(rotationOf({.direction = 20, .tilt = 75, .turn = 0}));
    pane->setOn(true);
    CHECK(opened.settle());
    CHECK(coarse >= 1);
    CHECK(finest == 1);
    CHECK(pane->view()->status().isEmpty());
    hover(pane->view(), QPointF(double(pane->grid().shape.x / 2), double(pane->grid().shape.y / 2)));
    CHECK(pane->view()->note().endsWith(QStringLiteral("value 2.00")));
    gate->set(false, true);
    opened.views()->setPosition({500, 500, 60});
    CHECK(opened.settle());
    CHECK(pane->view()->message().contains(QStringLiteral("the disk is gone")));
    gate->set(false, false);
    opened.views()->setPosition({500, 500, 61});
    CHECK(opened.settle());
    CHECK(pane->view()->message().isEmpty());
    CHECK(pane->view()->status().isEmpty());
}

TEST_CASE("tomogram page, a file cut short after it was opened is told where it is missed") {
    Window opened;
    const auto path = test::MadeMrc(512, 512, 260, 2).write(opened.folder / "large.mrc");
    std::filesystem::resize_file(path, 1024 + 4ull * 512 * 512 * 260);
    opened.open(path);
    SliceView* xy = opened.views()->view(Plane::XY);
    std::filesystem::resize_file(path, 1024 + 4ull * 512 * 512 * 100);
    opened.views()->setPosition({256, 256, 200});
    CHECK(opened.settle());
    CHECK(xy->message().contains(QStringLiteral("large.mrc ends at byte")));
    opened.views()->setPosition({256, 256, 50});
    CHECK(opened.settle());
    CHECK(xy->message().isEmpty());
}

TEST_CASE("tomogram page, a file that is broken or not there is told in place of the views") {
    Window opened;
    const auto path = test::MadeMrc(64, 64, 64, 2).write(opened.folder / "short.mrc");  // a header alone
    for (const auto& file : {path, opened.folder / "nothing.mrc"}) {
        opened.open(file);
        const auto labels = opened.page()->findChildren<QLabel*>();
        CHECK(std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(QString::fromStdString(file.filename().string()));
        }));
    }
}

TEST_CASE("tomogram page, saves the picture of a view at any size, with its scale bar") {
    Window opened;
    opened.openRamp();
    QString saved, problem;
    QObject::connect(opened.page(), &TomogramPage::pictureSaved, opened.page(),
                     [&](const QString& path, const QString& why) {
                         saved = path;
                         problem = why;
                     });
    const auto save = [&](PicturePanel::View view, int width, const PictureParts& parts,
                          const std::filesystem::path& path) {
        saved.clear();
        opened.page()->savePicture(view, width, parts, QString::fromStdString(path.string()));
        REQUIRE(QTest::qWaitFor([&] { return !saved.isEmpty(); }));
        return QImage(saved);
    };
    const SliceView* xy = opened.views()->view(Plane::XY);
    const QImage plain = save(PicturePanel::XY, 1700, {.scaleBar = false, .words = false}, opened.folder / "plain");
    CHECK(saved.endsWith(QStringLiteral("plain.png")));
    CHECK(plain.width() == 1700);
    CHECK(plain.height() == qRound(1700.0 * xy->height() / xy->width()));
    const QImage barred = save(PicturePanel::XY, 1700, {}, opened.folder / "barred.png");
    // Light words and a bar at the lower right, nothing in the middle of the lower edge.
    const auto differing = [&](const QRect& area) {
        int count = 0;
        for (int y = area.top(); y <= area.bottom(); ++y)
            for (int x = area.left(); x <= area.right(); ++x) count += plain.pixel(x, y) != barred.pixel(x, y);
        return count;
    };
    const int w = plain.width(), h = plain.height();
    CHECK(differing(QRect(w * 2 / 3, h - 80, w / 3 - 1, 79)) > 500);
    CHECK(differing(QRect(w * 2 / 5, h - 80, w / 5, 79)) == 0);
    // The same greys as in the view: in the middle of voxel (25, 9), well away from words.
    const QPointF at = xy->positionOf({25, 9}) * (1700.0 / xy->width());
    const QImage shown = test::pixelsOf(*opened.views()->view(Plane::XY));
    const QPoint there = xy->positionOf({25, 9}).toPoint();
    CHECK(std::abs(qGray(plain.pixel(at.toPoint())) - qGray(shown.pixel(there))) <= 4);
    if (VtkView::available()) CHECK(save(PicturePanel::Surface, 600, {}, opened.folder / "surface.png").width() == 600);
    static_cast<void>(save(PicturePanel::YZ, 300, {}, opened.folder / "no" / "folder.png"));
    CHECK(problem.contains(QStringLiteral("folder.png")));
}

namespace {

/// The window on a made project, whose particles have scores and lie in two sets.
struct Scored : Window {
    Scored() {
        test::makeProject(folder / "made.tomoloupe");
        {
            const auto project = Project::open(folder / "made.tomoloupe");
            ParticleTable table;
            table.format = "csv";
            for (int i = 0; i < 3; ++i) {
                Particle particle;
                particle.tomogram = "made";
                particle.positionVoxels = {10.0 + 5 * i, 10, 10};
                particle.score = i;
                table.particles.push_back(particle);
            }
            second = project->addParticleSet("second", table, "test").id;
        }
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() && window.idle(); }));
        window.showPage(MainWindow::Tomogram);
        REQUIRE(settle());
        panel = page()->findChild<ParticlePanel*>(QStringLiteral("particlePanel"));
        REQUIRE(panel);
        REQUIRE(panel->shown().size() == 15);
    }
    std::vector<std::string> words() const {
        std::vector<std::string> words;
        for (const SliceLegend::Entry& entry : panel->legend().entries) words.push_back(entry.words.toStdString());
        return words;
    }
    std::int64_t second = 0;
    ParticlePanel* panel = nullptr;
};

}  // namespace

TEST_CASE("tomogram page, colours particles by class, score, set or prediction, and says what colours mean") {
    Scored opened;
    CHECK(opened.words() == std::vector<std::string>{"alpha", "no label"});
    CHECK(opened.panel->shown().front().colour ==
          QColor(opened.window.project().classColour(*opened.window.project().classForKey(QChar('1')))));
    opened.panel->setColouring(ParticlePanel::BySet);
    CHECK(opened.words() == std::vector<std::string>{"made", "second"});
    CHECK(opened.panel->shown().front().colour != opened.panel->shown().back().colour);
    opened.panel->setColouring(ParticlePanel::ByScore);
    CHECK(opened.panel->legend().strip);
    CHECK(opened.words().front() == "2.00");
    CHECK(opened.words().back() == "0.000");
    opened.panel->setColouring(ParticlePanel::ByPrediction);
    CHECK(opened.words() == std::vector<std::string>{"not predicted"});
}

TEST_CASE("tomogram page, a set that is not wanted is neither circled nor chosen nor told of") {
    Scored opened;
    opened.panel->setColouring(ParticlePanel::BySet);
    auto* check = opened.panel->findChild<QCheckBox*>(QStringLiteral("particleSet%1").arg(opened.second));
    REQUIRE(check);
    check->setChecked(false);
    CHECK(opened.panel->shown().size() == 12);
    CHECK(opened.words() == std::vector<std::string>{"made"});
    check->setChecked(true);
    CHECK(opened.panel->shown().size() == 15);
}

TEST_CASE("tomogram page, the surface loses its dust, and becomes a cloud and a surface again") {
    Window opened;
    // A ball of 7 voxels and 40 specks of one voxel in a little noise.
    std::vector<float> voxels(48 * 48 * 48);
    for (int i = 0; i < 48 * 48 * 48; ++i) {
        const int x = i % 48 - 24, y = i / 48 % 48 - 24, z = i / 2304 - 24;
        voxels[static_cast<std::size_t>(i)] =
            (x * x + y * y + z * z < 49 || i % 2711 == 7 ? 6.0f : 0.0f) + static_cast<float>(i * 37 % 100) / 500;
    }
    writeMrc(opened.folder / "ball.mrc", Volume({48, 48, 48}, voxels, 10));
    opened.open(opened.folder / "ball.mrc");
    SurfaceView* surface = opened.views()->surface();
    const auto lit = [&] {
        CHECK(opened.settle());
        const QImage picture = test::pixelsOf(*surface);
        int count = 0;
        for (int y = 30; y < picture.height(); ++y)  // below the caption
            for (int x = 0; x < picture.width(); ++x) count += qGray(picture.pixel(x, y)) > 60;
        return count;
    };
    auto* dust = opened.page()->findChild<QSlider*>(QStringLiteral("surfaceDust.slider"));
    auto* cloud = opened.page()->findChild<QCheckBox*>(QStringLiteral("surfaceCloud"));
    REQUIRE(dust);
    REQUIRE(cloud);
    auto* histogram = opened.page()->findChild<HistogramView*>(QStringLiteral("surfaceHistogram"));
    CHECK(std::accumulate(histogram->counts().begin(), histogram->counts().end(), std::int64_t(0)) >
          48 * 48 * 48 * 9 / 10);
    const int dusty = lit();
    dust->setValue(2);  // 10 nm³, ten voxels
    const int clean = lit();
    CHECK(clean < dusty);
    CHECK(clean > dusty / 4);
    dust->setValue(dust->maximum());  // 1000 voxels; the ball has 1419
    CHECK(lit() == clean);
    dust->setValue(0);
    CHECK(lit() == dusty);
    cloud->setChecked(true);
    const int cloudy = lit();
    CHECK(cloudy > dusty / 8);
    CHECK(cloudy != dusty);
    cloud->setChecked(false);
    CHECK(lit() == dusty);
}
