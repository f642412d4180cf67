#pragma once

#include <QWidget>
#include <memory>

#include "ui/bridge/option_model.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace tomoloupe {

/// A form made from described options: the basic ones in sight, the advanced ones folded. What is typed is checked at
/// once; a wrong value is told below the form.
class OptionForm : public QWidget {
    Q_OBJECT
  public:
    OptionForm(OptionModel model, const QString& name, QWidget* parent = nullptr);

    /// Shows the values anew.
    void reload();
    /// Every field holds a value within its range.
    [[nodiscard]] bool valid() const { return wrongFields_.isEmpty(); }

  Q_SIGNALS:
    void validityChanged(bool valid);
    /// A value was stored.
    void edited();

  private:
    void addField(QGridLayout* grid, int field);
    QWidget* makeEditor(int field);
    void store(int field, const QString& text, QWidget* editor);

    OptionModel model_;
    std::vector<std::function<void()>> reloaders_;
    QStringList wrongFields_;
    std::vector<QWidget*> editors_;
    bool reloading_ = false;
    QLabel* error_;
};

}  // namespace tomoloupe
