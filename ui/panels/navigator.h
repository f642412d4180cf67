#pragma once

#include <QListWidget>
#include <set>
#include <string>

#include "ui/models/runs_model.h"
#include "ui/models/workbench.h"

class QLineEdit;
class QMenu;
class QToolButton;

namespace tomoloupe {

/// What the project holds, in five sections: tomograms, particle sets, label sets, classes, runs, with a search over all
/// of them. Folded to icons it shows marks only. How wide it is, is the frame's to say.
class Navigator : public QListWidget {
    Q_OBJECT
  public:
    enum class Item { Section, List, Tomogram, Set, LabelSet, Class, Run };
    static constexpr int kItemRole = Qt::UserRole + 1;    ///< int of Item
    static constexpr int kCountRole = Qt::UserRole + 2;   ///< words at the right end
    static constexpr int kColourRole = Qt::UserRole + 3;  ///< of a class
    static constexpr int kKeyRole = Qt::UserRole + 4;     ///< that gives the class
    static constexpr int kCurrentRole = Qt::UserRole + 5;
    static constexpr int kNameRole = Qt::UserRole + 6;
    static constexpr int kStateRole = Qt::UserRole + 7;    ///< int of RunState
    static constexpr int kMissingRole = Qt::UserRole + 8;  ///< the tomogram's file is not there
    static constexpr int kShareRole = Qt::UserRole + 9;    ///< of a class: its labels as part of the fullest class's
    static constexpr int kFoldedWidth = 56;

    explicit Navigator(const Workbench& workbench, QWidget* parent = nullptr);
    void setFolded(bool folded);
    [[nodiscard]] bool folded() const { return folded_; }
    /// Tomograms whose file was not there when it was last looked for.
    [[nodiscard]] const std::set<std::string>& missing() const { return missing_; }
    /// Makes one, uses it, and lets its name be typed.
    void newLabelSet();

    /// A particle list that is looked at and not taken yet; empty: none.
    void setWaitingList(const QString& name);

  Q_SIGNALS:
    void listWanted();
    void tomogramChosen();
    void setChosen();
    void runChosen(const QString& runId);
    /// The file of this tomogram is to be shown where it lies now.
    void findWanted(const QString& tomogram);
    /// The particles of this set are to be moved, removed and added to.
    void editParticlesWanted(const QString& set);
    /// The labels in use are to be compared with those of this set.
    void compareWanted(const QString& labelSet);
    void foldWanted(bool folded);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void buildSearch();
    void placeSearch();
    void rebuild();
    QListWidgetItem* addSection(const QString& title);
    QListWidgetItem* addItem(Item kind, const QString& text, const QString& count, const QString& name,
                             bool current = false);
    void addTomograms();
    void addSets();
    void addLabelSets();
    void addClasses();
    void addRuns();
    void showLabels();
    void showLabelSets();
    void showRuns();
    void showRun(QListWidgetItem* item, int row);
    void showMissing(QListWidgetItem* item, const TomogramRecord& record);
    void lookForFiles();
    [[nodiscard]] bool passes(const QString& text) const;
    void choose(QListWidgetItem* item);
    /// Null where there is nothing to choose.
    [[nodiscard]] QMenu* menuOf(QListWidgetItem* item);
    void addLabelSetWays(QMenu* menu, const QString& name);
    [[nodiscard]] QListWidgetItem* itemOf(Item kind, const QString& name) const;

    Workbench bench_;
    RunsModel runs_;
    QLineEdit* search_ = nullptr;
    QListWidgetItem* classesTitle_ = nullptr;
    QToolButton* unfold_ = nullptr;  // in the search field's place while folded
    std::set<std::string> missing_;
    QString waitingList_;
    Latest latestLook_ = makeLatest();
    QPoint pressed_;
    bool folded_ = false;
};

}  // namespace tomoloupe
