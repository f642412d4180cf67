#include <QAbstractButton>
#include <QLabel>
#include <QScrollArea>

#include "tests/ui/open_window.h"
#include "ui/panels/inspector.h"

using namespace tomoloupe;
using test::OpenWindow;

namespace {

bool tells(OpenWindow& open, const QString& words) {
    for (const QLabel* label : open.find<QWidget>("inspector")->findChildren<QLabel*>()) {
        if (label->isVisible() && label->text() == words) return true;
    }
    return false;
}

void addSet(Project& project, const std::string& name, const std::string& format) {
    ParticleTable table;
    table.format = format;
    table.particles.resize(2);
    for (Particle& particle : table.particles) particle.source = "proteasome-20s";
    static_cast<void>(project.addParticleSet(name, table, "test"));
}

}  // namespace

TEST_CASE("inspector, does not tell what a simulated particle was made from") {
    OpenWindow open([](Project& project) {
        addSet(project, "found", "csv");
        addSet(project, "drawn", "simulated");
    });
    const auto show = [&](const char* set) {
        open.project().setCurrentSet(QString::fromLatin1(set));
        open.settle([&] { return open.project().set()->record.name == set; });
    };
    show("found");
    CHECK(tells(open, "Source"));
    CHECK(tells(open, "proteasome-20s"));
    show("drawn");
    CHECK_FALSE(tells(open, "Source"));
    CHECK_FALSE(tells(open, "proteasome-20s"));
}

TEST_CASE("inspector, the prediction stays in sight beside many classes in a small window") {
    constexpr std::size_t kClasses = 24;
    OpenWindow open(
        [](Project& project) {
            for (std::size_t i = 2; i < kClasses; ++i)
                static_cast<void>(project.addClass("class number " + std::to_string(i)));
            const auto classes = project.classes();
            RunConfig config;
            config.kind = "predict";
            config.particleSet = "made";
            const Run run = project.createRun(config);
            const std::int64_t set = project.particleSet("made").id;
            std::vector<Prediction> predictions;
            for (const std::int64_t id : project.particleIds(set)) {
                Prediction prediction{id, classes[20].id, std::vector<float>(kClasses, 0.01f)};
                prediction.probabilities[20] = 0.77f;
                predictions.push_back(prediction);
            }
            project.storePredictions(run.id(), set, predictions);
        },
        false, {1280, 800});
    open.project().setCurrentParticle(8);
    open.settle();
    auto* bars = open.find<QWidget>("predictionBars");
    const auto inSight = [&](const QWidget* widget) {
        return widget->isVisible() && !widget->visibleRegion().isEmpty() &&
               widget->visibleRegion().boundingRect() == widget->rect();
    };
    CHECK(inSight(bars));
    CHECK(inSight(open.find<QAbstractButton>("labelChip.class number 20")));  // the suggestion
    CHECK_FALSE(inSight(open.find<QAbstractButton>("labelChip.alpha")));
    REQUIRE(open.project().label(8, open.project().contents().classes[0].id));
    CHECK(inSight(open.find<QAbstractButton>("labelChip.alpha")));
    CHECK(inSight(bars));
}
