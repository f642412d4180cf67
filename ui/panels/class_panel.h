#pragma once

#include <QWidget>

#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace tomoloupe {

/// Where classes are made, named, coloured, given keys and removed, and where label sets are chosen and compared. Stands
/// in the inspector's place. Every change is stored at once and taken back by undo.
class ClassPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ClassPanel(const Workbench& workbench, QWidget* parent = nullptr);
    /// Ready to type the name of a new class.
    void startNewClass();
    /// How far the labels in use agree with those of this set.
    void compareWith(const QString& labelSet);

  Q_SIGNALS:
    void done();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void buildLabelSets(QVBoxLayout* column);
    void buildClasses(QVBoxLayout* column);
    void buildComparison(QVBoxLayout* column);
    void showClasses();
    void showCounts();
    void showLabelSets();
    QWidget* makeRow(const ClassRecord& record);
    void chooseColour(const ClassRecord& record, QWidget* beside);
    void change(const ClassRecord& record);
    void addClass();
    void useLabelSet(const QString& name);
    void compare();
    void tell(const QString& sentence);

    Workbench bench_;
    QComboBox* labelSet_ = nullptr;
    QWidget* rows_ = nullptr;
    QVBoxLayout* rowColumn_ = nullptr;
    std::vector<std::pair<std::int64_t, QLabel*>> counts_;
    QLineEdit* newClass_ = nullptr;
    QLabel* problem_ = nullptr;
    QWidget* comparison_ = nullptr;
    QComboBox* other_ = nullptr;
    QLabel* agreement_ = nullptr;
    Latest latestComparison_ = makeLatest();
};

}  // namespace tomoloupe
