#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/data/relion_particles.h"
#include "core/engine/run_jobs.h"
#include "core/io/reader.h"
#include "core/recipe/recipe.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

class Sink : public JobSink {
  public:
    std::map<std::string, double> metrics;
    StopSource stop;
    double stopAt = 2;
    void onProgress(const Progress& progress) override {
        if (progress.fraction >= stopAt) stop.request(StopWish::Cancel);
    }
    void onMetric(const Metric& metric) override { metrics[metric.name] = metric.value; }
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
};

SimulateTomogramOptions smallTomogram() {
    SimulateTomogramOptions options;
    options.structures = {"proteasome-20s", "apoferritin"};
    options.sizeX = options.sizeY = 80;
    options.sizeZ = 48;
    options.perClass = 3;
    options.membranes = 0;
    options.goldBeads = 1;
    options.snr = 0.05;
    return options;
}

void make(SimulateTomogramOptions options, Sink& sink, const std::filesystem::path& tomogram, const std::filesystem::path& truth) {
    JobContext context(sink.stop.token(), sink);
    makeTomogramJob(toJson(options.describe()).dump(), 3, tomogram, truth)->run(context);
}

bool isEmpty(const std::filesystem::path& folder) { return std::filesystem::directory_iterator(folder) == std::filesystem::directory_iterator(); }

}  // namespace

TEST_CASE("a tomogram job, the particle list comes back as it was placed") {
    const test::TemporaryFolder folder;
    Sink sink;
    make(smallTomogram(), sink, folder / "t.mrc", folder / "t.star");
    CHECK(sink.metrics.at("particles") == 6);
    CHECK(sink.metrics.at("particles_apoferritin") == 3);
    CHECK(sink.metrics.at("snr") == Approx(0.05).epsilon(0.05));

    const ParticleTable table = readRelionParticles(folder / "t.star", {{{"t", {80, 80, 48}, 10, {}}}, {}});
    CHECK(table.warnings.empty());
    REQUIRE(table.particles.size() == 6);
    const StarFile file = readStar(folder / "t.star");
    const StarBlock& block = *file.block("particles");
    for (std::size_t i = 0; i < 6; ++i) {
        const Particle& particle = table.particles[i];
        CHECK(particle.tomogram == "t");
        CHECK(std::abs(particle.positionVoxels.x - std::stod(block.rows[i][*block.column("rlnCoordinateX")])) < 1e-9);
        CHECK(std::abs(particle.positionVoxels.z - std::stod(block.rows[i][*block.column("rlnCoordinateZ")])) < 1e-9);
        CHECK((particle.positionVoxels.z > 0 && particle.positionVoxels.z < 47));
        CHECK(block.rows[i][*block.column("rlnClassNumber")] == (i < 3 ? "1" : "2"));
        CHECK(block.rows[i][*block.column("tomoloupeLabel")] == (i < 3 ? "proteasome-20s" : "apoferritin"));
    }
    // The same seed gives the same bytes.
    const std::string star = readTextFile(folder / "t.star"), voxels = readTextFile(folder / "t.mrc");
    make(smallTomogram(), sink, folder / "t.mrc", folder / "t.star");
    CHECK(readTextFile(folder / "t.star") == star);
    CHECK(readTextFile(folder / "t.mrc") == voxels);
}

TEST_CASE("a tomogram job that is cancelled or cannot succeed leaves nothing") {
    const test::TemporaryFolder folder;
    Sink sink;
    sink.stopAt = 0.5;
    CHECK_THROWS_AS(make(smallTomogram(), sink, folder / "t.mrc", folder / "t.star"), Cancelled);
    CHECK(isEmpty(folder.path()));
    SimulateTomogramOptions options = smallTomogram();
    options.perClass = 5000;
    Sink other;
    CHECK_THROWS_WITH(make(options, other, folder / "t.mrc", folder / "t.star"), test::contains("per-class"));
    CHECK(isEmpty(folder.path()));
    CHECK_THROWS_WITH(make(smallTomogram(), other, folder / "t.mrc", folder / "no" / "t.star"), test::contains("there is no folder"));
    CHECK_THROWS_WITH(make(smallTomogram(), other, folder / "t.mrc", folder / "t.mrc"), test::contains("cannot both be"));
    CHECK(isEmpty(folder.path()));
}
