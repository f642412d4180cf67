#include "ui/panels/wizard_method_step.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardPaths>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/recipe/built_in_recipes.h"
#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

/// A recipe with a button of its own where it is one for this kind of training.
struct Preset {
    const char *recipe, *words, *name;
};
constexpr std::array<Preset, 3> kPresets{{{"paper", QT_TRANSLATE_NOOP("tomoloupe::WizardMethodStep", "The paper's settings"), "Paper"},
                                         {"quick-look", QT_TRANSLATE_NOOP("tomoloupe::WizardMethodStep", "Quick look"), "Quick"},
                                         {"few-labels", QT_TRANSLATE_NOOP("tomoloupe::WizardMethodStep", "Few labels"), "Few"}}};

bool isPreset(const std::string& recipe) {
    return std::any_of(kPresets.begin(), kPresets.end(), [&](const Preset& preset) { return recipe == preset.recipe; });
}

/// "35.1 M" of 35100000.
QString shortCount(std::int64_t number) {
    const auto value = static_cast<double>(number);
    if (value >= 1e9) return QStringLiteral("%1 G").arg(value / 1e9, 0, 'f', 1);
    if (value >= 1e6) return QStringLiteral("%1 M").arg(value / 1e6, 0, 'f', value < 1e7 ? 1 : 0);
    return QStringLiteral("%1 k").arg(value / 1e3, 0, 'f', 0);
}

QString capital(QString words) {
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

}  // namespace

WizardMethodStep::WizardMethodStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, parts.draft.pretrains() ? tr("Method and encoder") : tr("Recipe and encoder"),
                 parts.draft.pretrains() ? tr("Begin with a recipe; method and encoder can be changed afterwards.")
                                         : tr("Begin with a recipe. The encoder can be chosen where training starts from random weights; else it is that of the model."),
                 parent) {
    addRecipes();
    if (parts_.draft.pretrains()) {
        methods_ = makeChoices("Methods", {tr("Method"), tr("When to choose it")}, tr("How the network learns without labels"));
        column()->addWidget(methods_);
        connect(methods_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
            if (item && item->data(0, Qt::UserRole).toString().toStdString() != parts_.draft.pretrain.method)
                parts_.draft.setOption("method", item->data(0, Qt::UserRole).toString().toStdString());
        });
    }
    encoders_ = makeChoices("Encoders", {tr("Encoder"), tr("Parameters"), tr("Multiply-adds"), tr("When to choose it")},
                            tr("The network; multiply-adds are those of one particle, forward"));
    for (const int number : {1, 2}) encoders_->headerItem()->setTextAlignment(number, Qt::AlignRight | Qt::AlignVCenter);
    column()->addWidget(encoders_);
    connect(encoders_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item && item->data(0, Qt::UserRole).toString().toStdString() != parts_.draft.encoder().name)
            parts_.draft.setOption("encoder", item->data(0, Qt::UserRole).toString().toStdString());
    });
    addFindings({QStringLiteral("Encoder"), QStringLiteral("Options"), QStringLiteral("Amount")}, "MethodFindings");
    column()->addStretch(1);
    connect(&parts_.preflight, &Preflight::changed, this, &WizardMethodStep::showChoices);
    connect(&parts_.draft, &TrainingDraft::replaced, this, &WizardMethodStep::showChoices);
    showChoices();
}

QString WizardMethodStep::recipeFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/tomoloupe/recipes");
}

void WizardMethodStep::addRecipes() {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    const char* const kind = parts_.draft.pretrains() ? "pretrain" : "finetune";
    for (const Preset& preset : kPresets) {
        const nlohmann::json recipe = builtInRecipe(preset.recipe);
        if (!recipe.contains(kind)) continue;
        QPushButton* button = makeButton(tr(preset.words), "", this);
        button->setObjectName(named(preset.name));
        button->setToolTip(toQString(recipe.value("about", "")));
        connect(button, &QPushButton::clicked, this, [this, recipe] { tell(parts_.draft.applyRecipe(recipe), true); });
        row->addWidget(button);
    }
    recipes_ = new QComboBox(this);
    recipes_->setObjectName(named("Recipes"));
    recipes_->setAccessibleName(tr("Recipe"));
    recipes_->setToolTip(tr("Recipes of the program and your own"));
    recipes_->setMinimumWidth(160);
    QPushButton* load = makeButton(tr("Load…"), "", this);
    load->setObjectName(named("LoadRecipe"));
    load->setToolTip(tr("Options from a recipe file (JSON)"));
    QPushButton* save = makeButton(tr("Save as recipe…"), "", this);
    save->setObjectName(named("SaveRecipe"));
    save->setToolTip(tr("Keeps all options in a JSON file, which the command line takes too (--recipe FILE)"));
    for (QWidget* widget : {static_cast<QWidget*>(recipes_), static_cast<QWidget*>(load), static_cast<QWidget*>(save)})
        row->addWidget(widget);
    row->addStretch(1);
    column()->addLayout(row);
    told_ = makeLabel({}, "muted", this);
    told_->setObjectName(named("RecipeTold"));
    told_->setWordWrap(true);
    told_->hide();
    column()->addWidget(told_);
    connect(load, &QPushButton::clicked, this, &WizardMethodStep::askToLoad);
    connect(save, &QPushButton::clicked, this, &WizardMethodStep::askToSave);
    connect(recipes_, &QComboBox::activated, this, [this](int at) {
        const QString file = recipes_->itemData(at).toString();
        if (file.isEmpty()) return;
        tell(file.endsWith(QStringLiteral(".json")) ? loadRecipe(file) : parts_.draft.applyRecipe(builtInRecipe(file.toStdString())), true);
    });
    reloadRecipes();
}

void WizardMethodStep::reloadRecipes() {
    const QSignalBlocker quiet(recipes_);
    recipes_->clear();
    recipes_->addItem(tr("Recipes…"), QString());
    const char* const kind = parts_.draft.pretrains() ? "pretrain" : "finetune";
    for (const std::string& name : builtInRecipeNames()) {
        const nlohmann::json recipe = builtInRecipe(name);
        if (!recipe.contains(kind) || isPreset(name)) continue;
        recipes_->addItem(toQString(name), toQString(name));
        recipes_->setItemData(recipes_->count() - 1, toQString(recipe.value("about", "")), Qt::ToolTipRole);
    }
    for (const QFileInfo& file : QDir(recipeFolder()).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        recipes_->addItem(tr("%1 (own)").arg(file.completeBaseName()), file.absoluteFilePath());
}

QString WizardMethodStep::loadRecipe(const QString& file) {
    try {
        const nlohmann::json recipe = nlohmann::json::parse(readTextFile(file.toStdString()), nullptr, false);
        if (!recipe.is_object()) return tr("%1 is not a recipe: it must be a JSON object.").arg(file);
        return parts_.draft.applyRecipe(recipe);
    } catch (const Error& error) {
        return toQString(error.what());
    }
}

QString WizardMethodStep::saveRecipe(const QString& file) {
    try {
        QDir().mkpath(QFileInfo(file).absolutePath());
        // The other kind's part of a recipe that is there already stays.
        nlohmann::json recipe = parts_.draft.recipe(QFileInfo(file).completeBaseName());
        if (QFileInfo::exists(file)) {
            nlohmann::json known = nlohmann::json::parse(readTextFile(file.toStdString()), nullptr, false);
            if (known.is_object()) {
                known.update(recipe);
                recipe = std::move(known);
            }
        }
        writeAtomically(file.toStdString(), recipe.dump(2) + "\n");
    } catch (const Error& error) {
        return toQString(error.what());
    }
    reloadRecipes();
    return {};
}

void WizardMethodStep::askToLoad() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Load a recipe"), recipeFolder(), tr("Recipes (*.json)"));
    if (!file.isEmpty()) tell(loadRecipe(file), true);
}

void WizardMethodStep::askToSave() {
    QDir().mkpath(recipeFolder());
    QString file = QFileDialog::getSaveFileName(this, tr("Save as recipe"), recipeFolder() + QStringLiteral("/my-recipe.json"), tr("Recipes (*.json)"));
    if (file.isEmpty()) return;
    if (!file.endsWith(QStringLiteral(".json"))) file += QStringLiteral(".json");
    const QString problem = saveRecipe(file);
    tell(problem.isEmpty() ? tr("Saved as %1.").arg(file) : problem, !problem.isEmpty());
}

void WizardMethodStep::tell(const QString& sentence, bool wrong) {
    told_->setText(sentence);
    setRole(told_, wrong ? "error" : "muted");
    told_->setVisible(!sentence.isEmpty());
}

void WizardMethodStep::showChoices() {
    showMethods();
    showEncoders();
}

void WizardMethodStep::showMethods() {
    if (!methods_) return;
    const QSignalBlocker quiet(methods_);
    const auto& known = parts_.preflight.methods();
    if (methods_->topLevelItemCount() != static_cast<int>(known.size())) {
        methods_->clear();
        for (const MethodFact& fact : known) {
            auto* row = new QTreeWidgetItem(methods_);
            row->setText(0, toQString(fact.name));
            row->setText(1, capital(toQString(fact.whenToChoose)));
            row->setToolTip(1, row->text(1));
            row->setData(0, Qt::UserRole, toQString(fact.name));
        }
        fitHeight(methods_);
    }
    for (int i = 0; i < methods_->topLevelItemCount(); ++i) {
        QTreeWidgetItem* row = methods_->topLevelItem(i);
        if (row->data(0, Qt::UserRole).toString().toStdString() == parts_.draft.pretrain.method) methods_->setCurrentItem(row);
    }
}

void WizardMethodStep::showEncoders() {
    const QSignalBlocker quiet(encoders_);
    const auto& facts = parts_.preflight.machine().encoders;
    const bool fixed = !parts_.draft.start().isEmpty();
    encoders_->setEnabled(!fixed);
    while (encoders_->topLevelItemCount() > static_cast<int>(facts.size())) delete encoders_->takeTopLevelItem(0);
    while (encoders_->topLevelItemCount() < static_cast<int>(facts.size())) new QTreeWidgetItem(encoders_);
    for (int i = 0; i < static_cast<int>(facts.size()); ++i) {
        const EncoderFact& fact = facts[static_cast<std::size_t>(i)];
        QTreeWidgetItem* row = encoders_->topLevelItem(i);
        row->setText(0, toQString(fact.name));
        row->setText(1, fact.problem.empty() ? shortCount(fact.parameters) : QStringLiteral("–"));
        row->setText(2, fact.problem.empty() ? shortCount(fact.multiplyAdds) : QStringLiteral("–"));
        row->setText(3, fact.problem.empty() ? capital(toQString(fact.whenToChoose)) : tr("does not take this box"));
        row->setToolTip(3, fact.problem.empty() ? row->text(3) : toQString(fact.problem));
        row->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        row->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        row->setData(0, Qt::UserRole, toQString(fact.name));
        if (fact.name == parts_.draft.encoder().name) encoders_->setCurrentItem(row);
    }
    fitHeight(encoders_);
}

}  // namespace tomoloupe
