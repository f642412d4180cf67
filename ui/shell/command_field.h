#pragma once

#include <QLineEdit>
#include <QPointer>
#include <functional>
#include <vector>

class QListWidget;

namespace tomoloupe {

/// Something that can be found by typing its name.
struct Command {
    QString text;
    QString group;  ///< where it belongs, "Gallery"; searched too
    QString keys;   ///< that do the same
    std::function<void()> run;
};

/// The field on top of the window and the list below it. Arrows move, Enter runs, Escape closes and gives the keyboard
/// back to where it was.
class CommandField : public QLineEdit {
    Q_OBJECT
  public:
    using Source = std::function<std::vector<Command>()>;
    /// `source` is asked whenever the list opens.
    explicit CommandField(Source source, QWidget* parent = nullptr);
    /// The keys shown at the right end.
    void setKeys(const QString& keys);
    void open();
    [[nodiscard]] bool isOpen() const;

  protected:
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    void show();
    void close(bool giveBack);
    void fill();
    void place();
    void run(int row);

    Source source_;
    QString keys_;
    std::vector<Command> commands_;
    std::vector<std::size_t> found_;  // into commands_, best first
    QListWidget* list_ = nullptr;     // on the window, over the pages
    QPointer<QWidget> before_;        // had the keyboard
};

}  // namespace tomoloupe
