#pragma once

#include "ui/panels/wizard_step.h"

class QComboBox;
class QLabel;

namespace tomoloupe {

/// Ready recipes, the method (pre-training), and the encoder with its cost.
class WizardMethodStep : public WizardStep {
    Q_OBJECT
  public:
    WizardMethodStep(const WizardParts& parts, QWidget* parent);
    /// Where own recipes are kept.
    [[nodiscard]] static QString recipeFolder();
    /// The sentence that says why not, else empty.
    QString loadRecipe(const QString& file);
    QString saveRecipe(const QString& file);

  private:
    void addRecipes();
    void reloadRecipes();
    void askToLoad();
    void askToSave();
    void tell(const QString& sentence, bool wrong);
    void showChoices();
    void showMethods();
    void showEncoders();

    QComboBox* recipes_;
    QLabel* told_;
    QTreeWidget* methods_ = nullptr;
    QTreeWidget* encoders_;
};

}  // namespace tomoloupe
