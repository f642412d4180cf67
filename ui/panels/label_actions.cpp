#include "ui/panels/label_actions.h"

#include <QAction>
#include <QKeyEvent>
#include <QKeySequence>
#include <QWidget>
#include <algorithm>

#include "ui/bridge/text.h"

namespace tomoloupe {

LabelActions::LabelActions(ProjectModel& project, QWidget* page, std::vector<QWidget*> views, const QString& suffix)
    : QObject(page), project_(project), page_(page), views_(std::move(views)), suffix_(suffix) {
    for (QWidget* view : views_) view->installEventFilter(this);
    add(tr("Accept the suggestion"), "actionAcceptSuggestion", tr("Stores the model's suggestion as the label"),
        {Qt::Key_Return, Qt::Key_Enter}, [this] { accept(); });
    add(tr("Skip to the next unlabelled particle"), "actionSkip", tr("Goes on without a label"),
        {Qt::Key_Space}, [this] { Q_EMIT goOn(); });
    add(tr("Mark as junk"), "actionMarkJunk", tr("No good for anything; the model learns to tell it from the rest"),
        {Qt::Key_J}, [this] { mark(ClassRole::Junk); });
    add(tr("Mark as unsure"), "actionMarkUnsure", tr("Looked at and not decided; nothing is learnt from it"),
        {Qt::Key_U}, [this] { mark(ClassRole::Unsure); });
    add(tr("Remove the label"), "actionRemoveLabel", tr("Takes the label away again"),
        {QKeySequence(Qt::SHIFT | Qt::Key_Space)},
        [this] { labelAs(std::nullopt); });
    connect(&project_, &ProjectModel::contentsChanged, this, &LabelActions::makeClassActions);
    connect(&project_, &ProjectModel::classesChanged, this, &LabelActions::makeClassActions);
    makeClassActions();
}

QAction* LabelActions::add(const QString& text, const char* name, const QString& help,
                           const QList<QKeySequence>& keys, std::function<void()> does) {
    auto* action = new QAction(text, page_);
    action->setObjectName(QString::fromLatin1(name) + suffix_);
    action->setWhatsThis(help);
    action->setShortcuts(keys);
    registerAction(action);
    connect(action, &QAction::triggered, this, std::move(does));
    return action;
}

void LabelActions::registerAction(QAction* action) {
    action->setShortcutContext(Qt::WidgetShortcut);
    action->setAutoRepeat(false);  // a key held down labels one particle, not a hundred
    page_->addAction(action);
    for (QWidget* view : views_) view->addAction(action);
}

bool LabelActions::eventFilter(QObject* view, QEvent* event) {
    if (event->type() != QEvent::KeyPress) return QObject::eventFilter(view, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const QKeySequence pressed(static_cast<int>(key->modifiers() & ~Qt::KeypadModifier) | key->key());
    const QList<QAction*> actions = page_->actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const QAction* action) {
        return action->isEnabled() && action->shortcuts().contains(pressed);
    });
    if (found == actions.end()) return QObject::eventFilter(view, event);
    if (!key->isAutoRepeat()) (*found)->trigger();
    return true;
}

/// Those of classes that stay, stay: the help page may hold them.
void LabelActions::makeClassActions() {
    std::vector<QAction*> kept;
    for (const ClassRecord& record : project_.contents().classes) {
        if (record.role != ClassRole::Object) continue;  // have keys and actions of their own
        QAction* action = classAction(record.id);
        action->setText(tr("Label as %1").arg(toQString(record.name)));
        const QChar key = project_.classKey(record.id);
        action->setShortcut(key.isNull() ? QKeySequence() : QKeySequence(QString(key.toUpper())));
        kept.push_back(action);
    }
    for (QAction* action : classActions_) {
        if (std::find(kept.begin(), kept.end(), action) != kept.end()) continue;
        page_->removeAction(action);
        for (QWidget* view : views_) view->removeAction(action);
        action->deleteLater();  // it may be the sender of what led here
    }
    classActions_ = std::move(kept);
}

QAction* LabelActions::classAction(std::int64_t classId) {
    const auto known = std::find_if(classActions_.begin(), classActions_.end(), [&](const QAction* action) {
        return action->property("classId").toLongLong() == classId;
    });
    if (known != classActions_.end()) return *known;
    auto* action = new QAction(page_);
    action->setObjectName(QStringLiteral("actionLabelClass%1").arg(classId) + suffix_);
    action->setProperty("classId", static_cast<qlonglong>(classId));  // its key is kept with the class
    action->setWhatsThis(tr("Gives this class to the selection, or to the current particle and goes on"));
    registerAction(action);
    connect(action, &QAction::triggered, this, [this, classId] { labelAs(classId); });
    return action;
}

std::vector<std::int64_t> LabelActions::targets() const {
    if (!project_.selection().empty()) return project_.selection();
    if (project_.currentParticle() < 0) return {};
    return {project_.currentParticle()};
}

void LabelActions::labelAs(std::optional<std::int64_t> classId) {
    const bool selection = !project_.selection().empty();
    const std::vector<std::int64_t> particles = targets();
    finish(project_.label(particles, classId), selection);
}

void LabelActions::mark(ClassRole role) {
    if (targets().empty()) return;
    if (const auto classId = project_.markClass(role)) labelAs(classId);
}

/// Of a selection, those that show a suggestion: a label that is there is a person's word. Where all have one, as among
/// those that disagree, the suggestions take their place.
void LabelActions::accept() {
    const std::vector<std::int64_t> particles = targets();
    std::vector<IndexedLabel> unlabelled, all;
    for (const std::int64_t particle : particles) {
        const auto prediction = project_.predictionOf(particle);
        if (!prediction) continue;
        all.push_back({particle, prediction->classId});
        if (project_.labelOf(particle) == 0) unlabelled.push_back(all.back());
    }
    const bool selection = !project_.selection().empty();
    const std::vector<IndexedLabel>& labels = selection && !unlabelled.empty() ? unlabelled : all;
    finish(!labels.empty() && project_.label(labels), selection);
}

void LabelActions::finish(bool stored, bool selection) {
    if (!stored) return;
    if (selection) {
        Q_EMIT selectionDone();
    } else {
        Q_EMIT goOn();
    }
}

}  // namespace tomoloupe
