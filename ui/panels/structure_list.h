#pragma once

#include <QTreeWidget>
#include <string>
#include <vector>

#include "ui/models/preview_engine.h"

namespace tomoloupe {

/// Built-in structures and files to tick, with mass and diameter. The order in which they were ticked is kept, for it is
/// the order of the classes.
class StructureList : public QTreeWidget {
    Q_OBJECT
  public:
    explicit StructureList(const QString& name, QWidget* parent = nullptr);

    void setStructures(std::vector<StructureChoice> structures);
    /// Ticks these and nothing else; what is not built in becomes a row of its own. Emits nothing.
    void setChosen(const std::vector<std::string>& names);
    [[nodiscard]] const std::vector<std::string>& chosen() const { return chosen_; }
    /// Ticks a file.
    void addFile(const QString& file);
    /// Asks for a PDB, mmCIF or MRC file and ticks it.
    void askForFile();
    /// What a class is called: the title of a built-in structure, else the name.
    [[nodiscard]] QString titleOf(const std::string& name) const;
    [[nodiscard]] const StructureChoice* find(const std::string& name) const;

  Q_SIGNALS:
    void chosenChanged();

  private:
    void addRow(const StructureChoice& choice);
    void showTicks();
    void tick(QTreeWidgetItem* item);

    std::vector<StructureChoice> structures_;
    std::vector<std::string> chosen_;
};

}  // namespace tomoloupe
