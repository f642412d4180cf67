#include "tests/ui/ui_support.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTest>
#include <atomic>
#include <cmath>
#include <thread>

#include "core/base/seed.h"
#include "core/io/mrc_writer.h"
#include "core/io/stack.h"
#include "core/jobs/runner.h"
#include "core/project/project.h"

namespace tomoloupe::test {
namespace {

constexpr std::int64_t kSide = 16;

/// A ball (class 0) or a rod along y (class 1) in noise, light on dark.
Volume particleVolume(int shape, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < kSide; ++z) {
        for (std::int64_t y = 0; y < kSide; ++y) {
            for (std::int64_t x = 0; x < kSide; ++x) {
                const double dx = double(x) - 8, dy = shape == 0 ? double(y) - 8 : 0, dz = double(z) - 8;
                const bool inside = std::sqrt(dx * dx + dy * dy + dz * dz) < 4;
                voxels.push_back(static_cast<float>((inside ? 2 : 0) + 0.3 * random.normal()));
            }
        }
    }
    return Volume({kSide, kSide, kSide}, std::move(voxels), 10);
}

}  // namespace

Volume ramp(Index3 shape) {
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z) {
        for (std::int64_t y = 0; y < shape.y; ++y) {
            for (std::int64_t x = 0; x < shape.x; ++x) voxels.push_back(static_cast<float>(x + 100 * y + 10000 * z));
        }
    }
    return Volume(shape, std::move(voxels), 10);
}

std::filesystem::path makeProject(const std::filesystem::path& folder, int count) {
    const auto project = Project::create(folder);
    const std::filesystem::path map = folder.parent_path() / "made.mrc";
    writeMrc(map, ramp({40, 30, 20}));
    TomogramRecord tomogram;
    tomogram.name = "made";
    tomogram.path = map;
    tomogram.shape = {40, 30, 20};
    tomogram.voxelSizeAngstrom = 10;
    project->addTomogram(tomogram);
    ParticleTable table;
    table.format = "csv";
    StackWriter stack(project->stackPathFor("made"), {kSide, kSide, kSide}, 10);
    for (int i = 0; i < count; ++i) {
        stack.append(particleVolume(i % 2, static_cast<std::uint64_t>(i)));
        Particle particle;
        particle.tomogram = "made";
        particle.positionVoxels = {8.0 + 2 * i, 15, 10};
        table.particles.push_back(particle);
    }
    stack.commit();
    const ParticleSetRecord set = project->addParticleSet("made", table, "test");
    project->setStack(set.id, project->stackPathFor("made"), kSide, 10);
    const std::int64_t alpha = project->addClass("alpha").id;
    project->addClass("beta");
    std::vector<LabelEdit> edits;
    const auto ids = project->particleIds(set.id);
    for (int i = 0; i < count / 2; ++i) edits.push_back({ids[static_cast<std::size_t>(i)], alpha});
    project->setLabels(edits, "test");
    return folder;
}

MainWindow::Parts makeParts(RunLauncher::MakeJob makeJob) {
    MainWindow::Parts parts;
    parts.readers = std::make_shared<const ReaderRegistry>(builtInReaders());
    parts.computeRunner = makeThreadRunner(19);
    parts.ioRunner = makeThreadRunner();
    parts.previewRunner = makeThreadRunner();
    parts.previews = madePreviews();
    parts.makeJob =
        makeJob ? std::move(makeJob) : [](const std::filesystem::path&) { return std::make_unique<BusyJob>(3); };
    parts.remember = false;
    return parts;
}

PreviewEngine madePreviews() {
    PreviewEngine previews;
    previews.structures = [] {
        return std::vector<StructureChoice>{{"ribosome-70s", "70S ribosome", "C1", 2.5e6, 250, "4V4Q"},
                                            {"proteasome-20s", "20S proteasome", "D7", 7.3e5, 160, "1PMA"}};
    };
    previews.simulation = [](const std::string&, std::uint64_t, std::int64_t) {
        const Volume volume = particleVolume(0, 1);
        return SimulationPreview{volume, volume, volume, "proteasome-20s", 0.5};
    };
    previews.picking = [](const VolumeFile& file, const std::string&, std::int64_t z, const StopToken&) {
        const Index3 shape = file.info().shape;
        return PickPreview{file.read({{0, 0, z}, {shape.x, shape.y, 1}}), {}};
    };
    return previews;
}

QImage pixelsOf(QWidget& widget) {
    static_cast<void>(QTest::qWaitForWindowExposed(widget.window()));
    QCoreApplication::processEvents();
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

void BusyJob::run(JobContext& context) {
    std::atomic<bool> over{false};
    std::vector<std::thread> helpers;
    for (int i = 0; i < threads_; ++i) {
        helpers.emplace_back([&over] {
            ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 19);
            volatile double sum = 0;
            while (!over) {
                for (int k = 0; k < 100000; ++k) sum = sum + std::sqrt(static_cast<double>(k));
            }
        });
    }
    context.beginStage("Working");
    for (int turn = 0; (turns_ < 0 || turn < turns_) && !context.stop().finishRequested(); ++turn) {
        context.metric("loss", turn, 1.0 / (turn + 1));
        context.progress(turns_ < 0 ? 0 : turn + 1, std::max(1, turns_));
        if (turns_ < 0) std::this_thread::yield();
    }
    over = true;
    for (std::thread& helper : helpers) helper.join();
    context.stop().throwIfCancelled();
}

}  // namespace tomoloupe::test
