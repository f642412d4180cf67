#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/io/mrc_writer.h"
#include "core/io/reader.h"
#include "core/project/import.h"
#include "core/project/project.h"
#include "core/recipe/recipe.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

class QuietSink : public JobSink {
  public:
    StopSource stop;
    bool cancelAtProgress = false;
    void onProgress(const Progress&) override {
        if (cancelAtProgress) stop.request(StopWish::Cancel);
    }
    void onMetric(const Metric&) override {}
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
};

const std::vector<Vec3> kPlaces{{20, 22, 15}, {50, 60, 24}, {58, 18, 30}, {30, 50, 36}, {9, 68, 40}};

/// Dark balls of six voxels' radius in weak noise.
Volume ballsInNoise() {
    std::mt19937_64 random(2);
    std::normal_distribution<float> normal(0, 0.2f);
    std::vector<float> voxels;
    for (int z = 0; z < 48; ++z)
        for (int y = 0; y < 80; ++y)
            for (int x = 0; x < 72; ++x) {
                float value = normal(random);
                for (const Vec3 p : kPlaces)
                    if (std::hypot(x - p.x, y - p.y, z - p.z) <= 6) value -= 1;
                voxels.push_back(value);
            }
    return Volume({72, 80, 48}, std::move(voxels), 10);
}

/// A project with the tomogram "balls".
struct Fixture {
    test::TemporaryFolder folder;
    std::unique_ptr<Project> project = Project::create(folder / "p.tomoloupe");

    Fixture() {
        writeMrc(folder / "balls.mrc", ballsInNoise());
        (void)importTomogram(*project, builtInReaders(), folder / "balls.mrc");
    }

    Run prepared(const std::string& kind, const std::string& set, const nlohmann::json& options) {
        RunConfig config;
        config.kind = kind;
        config.title = "test";
        config.options = options;
        config.particleSet = set;
        return project->createRun(config);
    }

    nlohmann::json work(const std::string& kind, const std::string& set, const nlohmann::json& options) {
        const Run run = prepared(kind, set, options);
        QuietSink sink;
        perform(run, sink);
        return run.result();
    }

    static void perform(const Run& run, QuietSink& sink) {
        JobContext context(sink.stop.token(), sink);
        (run.config().kind == "pick" ? makePickJob(run) : makeExtractJob(run))->run(context);
    }

    static nlohmann::json dog() { return {{"method", "dog"}, {"tomogram", "balls"}, {"diameter", 120}}; }
};

}  // namespace

TEST_CASE("pick run, stores the picks best first with score, place and tomogram") {
    Fixture fixture;
    const nlohmann::json result = fixture.work("pick", "found", Fixture::dog());
    CHECK(result.at("count") == kPlaces.size());
    const ParticleSetRecord set = fixture.project->particleSet("found");
    const auto particles = fixture.project->particles(set.id).particles;
    REQUIRE(particles.size() == kPlaces.size());
    for (std::size_t i = 0; i < particles.size(); ++i) {
        CHECK(particles[i].tomogram == "balls");
        if (i > 0) CHECK(particles[i].score <= particles[i - 1].score);
        const Vec3 at = particles[i].positionVoxels;
        CHECK(std::any_of(kPlaces.begin(), kPlaces.end(), [&](Vec3 p) { return std::hypot(at.x - p.x, at.y - p.y, at.z - p.z) < 2; }));
    }
    CHECK(result.at("best_score").get<double>() == Approx(particles.front().score));
    CHECK(result.at("worst_score").get<double>() >= result.at("threshold").get<double>());
    CHECK_THROWS_WITH(fixture.work("pick", "found", Fixture::dog()), test::contains("has a particle set named found already"));
}

TEST_CASE("pick run, says what is wrong before it works and leaves nothing") {
    Fixture fixture;
    auto options = Fixture::dog();
    options["tomogram"] = "nowhere";
    CHECK_THROWS_WITH(fixture.work("pick", "a", options), test::contains("it has balls"));
    options = Fixture::dog();
    options["diameter"] = 600;
    CHECK_THROWS_WITH(fixture.work("pick", "a", options), test::contains("does not fit tomogram balls"));
    CHECK_THROWS_WITH(fixture.work("pick", "a", {{"method", "template"}}), test::contains("needs at least one"));
    const Run cancelled = fixture.prepared("pick", "a", Fixture::dog());
    QuietSink sink;
    sink.cancelAtProgress = true;
    CHECK_THROWS_AS(Fixture::perform(cancelled, sink), Cancelled);
    std::filesystem::rename(fixture.folder / "balls.mrc", fixture.folder / "moved.mrc");
    CHECK_THROWS_WITH(fixture.work("pick", "a", Fixture::dog()), test::contains("project relink"));
    CHECK(fixture.project->particleSets().empty());
}

TEST_CASE("extraction run, volume i is particle i, light in its middle") {
    Fixture fixture;
    fixture.work("pick", "found", Fixture::dog());
    const nlohmann::json result = fixture.work("extract", "found", {{"box", 20}});
    CHECK(result.at("count") == kPlaces.size());
    CHECK(result.at("padded") == 1);  // the one at z = 40 of 48
    CHECK(result.at("skipped") == 0);
    CHECK(result.at("voxel_size") == 10);
    const ParticleSetRecord set = fixture.project->particleSet("found");
    CHECK(set.boxSize == 20);
    const auto source = fixture.project->subtomograms(set);
    const Volume tomogram = ballsInNoise();
    const auto particles = fixture.project->particles(set.id).particles;
    REQUIRE(source->count() == std::int64_t(particles.size()));
    for (std::size_t i = 0; i < particles.size(); ++i) {
        const Volume cut = source->read(std::int64_t(i));
        const Vec3 p = particles[i].positionVoxels;
        // Two voxels tell the straight line between the tomogram's values and the subtomogram's; a third must lie on it.
        const auto inside = [&](std::int64_t dx) { return double(tomogram.at(std::int64_t(p.x) + dx, std::int64_t(p.y), std::int64_t(p.z))); };
        const auto there = [&](std::int64_t dx) { return double(cut.at(10 + dx, 10, 10)); };
        const double slope = (there(-7) - there(0)) / (inside(-7) - inside(0));
        CHECK(slope < 0);  // inverted
        CHECK(there(3) == Approx(there(0) + slope * (inside(3) - inside(0))).margin(1e-4));
    }
    CHECK_THROWS_WITH(fixture.work("extract", "lost", {}), test::contains("there are: found"));
}

TEST_CASE("extraction run, leaves a whole set of its own where particles are skipped") {
    Fixture fixture;
    fixture.work("pick", "found", Fixture::dog());
    const auto all = fixture.project->particles(fixture.project->particleSet("found").id).particles;
    const auto ids = fixture.project->particleIds(fixture.project->particleSet("found").id);
    const std::int64_t ball = fixture.project->addClass("ball").id;
    fixture.project->setLabels(std::vector<LabelEdit>{{ids[0], ball}, {ids[4], ball}}, "test");
    const nlohmann::json result = fixture.work("extract", "found", {{"box", 12}, {"border", "skip"}, {"binning", 2}});
    CHECK(result.at("set") == "found-inside");
    CHECK(result.at("skipped").get<int>() + result.at("count").get<int>() == 5);
    CHECK(result.at("voxel_size") == 20);
    CHECK(fixture.project->particleSet("found").stackPath.empty());
    const ParticleSetRecord inside = fixture.project->particleSet("found-inside");
    const auto kept = fixture.project->particles(inside.id).particles;
    REQUIRE(kept.size() == result.at("count").get<std::size_t>());
    CHECK(fixture.project->subtomograms(inside)->count() == std::int64_t(kept.size()));
    const auto labels = fixture.project->labels(inside.id);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const Particle& p) { return p.positionVoxels == kept[i].positionVoxels; });
        REQUIRE(same != all.end());
        CHECK((labels[i] == ball) == (same == all.begin() || same == all.begin() + 4));
    }
    CHECK_THROWS_WITH(fixture.work("extract", "found", {{"box", 12}, {"border", "skip"}, {"binning", 2}}),
                      test::contains("has a particle set named found-inside already"));
    CHECK_THROWS_WITH(fixture.work("extract", "found", {{"box", 64}, {"border", "skip"}}), test::contains("smaller --box"));
}

TEST_CASE("pick preview, gives the slice's response and spots near it") {
    const Fixture fixture;
    const auto file = builtInReaders().open(fixture.folder / "balls.mrc");
    const PickPreview preview = previewPicking(*file, Fixture::dog().dump(), 15, {});
    CHECK(preview.response.shape() == Index3{72, 80, 1});
    REQUIRE_FALSE(preview.spots.empty());
    CHECK(std::hypot(preview.spots[0].positionVoxels.x - 20, preview.spots[0].positionVoxels.y - 22) < 2);
    CHECK(preview.response.at(20, 22, 0) > preview.response.at(50, 20, 0));
}
