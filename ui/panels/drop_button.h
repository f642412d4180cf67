#pragma once

#include <QPushButton>

class QFrame;
class QVBoxLayout;

namespace tomoloupe {

/// A button of a tool bar that drops a small panel of controls below itself; the panel goes when one clicks elsewhere.
class DropButton : public QPushButton {
    Q_OBJECT
  public:
    explicit DropButton(const QString& text, const QString& name, QWidget* parent = nullptr);

    /// Where the controls of the panel go.
    [[nodiscard]] QVBoxLayout* content() const { return content_; }
    [[nodiscard]] QFrame* panel() const { return panel_; }
    void setWords(const QString& text);

  Q_SIGNALS:
    void opened();

  private:
    void drop();

    QFrame* panel_;
    QVBoxLayout* content_;
};

}  // namespace tomoloupe
