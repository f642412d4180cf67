#pragma once

#include <QKeySequence>
#include <QPushButton>

namespace tomoloupe {

/// Shows keys; pressed, it waits for new ones. Escape leaves them as they are, Backspace takes them away.
class KeyButton : public QPushButton {
    Q_OBJECT
  public:
    KeyButton(const QString& name, const QString& keys, QWidget* parent = nullptr);
    void setKeys(const QString& keys);
    [[nodiscard]] bool waiting() const { return waiting_; }

  Q_SIGNALS:
    /// Empty: none.
    void keyWanted(const QKeySequence& key);

  protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override { return !waiting_ && QPushButton::focusNextPrevChild(next); }

  private:
    void setWaiting(bool waiting);

    QString keys_;
    bool waiting_ = false;
};

}  // namespace tomoloupe
