#pragma once

#include <QListWidget>

#include "ui/models/workbench.h"

namespace tomoloupe {

/// What the project holds, in four sections: tomograms, particle sets, classes, runs. Folded to icons it shows marks
/// only.
class Navigator : public QListWidget {
    Q_OBJECT
  public:
    enum class Item { Section, Tomogram, Set, Class, Run };
    static constexpr int kItemRole = Qt::UserRole + 1;    ///< int of Item
    static constexpr int kCountRole = Qt::UserRole + 2;   ///< words at the right end
    static constexpr int kColourRole = Qt::UserRole + 3;  ///< of a class
    static constexpr int kKeyRole = Qt::UserRole + 4;     ///< that gives the class
    static constexpr int kCurrentRole = Qt::UserRole + 5;
    static constexpr int kNameRole = Qt::UserRole + 6;

    explicit Navigator(const Workbench& workbench, QWidget* parent = nullptr);
    void setFolded(bool folded);
    [[nodiscard]] bool folded() const { return folded_; }

  Q_SIGNALS:
    void tomogramChosen();
    void setChosen();
    void runChosen(const QString& runId);

  private:
    void rebuild();
    void addSection(const QString& title);
    QListWidgetItem* addItem(Item kind, const QString& text, const QString& count, const QString& name,
                             bool current = false);
    void addClasses();
    void addRuns();
    void choose(QListWidgetItem* item);

    Workbench bench_;
    bool folded_ = false;
};

}  // namespace tomoloupe
