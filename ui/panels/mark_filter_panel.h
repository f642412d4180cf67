#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <array>
#include <vector>

#include "ui/models/particle_overlay.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace tomoloupe {

/// Which particles stand over a tomogram, in slices and in three dimensions alike: by label, prediction, score and a
/// column.
class MarkFilterPanel : public QWidget {
    Q_OBJECT
  public:
    struct Class {
        std::int64_t id = 0;
        QString name, colour;
    };

    explicit MarkFilterPanel(QWidget* parent = nullptr);

    /// What can be chosen; what is chosen and no longer there falls away.
    void setChoices(const std::vector<Class>& classes, const QStringList& columns);
    /// Shows it, without a signal.
    void setFilter(const OverlayFilter& filter);
    [[nodiscard]] const OverlayFilter& filter() const { return filter_; }
    /// How many of how many pass.
    void setCounts(std::size_t shown, std::size_t all);

  Q_SIGNALS:
    void changed();

  private:
    /// A button that drops a list of classes to tick.
    struct Chooser {
        QPushButton* button = nullptr;
        QMenu* menu = nullptr;
        QString all;
    };
    [[nodiscard]] Chooser makeChooser(const char* name, const QString& all, const QString& help);
    [[nodiscard]] QLineEdit* makeField(const char* name, const QString& hint, const QString& help, bool number);
    void fill(const Chooser& chooser, const std::vector<Class>& classes, const QString& none);
    static void tick(const Chooser& chooser, std::vector<std::int64_t>& wanted);
    static std::vector<std::int64_t> ticked(const Chooser& chooser);
    void read();

    OverlayFilter filter_;
    QTimer typing_;        // before the fields, which start it
    bool showing_ = true;  // fields are being set: they tell nothing
    Chooser classes_, predictions_;
    std::array<QLineEdit*, 2> score_{}, range_{};
    QComboBox* column_;
    QLineEdit* text_;
    QLabel* counts_;
    QPushButton* all_;
};

}  // namespace tomoloupe
