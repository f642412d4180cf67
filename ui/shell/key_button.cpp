#include "ui/shell/key_button.h"

#include <QKeyEvent>

#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

bool isModifier(int key) {
    return key == Qt::Key_Shift || key == Qt::Key_Control || key == Qt::Key_Alt || key == Qt::Key_Meta ||
           key == Qt::Key_AltGr || key == Qt::Key_CapsLock || key == Qt::Key_unknown || key == 0;
}

}  // namespace

KeyButton::KeyButton(const QString& name, const QString& keys, QWidget* parent) : QPushButton(parent) {
    setObjectName(name);
    setCursor(Qt::PointingHandCursor);
    setProperty("role", QStringLiteral("key"));
    setToolTip(tr("Press to change; Backspace takes the keys away"));
    setFixedWidth(168);
    setKeys(keys);
    connect(this, &QPushButton::clicked, this, [this] { setWaiting(!waiting_); });
}

void KeyButton::setKeys(const QString& keys) {
    keys_ = keys;
    setWaiting(false);
}

void KeyButton::setWaiting(bool waiting) {
    waiting_ = waiting;
    setText(waiting ? tr("Press the new keys…") : keys_.isEmpty() ? QStringLiteral("–") : keys_);
    setRole(this, waiting ? "key-waiting" : "key");
}

bool KeyButton::event(QEvent* event) {
    if (waiting_ && event->type() == QEvent::ShortcutOverride) {  // what is pressed now is a wish, not a command
        event->accept();
        return true;
    }
    return QPushButton::event(event);
}

void KeyButton::keyPressEvent(QKeyEvent* event) {
    if (!waiting_) return QPushButton::keyPressEvent(event);
    if (isModifier(event->key())) return;
    const auto modifiers = event->modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
    setWaiting(false);
    if (event->key() == Qt::Key_Escape) return;
    const bool none = modifiers == Qt::NoModifier && event->key() == Qt::Key_Backspace;
    Q_EMIT keyWanted(none ? QKeySequence() : QKeySequence(modifiers | static_cast<Qt::Key>(event->key())));
}

void KeyButton::focusOutEvent(QFocusEvent* event) {
    setWaiting(false);
    QPushButton::focusOutEvent(event);
}

}  // namespace tomoloupe
