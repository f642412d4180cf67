#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <array>

#include "ui/models/particle_query.h"

class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QMenu;
class QPushButton;

namespace tomoloupe {

/// The part of a query that has no button of its own in the gallery's bar: state, classes, tomogram, ranges, a column.
class FilterPanel : public QWidget {
    Q_OBJECT
  public:
    struct Class {
        std::int64_t id = 0;
        QString name, colour;
    };
    /// What can be chosen.
    struct Choices {
        QStringList tomograms, columns;
        std::vector<Class> classes;
    };

    explicit FilterPanel(QWidget* parent = nullptr);
    void setChoices(const Choices& choices);
    /// Shows it, without a signal.
    void setQuery(const ParticleQuery& query);
    /// Something of the panel narrows the list.
    [[nodiscard]] static bool narrows(const ParticleQuery& query);

  Q_SIGNALS:
    void queryChanged(const tomoloupe::ParticleQuery& query);

  private:
    void buildFirstRow(QHBoxLayout* row);
    void buildSecondRow(QHBoxLayout* row);
    QLineEdit* makeNumber(const char* name, const QString& hint);
    void readFields();
    void showClasses();

    ParticleQuery query_;
    Choices choices_;
    QComboBox *state_ = nullptr, *tomogram_ = nullptr, *column_ = nullptr;
    QPushButton* classes_ = nullptr;
    QMenu* classMenu_ = nullptr;
    QLineEdit* text_ = nullptr;
    std::array<QLineEdit*, 2> confidence_{}, score_{}, range_{};
    QTimer typing_;
    bool showing_ = true;  // fields are being set: they tell nothing
};

}  // namespace tomoloupe
