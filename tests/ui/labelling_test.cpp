#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <cstdlib>

#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The real window on a made project, at the gallery.
struct Labelling {
    explicit Labelling(const std::filesystem::path& made) : window(test::makeParts()) {
        window.resize(1280, 800);
        window.choosePage(MainWindow::Gallery);
        window.show();
        window.openProject(made);
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.io().idle(); }));
        tiles = window.gallery()->tiles();
        tiles->setFocus();
    }
    template <typename Widget>
    Widget* find(const QString& name) {
        auto* widget = window.findChild<Widget*>(name);
        REQUIRE(widget);
        return widget;
    }
    void click(const char* name) { find<QPushButton>(QString::fromLatin1(name))->click(); }
    void type(const QString& name, const QString& text) {
        auto* line = find<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    }
    std::vector<std::int64_t> stored() {
        const auto other = Project::open(window.project().project()->folder());
        return other->labels(window.project().set()->record.id);
    }
    MainWindow window;
    TileView* tiles = nullptr;
};

}  // namespace

TEST_CASE("labelling, a chip labels what is chosen and shows the label") {
    const test::TemporaryFolder folder;
    Labelling at(test::makeProject(folder / "made.tomoloupe"));
    ProjectModel& project = at.window.project();
    const std::int64_t beta = *project.classForKey(QChar('2'));
    project.setCurrentParticle(7);
    at.find<QAbstractButton>("labelChip.beta")->click();
    CHECK(at.stored()[7] == beta);
    CHECK(project.currentParticle() == 7);
    project.setSelection({8, 10, 11});
    at.find<QAbstractButton>("labelChip.beta")->click();
    CHECK(at.stored()[10] == beta);
    CHECK(at.stored()[9] == 0);
    CHECK(project.selection().empty());
    CHECK(at.find<QLabel>("labelHistory")->text().contains(QStringLiteral("beta")));
    at.click("inspectorUndo");  // one step for the three
    CHECK(at.stored()[8] == 0);
    CHECK(at.stored()[7] == beta);
    CHECK(project.currentParticle() == 8);
}

TEST_CASE("labelling, classes are made, renamed, given a key and removed in the window; undo takes each back") {
    const test::TemporaryFolder folder;
    Labelling at(test::makeProject(folder / "made.tomoloupe"));
    ProjectModel& project = at.window.project();
    at.click("editClasses");
    at.type("newClass", "gamma");
    REQUIRE(project.contents().classes.size() == 3);
    const std::int64_t gamma = project.contents().classes[2].id;
    CHECK(project.classKey(gamma) == QChar('3'));
    at.type("newClass", "gamma");
    CHECK(at.find<QLabel>("classProblem")->text().contains(QStringLiteral("class named gamma already")));
    at.type("className.gamma", "delta");
    CHECK(project.className(gamma) == QStringLiteral("delta"));
    QTest::keyClick(at.find<QLineEdit>("classKey.delta"), Qt::Key_Backspace);
    QTest::keyClicks(at.find<QLineEdit>("classKey.delta"), QStringLiteral("d"));
    CHECK(project.classForKey(QChar('D')) == gamma);
    QTest::keyClick(at.find<QLineEdit>("classKey.alpha"), Qt::Key_Backspace);
    QTest::keyClicks(at.find<QLineEdit>("classKey.alpha"), QStringLiteral("d"));
    CHECK(at.find<QLabel>("classProblem")->text().contains(QStringLiteral("belongs to the class delta")));
    QTest::keyClick(at.find<QLineEdit>("classKey.beta"), Qt::Key_Backspace);
    QTest::keyClicks(at.find<QLineEdit>("classKey.beta"), QStringLiteral("j"));
    CHECK(at.find<QLabel>("classProblem")->text().contains(QStringLiteral("junk")));
    CHECK(project.labelsOf(*project.classForKey(QChar('1'))) == 6);
    at.click("removeClass.alpha");
    CHECK(project.labelled() == 0);
    at.find<QAction>("actionUndo")->trigger();
    CHECK(project.labelled() == 6);
    while (project.contents().classes.size() > 2) REQUIRE(project.undoLabels());
    CHECK(project.className(gamma).isEmpty());
    CHECK(project.labelled() == 6);
}

TEST_CASE("labelling, a second label set starts empty and is compared with the first") {
    const test::TemporaryFolder folder;
    Labelling at(test::makeProject(folder / "made.tomoloupe"));
    ProjectModel& project = at.window.project();
    at.click("editClasses");
    CHECK_FALSE(at.find<QComboBox>("otherLabelSet")->isVisible());
    auto* chosen = at.find<QComboBox>("labelSet");
    chosen->setEditText(QStringLiteral("second look"));
    QTest::keyClick(chosen->lineEdit(), Qt::Key_Return);
    REQUIRE(project.contents().labelSets.size() == 2);
    CHECK(project.labelled() == 0);
    REQUIRE(project.label(std::vector<std::int64_t>{0, 1, 2}, project.classForKey(QChar('1'))));
    REQUIRE(project.label(3, project.classForKey(QChar('2'))));
    auto* words = at.find<QLabel>("agreement");
    CHECK(QTest::qWaitFor([&] { return words->text().contains(QStringLiteral("3 of 4")); }));
    CHECK(words->text().contains(QStringLiteral("beta here, alpha there: 1")));
}

TEST_CASE("labelling, undo goes on where the window was closed") {
    const test::TemporaryFolder folder;
    const auto made = test::makeProject(folder / "made.tomoloupe");
    {
        Labelling at(made);
        at.window.project().setCurrentParticle(6);
        for (const auto key : {Qt::Key_1, Qt::Key_2, Qt::Key_2}) QTest::keyClick(at.tiles, key);
        at.find<QAction>("actionUndo")->trigger();
        CHECK(at.window.project().labelled() == 8);
        at.window.close();
    }
    Labelling at(made);
    const std::int64_t alpha = *at.window.project().classForKey(QChar('1')), beta = *at.window.project().classForKey(QChar('2'));
    CHECK(at.stored()[6] == alpha);
    CHECK(at.stored()[7] == beta);
    at.find<QAction>("actionRedo")->trigger();
    CHECK(at.stored()[8] == beta);
    for (int i = 0; i < 3; ++i) at.find<QAction>("actionUndo")->trigger();
    CHECK(at.stored()[6] == 0);
    CHECK(at.window.project().currentParticle() == 6);
    CHECK(at.window.project().labelled() == 6);
}

TEST_CASE("labelling, every label that was typed survives a kill -9 of the window") {
    const test::TemporaryFolder folder;
    const auto made = test::makeProject(folder / "made.tomoloupe", 60);
    const char* typist = std::getenv("TOMOLOUPE_LABEL_TYPIST");
    REQUIRE(typist);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::execl(typist, typist, made.c_str(), "50", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    std::FILE* said = ::fdopen(ends[0], "r");
    std::vector<std::size_t> reported;
    long long index = 0;
    double stored = 0, shown = 0;
    while (std::fscanf(said, "%lld %lf %lf", &index, &stored, &shown) == 3) {
        reported.push_back(std::size_t(index));
        if (reported.size() == 20) ::kill(child, SIGKILL);
    }
    std::fclose(said);
    ::waitpid(child, nullptr, 0);
    REQUIRE(reported.size() >= 20);
    const auto project = Project::open(made);
    const auto labels = project->labels(project->particleSet("made").id);
    for (const std::size_t particle : reported) CHECK(labels[particle] != 0);
}
