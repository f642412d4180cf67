#include "ui/shell/action_list.h"

#include <QAction>
#include <QMenu>
#include <QSettings>
#include <QWidget>
#include <algorithm>

namespace tomoloupe {
namespace {

QString settingOf(const QAction* action) {
    return QStringLiteral("keys/") + action->objectName();
}

bool everywhere(const QAction* action) {
    return action->shortcutContext() == Qt::WindowShortcut || action->shortcutContext() == Qt::ApplicationShortcut;
}

bool within(const QObject* inner, const QObject* outer) {
    for (; inner; inner = inner->parent()) {
        if (inner == outer) return true;
    }
    return false;
}

/// Both could be meant by one key press.
bool overlap(const QAction* a, const QAction* b) {
    if (everywhere(a) || everywhere(b)) return true;
    return within(a->parent(), b->parent()) || within(b->parent(), a->parent());
}

/// The page an object stands on: "galleryPage" -> "Gallery".
QString pageOf(const QObject* object) {
    for (; object; object = object->parent()) {
        QString name = object->objectName();
        if (!name.endsWith(QLatin1String("Page")) || name.size() <= 4) continue;
        name.chop(4);
        name[0] = name[0].toUpper();
        return name;
    }
    return ActionList::tr("Window");
}

/// A key that types or moves when it is pressed without Ctrl, Alt or Meta.
bool bare(QKeyCombination combination) {
    if (combination.keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return false;
    return combination.key() < Qt::Key_F1 || combination.key() > Qt::Key_F35;
}

}  // namespace

ActionList::ActionList(QWidget* window, bool remember) : QObject(window), window_(window), remember_(remember) {}

QAction* ActionList::add(const Spec& spec, const std::function<void()>& does) {
    auto* action = new QAction(spec.text, window_);
    action->setObjectName(QString::fromLatin1(spec.name));
    action->setShortcut(spec.key);
    action->setWhatsThis(spec.help);
    window_->addAction(action);
    connect(action, &QAction::triggered, window_, does);
    take(action, spec.group, spec.help);
    return action;
}

void ActionList::collect() {
    const std::size_t known = entries_.size();
    for (QAction* action : window_->findChildren<QAction*>()) {
        if (action->objectName().isEmpty() || action->isSeparator() || action->menu() || entryOf(action)) continue;
        if (action->objectName().startsWith(QLatin1Char('_')) || action->text().isEmpty()) continue;  // Qt's own
        const QString group = action->property("group").toString();
        const bool ownTip = action->toolTip() != QString(action->text()).remove(QChar('&')).remove(QStringLiteral("…"));
        const QString help = !action->whatsThis().isEmpty() ? action->whatsThis()
                             : ownTip                       ? action->toolTip()
                                                            : QString();
        take(action, group.isEmpty() ? pageOf(action->parent()) : group, help);
    }
    std::erase_if(entries_, [](const Entry& entry) { return !entry.action; });
    if (entries_.size() != known) Q_EMIT changed();
}

void ActionList::take(QAction* action, const QString& group, const QString& help) {
    entries_.push_back({action, group, help, action->shortcut()});
    if (!remember_ || classOf(action)) return;
    const QVariant told = QSettings().value(settingOf(action));
    if (!told.isValid()) return;
    const auto key = QKeySequence::fromString(told.toString(), QKeySequence::PortableText);
    if (objectionTo(action, key).isEmpty()) action->setShortcut(key);
}

QAction* ActionList::find(const char* name) const {
    for (const Entry& entry : entries_) {
        if (entry.action && entry.action->objectName() == QLatin1String(name)) return entry.action;
    }
    return nullptr;
}

const ActionList::Entry* ActionList::entryOf(const QAction* action) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.action == action; });
    return found == entries_.end() ? nullptr : &*found;
}

std::optional<std::int64_t> ActionList::classOf(const QAction* action) {
    const QVariant classId = action->property("classId");
    return classId.isValid() ? std::optional<std::int64_t>(classId.toLongLong()) : std::nullopt;
}

QString ActionList::keyText(const QAction* action) {
    return action->shortcut().toString(QKeySequence::NativeText);
}

QString ActionList::objectionTo(const QAction* action, const QKeySequence& key) const {
    if (key.isEmpty()) return {};
    const QString said = key.toString(QKeySequence::NativeText);
    if (everywhere(action) && bare(key[0]))
        return tr("%1 alone belongs to what is typed and to the pages. Press it together with Ctrl or Alt, or a "
                  "function "
                  "key.")
            .arg(said);
    for (const Entry& entry : entries_) {
        if (!entry.action || entry.action == action || !overlap(entry.action, action)) continue;
        if (entry.action->shortcuts().contains(key))
            return tr("%1 is already the key of “%2”. Give that another key first, or choose one that is free.")
                .arg(said, entry.action->text());
    }
    return {};
}

QString ActionList::setKey(QAction* action, const QKeySequence& key) {
    const Entry* entry = entryOf(action);
    if (!entry) return tr("This action is not in the list.");
    if (const QString objection = objectionTo(action, key); !objection.isEmpty()) return objection;
    if (const auto classId = classOf(action)) {
        if (const QString objection = storeClassKey_ ? storeClassKey_(*classId, key) : QString(); !objection.isEmpty())
            return objection;
    } else {
        action->setShortcut(key);
        remember(*entry);
    }
    Q_EMIT changed();
    return {};
}

void ActionList::setAllBack() {
    for (const Entry& entry : entries_) {
        if (!entry.action || classOf(entry.action)) continue;
        entry.action->setShortcut(entry.standardKey);
        remember(entry);
    }
    if (remember_) QSettings().remove(QStringLiteral("keys"));  // also those of pages not made yet
    Q_EMIT changed();
}

bool ActionList::changedByHand(const QAction* action) const {
    const Entry* entry = entryOf(action);
    return entry && !classOf(action) && action->shortcut() != entry->standardKey;
}

void ActionList::remember(const Entry& entry) const {
    if (!remember_) return;
    QSettings settings;
    if (entry.action->shortcut() == entry.standardKey) {
        settings.remove(settingOf(entry.action));
    } else {
        settings.setValue(settingOf(entry.action), entry.action->shortcut().toString(QKeySequence::PortableText));
    }
}

}  // namespace tomoloupe
