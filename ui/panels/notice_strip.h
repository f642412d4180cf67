#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <utility>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace tomoloupe {

/// A sentence that stays until it is dismissed, with what can be done about it.
class NoticeStrip : public QWidget {
    Q_OBJECT
  public:
    enum class Kind { Plain, Good, Warn, Bad };
    using Ways = std::vector<std::pair<QString, std::function<void()>>>;

    explicit NoticeStrip(QWidget* parent = nullptr);
    /// Taking one of the ways dismisses it.
    void tell(Kind kind, const QString& sentence, const Ways& ways = {});
    void dismiss();
    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] QString text() const;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Kind kind_ = Kind::Plain;
    QLabel* text_;
    QWidget* ways_;
    QHBoxLayout* row_;
};

}  // namespace tomoloupe
