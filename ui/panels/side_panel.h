#pragma once

#include <QWidget>

class QVBoxLayout;

namespace tomoloupe {

/// The column at the right of a page: a form that scrolls, and below it what stays in sight.
class SidePanel : public QWidget {
    Q_OBJECT
  public:
    explicit SidePanel(const QString& name, QWidget* parent = nullptr);
    [[nodiscard]] QVBoxLayout* form() const { return form_; }
    [[nodiscard]] QVBoxLayout* foot() const { return foot_; }

  private:
    QVBoxLayout* form_;
    QVBoxLayout* foot_;
};

}  // namespace tomoloupe
