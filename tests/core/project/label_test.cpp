#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;
using Labels = std::vector<std::int64_t>;

extern char** environ;

TEST_CASE("labels, undo and redo walk the history") {
    ExampleProject example(3);
    const auto now = [&] { return example.project->labels(example.set.id); };
    const std::int64_t r = example.ribosome, p = example.proteasome;
    CHECK_FALSE(example.project->undoLabels("test"));
    CHECK_FALSE(example.project->redoLabels("test"));
    example.label(0, r);
    example.label(0, p);
    const LabelEdit both[] = {{example.ids[1], r}, {example.ids[2], p}};
    example.project->setLabels(both, "test");
    CHECK(now() == Labels{p, r, p});
    CHECK(example.project->undoLabels("test"));
    CHECK(now() == Labels{p, 0, 0});
    CHECK(example.project->undoLabels("test"));
    CHECK(now() == Labels{r, 0, 0});
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->redoLabels("test"));
    CHECK(now() == Labels{p, r, p});
    CHECK_FALSE(example.project->redoLabels("test"));
    for (int i = 0; i < 3; ++i) CHECK(example.project->undoLabels("test"));
    CHECK_FALSE(example.project->undoLabels("test"));
    CHECK(now() == Labels{0, 0, 0});
    CHECK(example.project->labelCount() == 0);
}

TEST_CASE("labels, a new label gives up what could be redone") {
    ExampleProject example(2);
    example.label(0, example.ribosome);
    example.label(1, example.ribosome);
    example.project->undoLabels("test");
    example.label(0, std::nullopt);
    CHECK_FALSE(example.project->redoLabels("test"));
    CHECK(example.project->labels(example.set.id) == Labels{0, 0});
    example.project->undoLabels("test");
    example.project->undoLabels("test");
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->labels(example.set.id) == Labels{0, 0});
    CHECK_FALSE(example.project->redoLabels("test"));
}

TEST_CASE("labels, undo and redo go on after the project was closed") {
    ExampleProject example(2);
    example.label(0, example.ribosome);
    example.label(1, example.proteasome, "Ada");
    example.reopen();
    CHECK(example.project->undoLabels("Ben"));
    CHECK(example.project->labels(example.set.id) == Labels{example.ribosome, 0});
    example.reopen();
    CHECK(example.project->redoLabels("Ben"));
    CHECK(example.project->labels(example.set.id) == Labels{example.ribosome, example.proteasome});
    const auto history = example.project->labelHistory(example.ids[1]);
    REQUIRE(history.size() == 3);
    CHECK(history[0].kind == "redo");
    CHECK(history[1].kind == "undo");
    CHECK(history[1].author == "Ben");
    CHECK(history[2].kind == "set");
    CHECK(history[2].author == "Ada");
    CHECK(history[2].time.size() == std::string("2026-01-31T12:00:00Z").size());
}

TEST_CASE("labels, edits that change nothing are no action, and the last of several holds") {
    ExampleProject example(1);
    CHECK(example.label(0, example.ribosome) > 0);
    CHECK(example.label(0, example.ribosome) == 0);
    const LabelEdit twice[] = {{example.ids[0], example.proteasome}, {example.ids[0], std::nullopt}};
    CHECK(example.project->setLabels(twice, "test") > 0);
    CHECK(example.project->labelCount() == 0);
    CHECK(example.project->undoLabels("test"));
    CHECK(example.project->labels(example.set.id) == Labels{example.ribosome});
}

TEST_CASE("labels, of no particle or class are refused whole") {
    ExampleProject example(2);
    const LabelEdit edits[] = {{example.ids[0], example.ribosome}, {99999, example.ribosome}};
    CHECK_THROWS_AS(example.project->setLabels(edits, "test"), Error);
    const LabelEdit noClass{example.ids[0], 77};
    CHECK_THROWS_AS(example.project->setLabels({&noClass, 1}, "test"), Error);
    CHECK(example.project->labelCount() == 0);
}

TEST_CASE("labels, two objects on one project see each other's and take turns") {
    ExampleProject example(400);
    const auto other = Project::open(example.path);
    std::thread even([&] {
        for (std::size_t i = 0; i < 400; i += 2) example.label(i, example.ribosome);
    });
    for (std::size_t i = 1; i < 400; i += 2) {
        const LabelEdit edit{example.ids[i], example.proteasome};
        other->setLabels({&edit, 1}, "other");
    }
    even.join();
    CHECK(example.project->labelCount() == 400);
    CHECK(other->labels(example.set.id) == example.project->labels(example.set.id));
}

TEST_CASE("labels, every stored one survives a kill -9 of the process that writes") {
    ExampleProject example(5000);
    const char* writer = std::getenv("TOMOLOUPE_LABEL_WRITER");
    std::string program = writer ? writer : "label_writer", folder = example.path.string();
    std::vector<std::int64_t> reported;
    for (const std::size_t killAfter : {500u, 1500u}) {
        example.project.reset();
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        char* arguments[] = {program.data(), folder.data(), nullptr};
        pid_t child = 0;
        REQUIRE(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ) == 0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        std::int64_t id = 0;
        while (::read(ends[0], &id, sizeof id) == sizeof id) {
            reported.push_back(id);
            if (reported.size() == killAfter) ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
        REQUIRE(reported.size() >= killAfter);
        example.project = Project::open(example.path);
        const auto labels = example.project->labels(example.set.id);
        for (const std::int64_t stored : reported)
            if (labels[static_cast<std::size_t>(stored - example.ids.front())] != example.ribosome) FAIL("label lost");
    }
    CHECK(example.project->undoLabels("test"));
}

TEST_CASE("labels, one is stored in 10 ms in a project of many particles") {
    ExampleProject example(200000);
    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < 100; ++i) {
        const auto start = std::chrono::steady_clock::now();
        example.label(i * 1999, example.ribosome);
        milliseconds.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(milliseconds.begin(), milliseconds.begin() + 50, milliseconds.end());
    CHECK(milliseconds[50] < 10);
}

TEST_CASE("label sets, tell how many labels they hold and take another name") {
    ExampleProject example(3);
    example.label(0, example.ribosome);
    example.label(1, example.ribosome);
    example.project->useLabelSet("second");
    example.label(0, example.proteasome);
    const auto sets = example.project->labelSets();
    REQUIRE(sets.size() == 2);
    CHECK(sets[0].labels == 2);
    CHECK(sets[1].labels == 1);
    CHECK(sets[1].current);
    CHECK_THROWS_WITH(example.project->renameLabelSet("second", sets[0].name), contains("already"));
    CHECK_THROWS_WITH(example.project->renameLabelSet("third", "x"), contains("no label set"));
    CHECK_THROWS_WITH(example.project->renameLabelSet("second", ""), contains("needs a name"));
    example.project->renameLabelSet("second", "by Ann");
    example.reopen();
    CHECK(example.project->labelSets()[1].name == "by Ann");
    CHECK(example.project->labelsIn("by Ann", example.set.id)[0] == example.proteasome);
    CHECK_THROWS_WITH(example.project->labelsIn("second", example.set.id), contains("by Ann"));
}

TEST_CASE("labels, another program's long writing keeps one out without losing anything") {
    ExampleProject example(2);
    example.label(0, example.ribosome);
    example.project->setPatience(std::chrono::milliseconds(5));
    {
        SQLite::Database other((example.path / "project.db").string(), SQLite::OPEN_READWRITE);
        SQLite::Transaction writes(other, SQLite::TransactionBehavior::IMMEDIATE);
        CHECK_THROWS_AS(example.label(1, example.proteasome), ProjectBusy);
        CHECK_THROWS_AS(example.project->undoLabels("test"), ProjectBusy);
        CHECK(example.project->labels(example.set.id) == std::vector<std::int64_t>{example.ribosome, 0});
    }
    CHECK(example.label(1, example.proteasome) > 0);
    CHECK(example.project->labels(example.set.id) == std::vector<std::int64_t>{example.ribosome, example.proteasome});
}

TEST_CASE("predictions, many are stored in pieces and are all there in the end") {
    constexpr std::int64_t kCount = 30000;
    ExampleProject example(kCount);
    const std::vector<std::int64_t> ids = example.project->particleIds(example.set.id);
    std::vector<Prediction> predictions;
    for (const std::int64_t id : ids) predictions.push_back({id, id % 3 == 0 ? example.ribosome : example.proteasome, {0.25f, 0.75f}});
    const auto other = Project::open(example.path);
    std::thread storing([&] {
        for (int turn = 0; turn < 2; ++turn) other->storePredictions("0001", example.set.id, predictions);
    });
    for (std::size_t i = 0; i < 50; ++i) CHECK(example.label(i, example.ribosome) > 0);
    storing.join();
    const PredictionColumns found = example.project->predictionColumns("0001", example.set.id);
    REQUIRE(found.best.size() == static_cast<std::size_t>(kCount));
    bool same = true;
    for (std::size_t i = 0; i < ids.size(); ++i) same = same && found.best[i] == predictions[i].classId;
    CHECK(same);
    CHECK(example.project->labelCount() == 50);
    predictions.back().particleId = ids.back() + 1;
    CHECK_THROWS_WITH(example.project->storePredictions("0002", example.set.id, predictions), contains("not in the set"));
    CHECK(example.project->predictionColumns("0002", example.set.id).best.empty());
}
