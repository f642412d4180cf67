#include <QAction>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>

#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/import_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/navigator.h"
#include "ui/panels/start_page.h"
#include "ui/shell/action_list.h"
#include "ui/shell/command_field.h"
#include "ui/shell/help_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/rail.h"

namespace tomoloupe {
namespace {

constexpr std::array<const char*, MainWindow::PageCount> kPageActions{
    "actionPageTomogram", "actionPageGallery", "actionPageMap",   "actionPageTrain",   "actionPageResults",
    "actionPageExplain",  "actionPagePick",    "actionPageLabel", "actionPageSimulate"};

}  // namespace

void MainWindow::buildActions() {
    addFileActions();
    menu_->addSeparator();
    const QString labels = tr("Labels");
    menu_->addAction(actions_->add(
        {"actionUndo", tr("Undo a step"), labels, tr("Takes back the last change of labels, classes or picks, also over restarts"),
         QKeySequence(Qt::CTRL | Qt::Key_Z)},
        [this] { project_->undoLabels(); }));
    menu_->addAction(actions_->add({"actionRedo", tr("Redo a step"), labels, tr("Does again what was undone"),
                                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)},
                                   [this] { project_->redoLabels(); }));
    menu_->addAction(actions_->add(
        {"actionEditClasses", tr("Edit classes and label sets"), labels,
         tr("Makes, names, colours and removes classes; chooses and compares label sets"), QKeySequence(Qt::CTRL | Qt::Key_E)},
        [this] { editClasses(); }));
    menu_->addSeparator();
    addPageActions();
    menu_->addSeparator();
    addWindowActions();
    connect(actions_, &ActionList::changed, this, &MainWindow::tellKeys);
    actions_->setClassKeys([this](std::int64_t classId, const QKeySequence& key) { return storeClassKey(classId, key); });
    tellKeys();
}

QString MainWindow::storeClassKey(std::int64_t classId, const QKeySequence& key) {
    const ClassRecord* known = project_->classOf(classId);
    if (!known) return tr("This class is not there any more.");
    const QString text = key.toString(QKeySequence::PortableText).toLower();
    const bool usable = text.isEmpty() || (text.size() == 1 && text[0].isLetterOrNumber() && text[0].unicode() < 128);
    if (!usable) return tr("The key of a class is a digit or a letter from A to Z, pressed alone.");
    if (text == QLatin1String("j") || text == QLatin1String("u"))
        return tr("J stands for junk and U for unsure; choose another key.");
    ClassRecord changed = *known;
    changed.key = text.toStdString();
    return project_->storeClass(changed) ? QString() : tr("The key is not stored; the bottom of the window says why.");
}

/// In the inspector, on a page that has one.
void MainWindow::editClasses() {
    if (!project_->isOpen()) return;
    if (page_ != Tomogram && page_ != Gallery && page_ != Map && page_ != Label && page_ != Results) showPage(Gallery);
    inspectorHidden_ = false;
    placePanels();
    inspector_->editClasses();
}

void MainWindow::compareLabels(const QString& labelSet) {
    editClasses();
    inspector_->compareLabels(labelSet);
}

/// They become picks, which are moved on the tomogram page.
void MainWindow::editParticlesOf(const QString& set) {
    if (!project_->pickAgain(set)) return;
    showPage(Tomogram);
    if (QAction* move = actions_->find("actionMovePicks")) move->trigger();
}

void MainWindow::addFileActions() {
    const QString group = tr("Project and files");
    const auto add = [&](const ActionList::Spec& spec, const std::function<void()>& does) {
        menu_->addAction(actions_->add(spec, does));
    };
    add({"actionOpenProject", tr("Open a project…"), group, tr("A folder NAME.tomoloupe"),
         QKeySequence(QKeySequence::Open)},
        [this] { askForProject(); });
    add({"actionNewProject", tr("New project…"), group, tr("Makes an empty project folder"),
         QKeySequence(QKeySequence::New)},
        [this] { askForNewProject(); });
    add({"actionOpenTomogram", tr("Add or open a tomogram…"), group,
         tr("Notes it in the project; the file stays where it is. Without a project it is only looked at"),
         QKeySequence(Qt::CTRL | Qt::Key_T)},
        [this] { askForTomogram(); });
    add({"actionImportFolder", tr("Import a folder of subtomograms…"), group,
         tr("One volume a file becomes a particle set; a labels.csv, or sub-folders, give the labels"),
         QKeySequence(Qt::CTRL | Qt::Key_I)},
        [this] { askForFolderToImport(); });
    add({"actionImportList", tr("Import a particle list…"), group,
         tr("Positions of RELION or Warp, looked at on the tomogram before they are taken"),
         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I)},
        [this] { askForListToImport(); });
    add({"actionExport", tr("Export the particle set…"), group,
         tr("The set in use with its labels and predictions, as a STAR file for RELION or as a CSV table"),
         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)},
        [this] { askForExport(); });
    add({"actionDemo", tr("Demo project"), group, tr("A ready project, simulated the first time")},
        [this] { openDemo(); });
}

void MainWindow::addPageActions() {
    const std::array<QString, PageCount> help{tr("Slices and surface of a tomogram with its particles"),
                                              tr("Look at particles and label them"),
                                              tr("Which particles look alike to a network; groups of them become classes"),
                                              tr("Pre-train, fine-tune, and what became of it"),
                                              tr("How good a model is, where it errs, and its predictions as labels"),
                                              tr("Where the network looks, as heat over the slices"),
                                              tr("Find particles in a tomogram"),
                                              tr("Label what the model proposes while it learns"),
                                              tr("Make subtomograms whose truth is known")};
    for (int page = 0; page < PageCount; ++page) {
        const auto at = static_cast<std::size_t>(page);
        menu_->addAction(
            actions_->add({kPageActions[at], tr("Page: %1").arg(titleOf(static_cast<Page>(page))), tr("Pages"),
                           help[at], QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page))},
                          [this, page] {
                              if (workspace_) showPage(static_cast<Page>(page));
                          }));
    }
}

void MainWindow::addWindowActions() {
    const QString group = tr("Window");
    const auto add = [&](const ActionList::Spec& spec, const std::function<void()>& does) {
        menu_->addAction(actions_->add(spec, does));
    };
    add({"actionCommand", tr("Search or run a command"), group,
         tr("Finds actions, tomograms, particle sets and runs by name"), QKeySequence(Qt::CTRL | Qt::Key_K)},
        [this] { commandField_->open(); });
    add({"actionHelp", tr("Keys and help"), group, tr("This page: every action with its keys, which can be changed"),
         QKeySequence(Qt::Key_F1)},
        [this] { toggleHelp(); });
    add({"actionNavigator", tr("Show or hide the navigator"), group,
         tr("The column with tomograms, sets, classes and runs"), QKeySequence(Qt::Key_F6)},
        [this] {
            navigatorHidden_ = !navigatorHidden_;
            placePanels();
        });
    add({"actionInspector", tr("Show or hide the inspector"), group, tr("The column with the current particle or run"),
         QKeySequence(Qt::Key_F7)},
        [this] {
            inspectorHidden_ = !inspectorHidden_;
            placePanels();
        });
    add({"actionTheme", tr("Light or dark"), group, tr("Changes the colours of the window"), QKeySequence(Qt::Key_F8)},
        [this] { setTheme(theme_ == Theme::Dark ? Theme::Light : Theme::Dark); });
    add({"actionQuit", tr("Quit"), group, tr("What runs is finished first; quitting again stops it"),
         QKeySequence(Qt::CTRL | Qt::Key_Q)},
        [this] { close(); });
}

void MainWindow::tellKeys() {
    if (const QAction* action = actions_->find("actionCommand")) commandField_->setKeys(ActionList::keyText(action));
    for (int page = 0; page < PageCount; ++page) {
        QAction* action = actions_->find(kPageActions[static_cast<std::size_t>(page)]);
        if (!action) continue;
        action->setEnabled(rail_ != nullptr);  // there are no pages before something is open
        const QString name = titleOf(static_cast<Page>(page)), keys = ActionList::keyText(action);
        if (rail_) rail_->setToolTip(page, keys.isEmpty() ? name : tr("%1 (%2)").arg(name, keys));
    }
}

void MainWindow::toggleHelp() {
    if (!help_) {
        help_ = new HelpPage(*actions_, body_);
        body_->addWidget(help_);
        connect(help_, &HelpPage::closeWanted, this, &MainWindow::toggleHelp);
    }
    if (body_->currentWidget() == help_) {
        body_->setCurrentWidget(beforeHelp_ ? beforeHelp_.data() : static_cast<QWidget*>(start_));
    } else {
        beforeHelp_ = body_->currentWidget();
        body_->setCurrentWidget(help_);
    }
}

std::vector<Command> MainWindow::commands() {
    std::vector<Command> found;
    actions_->collect();
    addActionCommands(found);
    addButtonCommands(found);
    addProjectCommands(found);
    return found;
}

void MainWindow::addActionCommands(std::vector<Command>& commands) {
    for (const ActionList::Entry& entry : actions_->entries()) {
        if (!entry.action || !entry.action->isEnabled() || entry.action->objectName() == QLatin1String("actionCommand"))
            continue;
        int home = -1;  // an action of a page wants its page in sight
        for (int page = 0; page < PageCount; ++page) {
            const QWidget* made = made_[static_cast<std::size_t>(page)];
            for (const QObject* at = entry.action->parent(); made && at; at = at->parent()) {
                if (at == made) home = page;
            }
        }
        commands.push_back({QString(entry.action->text()).remove(QChar('&')), entry.group,
                            ActionList::keyText(entry.action), [this, home, action = entry.action] {
                                if (!action) return;
                                if (home >= 0) showPage(static_cast<Page>(home));
                                action->trigger();
                            }});
    }
}

/// What can be pressed on the page in sight.
void MainWindow::addButtonCommands(std::vector<Command>& commands) {
    if (!workspace_ || body_->currentWidget() != workspace_) return;
    for (QPushButton* button : pages_->currentWidget()->findChildren<QPushButton*>()) {
        if (button->objectName().isEmpty() || button->text().isEmpty() || !button->isVisible() || !button->isEnabled())
            continue;
        commands.push_back(
            {QString(button->text()).remove(QChar('&')), titleOf(page_), {}, [guarded = QPointer(button)] {
                 if (guarded) guarded->click();
             }});
    }
}

void MainWindow::addProjectCommands(std::vector<Command>& commands) {
    if (!project_->isOpen()) return;
    const ProjectContents& contents = project_->contents();
    for (const TomogramRecord& record : contents.tomograms) {
        const QString name = toQString(record.name);
        commands.push_back({name, tr("Tomogram"), {}, [this, name] {
                                project_->setCurrentTomogram(name);
                                showPage(Tomogram);
                            }});
        if (navigator_->missing().count(record.name) > 0)
            commands.push_back(
                {tr("Find the file of %1…").arg(name), tr("Tomogram"), {}, [this, name] { askForFileOf(name); }});
    }
    for (const ParticleSetRecord& record : contents.sets) {
        const QString name = toQString(record.name);
        commands.push_back({name, tr("Particle set"), {}, [this, name] {
                                project_->setCurrentSet(name);
                                showPage(Gallery);
                            }});
        commands.push_back({tr("Edit the particles of %1").arg(name), tr("Particle set"), {},
                            [this, name] { editParticlesOf(name); }});
    }
    addLabelSetCommands(commands);
    if (importPage_)
        commands.push_back({tr("Look at %1, which waits to be imported").arg(listName(importPage_->file())), tr("Particle list"),
                            {}, [this] { showWaitingList(); }});
    for (const RunRow& row : contents.runs) {
        const QString id = toQString(row.run.id());
        commands.push_back({id + QChar(' ') + RunsModel::whatText(row), tr("Run"), {}, [this, id] { selectRun(id); }});
    }
}

void MainWindow::addLabelSetCommands(std::vector<Command>& commands) {
    for (const LabelSetRecord& record : project_->contents().labelSets) {
        const QString name = toQString(record.name);
        if (record.current) continue;
        commands.push_back({tr("Use the labels of %1").arg(name), tr("Label set"), {}, [this, name] {
                                project_->useLabelSet(name);
                            }});
        commands.push_back({tr("Compare the labels in use with %1").arg(name), tr("Label set"), {},
                            [this, name] { compareLabels(name); }});
    }
    commands.push_back({tr("New label set"), tr("Label set"), {}, [this] {
                            navigatorHidden_ = false;
                            placePanels();
                            navigator_->newLabelSet();
                        }});
}

}  // namespace tomoloupe
