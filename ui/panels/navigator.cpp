#include "ui/panels/navigator.h"

#include <QContextMenuEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolButton>
#include <algorithm>
#include <filesystem>
#include <map>

#include "ui/bridge/text.h"
#include "ui/bridge/text_match.h"
#include "ui/panels/navigator_delegate.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kSearchHeight = 44;
constexpr int kMostRuns = 12;  // unless searched for; the train page lists them all
constexpr int kFindWidth = 56;

QString fileText(const TomogramRecord& record) {
    return QString::fromStdString(record.path.string());
}

}  // namespace

Navigator::Navigator(const Workbench& workbench, QWidget* parent)
    : QListWidget(parent), bench_(workbench), runs_(workbench.project, workbench.jobs) {
    setObjectName(QStringLiteral("navigator"));
    setAccessibleName(tr("Project navigator"));
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::NoSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setUniformItemSizes(false);
    setMouseTracking(true);
    auto* delegate = new NavigatorDelegate(this);
    setItemDelegate(delegate);
    setEditTriggers(QAbstractItemView::EditKeyPressed);
    // The editor is done with first: a new name makes all rows anew.
    connect(delegate, &NavigatorDelegate::renamed, this,
            [this](const QString& name, const QString& newName) {
                if (!newName.trimmed().isEmpty() && newName.trimmed() != name)
                    bench_.project.renameLabelSet(name, newName);
            }, Qt::QueuedConnection);
    buildSearch();
    connect(this, &QListWidget::itemClicked, this, &Navigator::choose);
    connect(this, &QListWidget::itemActivated, this, &Navigator::choose);
    for (const auto signal : {&ProjectModel::contentsChanged, &ProjectModel::runsChanged, &ProjectModel::setChanged,
                              &ProjectModel::classesChanged, &ProjectModel::tomogramChanged}) {
        connect(&bench_.project, signal, this, &Navigator::rebuild);
    }
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &Navigator::showLabels);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &Navigator::lookForFiles);
    connect(&runs_, &RunsModel::dataChanged, this, &Navigator::showRuns);
    rebuild();
    lookForFiles();
}

void Navigator::buildSearch() {
    search_ = new QLineEdit(this);
    search_->setObjectName(QStringLiteral("navigatorSearch"));
    search_->setPlaceholderText(tr("Filter"));
    search_->setAccessibleName(tr("Filter the navigator"));
    search_->setToolTip(tr("Shows the tomograms, sets, label sets, classes and runs with these words; Enter opens the first"));
    search_->setClearButtonEnabled(true);
    search_->installEventFilter(this);
    connect(search_, &QLineEdit::textChanged, this, &Navigator::rebuild);
    unfold_ = new QToolButton(this);
    unfold_->setObjectName(QStringLiteral("navigatorUnfold"));
    unfold_->setText(QStringLiteral("»"));
    unfold_->setAccessibleName(tr("Unfold the navigator"));
    unfold_->setToolTip(tr("Unfold, with names, counts and a filter"));
    unfold_->setCursor(Qt::PointingHandCursor);
    unfold_->hide();
    connect(unfold_, &QToolButton::clicked, this, [this] { Q_EMIT foldWanted(false); });
    setViewportMargins(0, kSearchHeight, 0, 0);
}

void Navigator::placeSearch() {
    search_->setGeometry(8, 8, width() - 18, 28);
    unfold_->setGeometry((width() - 32) / 2, 8, 32, 28);
}

void Navigator::resizeEvent(QResizeEvent* event) {
    QListWidget::resizeEvent(event);
    placeSearch();
}

void Navigator::setFolded(bool folded) {
    if (folded_ == folded) return;
    folded_ = folded;
    search_->setVisible(!folded);
    unfold_->setVisible(folded);
    if (folded) search_->clear();
    scheduleDelayedItemsLayout();
}

bool Navigator::eventFilter(QObject* object, QEvent* event) {
    if (object != search_ || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride))
        return QListWidget::eventFilter(object, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Escape && key != Qt::Key_Down && key != Qt::Key_Return && key != Qt::Key_Enter) return false;
    event->accept();
    if (event->type() == QEvent::ShortcutOverride) return false;
    if (key == Qt::Key_Escape) {
        search_->clear();
        setFocus();
        return true;
    }
    for (int row = 0; row < count(); ++row) {
        if (item(row)->flags() == Qt::NoItemFlags) continue;
        setCurrentRow(row);
        if (key == Qt::Key_Down) {
            setFocus();
        } else {
            pressed_ = {};
            choose(item(row));
        }
        break;
    }
    return true;
}

bool Navigator::passes(const QString& text) const {
    return search_->text().isEmpty() || matchScore(search_->text(), text) >= 0;
}

QListWidgetItem* Navigator::addSection(const QString& title) {
    auto* item = new QListWidgetItem(title, this);
    item->setData(kItemRole, static_cast<int>(Item::Section));
    item->setFlags(Qt::NoItemFlags);
    return item;
}

QListWidgetItem* Navigator::addItem(Item kind, const QString& text, const QString& count, const QString& name,
                                    bool current) {
    auto* item = new QListWidgetItem(text, this);
    item->setData(kItemRole, static_cast<int>(kind));
    item->setData(kCountRole, count);
    item->setData(kNameRole, name);
    item->setData(kCurrentRole, current);
    item->setToolTip(count.isEmpty() ? text : text + QStringLiteral(" · ") + count);
    return item;
}

void Navigator::rebuild() {
    const int scrolled = verticalScrollBar()->value();
    const QVariant kind = currentItem() ? currentItem()->data(kItemRole) : QVariant();
    const QString name = currentItem() ? currentItem()->data(kNameRole).toString() : QString();
    clear();
    classesTitle_ = nullptr;
    if (!bench_.project.isOpen()) return;
    if (!waitingList_.isEmpty() && passes(waitingList_)) {
        addSection(tr("To be imported"));
        addItem(Item::List, waitingList_, tr("look…"), waitingList_)
            ->setToolTip(tr("%1 · nothing of it is taken yet; click to look at its positions").arg(waitingList_));
    }
    addTomograms();
    addSets();
    addLabelSets();
    addClasses();
    addRuns();
    if (count() == 0 && !search_->text().isEmpty()) addSection(tr("Nothing found"));
    for (int row = 0; row < count() && kind.isValid(); ++row) {
        if (item(row)->data(kItemRole) == kind && item(row)->data(kNameRole).toString() == name) setCurrentRow(row);
    }
    doItemsLayout();
    verticalScrollBar()->setValue(scrolled);
}

void Navigator::addTomograms() {
    const TomogramRecord* current = bench_.project.currentTomogram();
    bool first = true;
    for (const TomogramRecord& record : bench_.project.contents().tomograms) {
        const QString name = toQString(record.name);
        if (!passes(name)) continue;
        if (std::exchange(first, false)) addSection(tr("Tomograms"));
        showMissing(addItem(Item::Tomogram, name, {}, name, current && current->id == record.id), record);
    }
}

void Navigator::showMissing(QListWidgetItem* item, const TomogramRecord& record) {
    const bool missing = missing_.count(record.name) > 0;
    item->setData(kMissingRole, missing);
    item->setData(kCountRole, missing ? tr("Find…") : tr("%1 Å").arg(record.voxelSizeAngstrom, 0, 'g', 3));
    item->setToolTip(missing ? tr("%1 · its file is not there any more:\n%2\nPress “Find…” to say where it lies now.")
                                   .arg(toQString(record.name), fileText(record))
                             : tr("%1 · %2 × %3 × %4 voxels of %5 Å\n%6")
                                   .arg(toQString(record.name))
                                   .arg(record.shape.x)
                                   .arg(record.shape.y)
                                   .arg(record.shape.z)
                                   .arg(record.voxelSizeAngstrom, 0, 'g', 4)
                                   .arg(fileText(record)));
}

/// On the worker: a disk that is slow or gone must not hold the window.
void Navigator::lookForFiles() {
    if (!bench_.project.isOpen()) return;
    bench_.io.post(
        this,
        [tomograms = bench_.project.contents().tomograms] {
            std::set<std::string> missing;
            for (const TomogramRecord& record : tomograms) {
                std::error_code error;
                if (!std::filesystem::exists(record.path, error)) missing.insert(record.name);
            }
            return missing;
        },
        [this](const std::set<std::string>& missing) {
            missing_ = missing;
            for (const TomogramRecord& record : bench_.project.contents().tomograms) {
                for (int row = 0; row < count(); ++row) {
                    if (item(row)->data(kItemRole).toInt() == static_cast<int>(Item::Tomogram) &&
                        item(row)->data(kNameRole).toString() == toQString(record.name))
                        showMissing(item(row), record);
                }
            }
        },
        {}, latestLook_);
}

void Navigator::addSets() {
    const SetContents* set = bench_.project.set();
    bool first = true;
    for (const ParticleSetRecord& record : bench_.project.contents().sets) {
        const QString name = toQString(record.name);
        if (!passes(name)) continue;
        if (std::exchange(first, false)) addSection(tr("Particle sets"));
        QListWidgetItem* item = addItem(Item::Set, name, QLocale().toString(qlonglong(record.count)), name,
                                        set && set->record.id == record.id);
        item->setToolTip(tr("%1 · %2 particles · %3")
                             .arg(name, QLocale().toString(qlonglong(record.count)), toQString(record.origin)));
    }
}

void Navigator::addLabelSets() {
    bool first = true;
    for (const LabelSetRecord& record : bench_.project.contents().labelSets) {
        const QString name = toQString(record.name);
        if (!passes(name)) continue;
        if (std::exchange(first, false)) addSection(tr("Label sets"));
        QListWidgetItem* item = addItem(Item::LabelSet, name, {}, name, record.current);
        item->setFlags(item->flags() | Qt::ItemIsEditable);
    }
    showLabelSets();
}

/// Counts alone.
void Navigator::showLabelSets() {
    for (const LabelSetRecord& record : bench_.project.contents().labelSets) {
        QListWidgetItem* at = itemOf(Item::LabelSet, toQString(record.name));
        if (!at) continue;
        const QString count = QLocale().toString(qlonglong(bench_.project.labelsIn(record)));
        at->setData(kCountRole, count);
        at->setToolTip((record.current ? tr("%1 · %2 labels · shown, changed and learnt from")
                                       : tr("%1 · %2 labels · click to use it; right click to rename or compare"))
                           .arg(toQString(record.name), count));
    }
}

QListWidgetItem* Navigator::itemOf(Item kind, const QString& name) const {
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(kItemRole).toInt() == static_cast<int>(kind) && item(row)->data(kNameRole).toString() == name)
            return item(row);
    }
    return nullptr;
}

void Navigator::setWaitingList(const QString& name) {
    if (std::exchange(waitingList_, name) != name) rebuild();
}

void Navigator::newLabelSet() {
    const std::optional<QString> name = bench_.project.makeLabelSet();
    if (!name) return;
    search_->clear();
    QListWidgetItem* made = itemOf(Item::LabelSet, *name);
    if (!made || folded_) return;
    scrollToItem(made);
    setCurrentItem(made);
    editItem(made);
}

void Navigator::addClasses() {
    bool first = true;
    for (const ClassRecord& record : bench_.project.contents().classes) {
        const QString name = toQString(record.name);
        if (!passes(name)) continue;
        if (std::exchange(first, false)) classesTitle_ = addSection(tr("Classes"));
        QListWidgetItem* item = addItem(Item::Class, name, {}, name);
        item->setData(kColourRole, bench_.project.classColour(record.id));
        const QChar key = bench_.project.classKey(record.id);
        if (!key.isNull()) item->setData(kKeyRole, QString(key.toUpper()));
    }
    showLabels();
}

/// Counts alone: after every label, so the rows stay.
void Navigator::showLabels() {
    const SetContents* set = bench_.project.set();
    std::map<QString, std::int64_t> counts;
    std::int64_t most = 1, labelled = 0;
    for (const ClassRecord& record : bench_.project.contents().classes) {
        const std::int64_t labels = bench_.project.labelsOf(record.id);
        counts[toQString(record.name)] = labels;
        most = std::max(most, labels);
        labelled += labels;
    }
    const QLocale locale;
    for (int row = 0; row < count(); ++row) {
        QListWidgetItem* at = item(row);
        if (at == classesTitle_) {
            at->setData(kCountRole, set && set->record.count > 0
                                        ? tr("%1 % labelled").arg(labelled * 100 / set->record.count)
                                        : QString());
        }
        if (at->data(kItemRole).toInt() != static_cast<int>(Item::Class)) continue;
        const QString name = at->data(kNameRole).toString();
        const QString text = set ? locale.toString(qlonglong(counts[name])) : QString();
        at->setData(kCountRole, text);
        at->setData(kShareRole, double(counts[name]) / double(most));
        at->setToolTip(set ? tr("%1 · %2 labelled in this set").arg(name, text) : name);
    }
    showLabelSets();
}

void Navigator::addRuns() {
    const auto& runs = bench_.project.contents().runs;
    int shown = 0;
    for (std::size_t at = 0; at < runs.size(); ++at) {
        const RunRow& row = runs[at];
        const QString id = toQString(row.run.id());
        const QString text = id + QChar(' ') + RunsModel::whatText(row);
        if (search_->text().isEmpty() ? row.run.config().kind == "explain" || shown >= kMostRuns : !passes(text))
            continue;
        if (shown++ == 0) addSection(tr("Runs"));
        showRun(addItem(Item::Run, text, {}, id), static_cast<int>(at));
    }
}

void Navigator::showRuns() {
    for (int at = 0; at < count(); ++at) {
        if (item(at)->data(kItemRole).toInt() != static_cast<int>(Item::Run)) continue;
        const int row = runs_.rowOf(item(at)->data(kNameRole).toString());
        if (row >= 0) showRun(item(at), row);
    }
}

void Navigator::showRun(QListWidgetItem* item, int row) {
    const auto told = [&](RunsModel::Column column, int role = Qt::DisplayRole) {
        return runs_.data(runs_.index(row, column), role);
    };
    const auto state = static_cast<RunState>(told(RunsModel::State, RunsModel::kStateRole).toInt());
    const QString stateText = told(RunsModel::State).toString(), figure = told(RunsModel::Figure).toString(),
                  note = told(RunsModel::Note).toString();
    QString words = figure.isEmpty() || state != RunState::Done ? stateText : figure;
    if (state == RunState::FinishedEarly && !figure.isEmpty()) words = figure;  // the colour says the rest
    item->setData(kStateRole, static_cast<int>(state));
    item->setData(kCountRole, state == RunState::Done && figure.isEmpty() ? QString() : words);
    QStringList tip{item->text(), figure.isEmpty() ? stateText : stateText + QStringLiteral(" · ") + figure};
    if (!note.isEmpty() && !note.endsWith(QChar(0x203A))) tip.append(note);  // not the way on, "Resume ›"
    item->setToolTip(tip.join(QChar('\n')));
}

void Navigator::mousePressEvent(QMouseEvent* event) {
    pressed_ = event->position().toPoint();
    QListWidget::mousePressEvent(event);
}

void Navigator::contextMenuEvent(QContextMenuEvent* event) {
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    QListWidgetItem* at = keyboard ? currentItem() : itemAt(viewport()->mapFromGlobal(event->globalPos()));
    QMenu* menu = at ? menuOf(at) : nullptr;
    if (!menu) return QListWidget::contextMenuEvent(event);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(keyboard ? viewport()->mapToGlobal(visualItemRect(at).bottomLeft()) : event->globalPos());
}

QMenu* Navigator::menuOf(QListWidgetItem* item) {
    const auto kind = static_cast<Item>(item->data(kItemRole).toInt());
    if (kind != Item::Tomogram && kind != Item::Set && kind != Item::LabelSet) return nullptr;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("navigatorMenu"));
    const QString name = item->data(kNameRole).toString();
    if (kind == Item::Tomogram) {
        menu->addAction(tr("Find the file…"), this, [this, name] { Q_EMIT findWanted(name); });
    } else if (kind == Item::Set) {
        menu->addAction(tr("Edit this set's particles"), this, [this, name] { Q_EMIT editParticlesWanted(name); });
    } else {
        addLabelSetWays(menu, name);
    }
    return menu;
}

void Navigator::addLabelSetWays(QMenu* menu, const QString& name) {
    const QListWidgetItem* item = itemOf(Item::LabelSet, name);
    const bool current = item && item->data(kCurrentRole).toBool();
    QAction* use = menu->addAction(tr("Use these labels"), this, [this, name] { bench_.project.useLabelSet(name); });
    QAction* compare = menu->addAction(tr("Compare the labels in use with these"), this,
                                       [this, name] { Q_EMIT compareWanted(name); });
    for (QAction* action : {use, compare}) action->setEnabled(!current);
    menu->addAction(tr("Rename… (F2)"), this, [this, name] {
        if (QListWidgetItem* at = itemOf(Item::LabelSet, name)) editItem(at);
    });
    menu->addSeparator();
    menu->addAction(tr("New label set"), this, [this] { newLabelSet(); });
}

void Navigator::choose(QListWidgetItem* item) {
    const QString name = item->data(kNameRole).toString();
    switch (static_cast<Item>(item->data(kItemRole).toInt())) {
        case Item::Tomogram:
            if (item->data(kMissingRole).toBool() && !folded_ && pressed_.x() > viewport()->width() - kFindWidth) {
                Q_EMIT findWanted(name);
                break;
            }
            bench_.project.setCurrentTomogram(name);
            Q_EMIT tomogramChosen();
            break;
        case Item::Set:
            if (!bench_.project.set() || toQString(bench_.project.set()->record.name) != name)
                bench_.project.setCurrentSet(name);
            Q_EMIT setChosen();
            break;
        case Item::List:
            Q_EMIT listWanted();
            break;
        case Item::LabelSet:
            if (!item->data(kCurrentRole).toBool()) bench_.project.useLabelSet(name);
            break;
        case Item::Run:
            Q_EMIT runChosen(name);
            break;
        case Item::Class:
        case Item::Section:
            break;
    }
}

}  // namespace tomoloupe
