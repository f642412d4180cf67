#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "ui/models/preflight.h"

class QTreeWidget;
class QVBoxLayout;

namespace tomoloupe {

class FindingList;
class OptionForm;

/// What the steps of one wizard share; borrowed.
struct WizardParts {
    Workbench bench;
    TrainingDraft& draft;
    Preflight& preflight;
    QString name;  ///< "pretrain" or "finetune", before the names of widgets
};

/// One screen of a wizard. It shows the draft anew whenever that was changed elsewhere.
class WizardStep : public QWidget {
    Q_OBJECT
  public:
    WizardStep(const WizardParts& parts, const QString& title, const QString& sentence, QWidget* parent);

    [[nodiscard]] const QString& title() const { return title_; }
    /// Findings of these subjects are told here.
    [[nodiscard]] const QStringList& subjects() const { return subjects_; }
    [[nodiscard]] bool tells(const Finding& finding) const;
    /// It comes into sight, or goes out of it.
    virtual void enter() {}
    virtual void leave() {}
    /// Every field holds a value that can be used.
    [[nodiscard]] bool valid() const;

  Q_SIGNALS:
    void validityChanged();

  protected:
    /// Where the step's widgets go.
    [[nodiscard]] QVBoxLayout* column() const { return column_; }
    [[nodiscard]] QString named(const char* what) const { return parts_.name + QString::fromLatin1(what); }
    /// A form of these options alone, in this order.
    OptionForm* addForm(const QStringList& options, const char* name, QWidget* parent, bool all = false);
    /// At the end of the column: what was found of these subjects.
    void addFindings(const QStringList& subjects, const char* name);
    /// A list to choose one row from, which is as high as its rows.
    QTreeWidget* makeChoices(const char* name, const QStringList& columns, const QString& help);
    static void fitHeight(QTreeWidget* tree, int mostRows = 12);

    WizardParts parts_;

  private:
    QString title_;
    QVBoxLayout* column_;
    QStringList subjects_;
    FindingList* findings_ = nullptr;
    std::vector<OptionForm*> forms_;
};

}  // namespace tomoloupe
