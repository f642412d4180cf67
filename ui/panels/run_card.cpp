#include "ui/panels/run_card.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "ui/bridge/option_model.h"
#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

/// "test_accuracy" -> "Test accuracy".
QString keyText(const std::string& key) {
    QString words = toQString(key).replace('_', ' ');
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

}  // namespace

RunCard::RunCard(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("runCard"));
    setProperty("role", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(300);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    title_ = makeLabel({}, "heading", this);
    title_->setWordWrap(true);
    column->addWidget(title_);
    rows_ = new QGridLayout;
    rows_->setVerticalSpacing(4);
    rows_->setColumnStretch(1, 1);
    column->addLayout(rows_);
    column->addStretch(1);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &RunCard::rebuild);
}

void RunCard::setRun(const QString& runId) {
    runId_ = runId;
    rebuild();
}

void RunCard::addFact(const QString& name, const QString& value) {
    const int row = rows_->rowCount();
    rows_->addWidget(makeLabel(name, "muted", this), row, 0);
    QLabel* words = makeLabel(fontMetrics().elidedText(value, Qt::ElideMiddle, 160), "fact", this);
    words->setAlignment(Qt::AlignRight);
    words->setToolTip(value);
    rows_->addWidget(words, row, 1);
}

void RunCard::addOptions(const RunConfig& config) {
    PretrainOptions pretrain;
    FinetuneOptions finetune;
    if (config.kind != "pretrain" && config.kind != "finetune") return;
    const OptionFields fields = config.kind == "pretrain" ? pretrain.describe() : finetune.describe();
    try {
        fromJson(fields, config.options);
    } catch (const std::exception&) {
        return addFact(tr("Options"), tr("of another version of the program"));
    }
    const OptionModel model(fields);
    for (int field = 0; field < model.count(); ++field) {
        if (!model.advanced(field)) addFact(model.label(field), model.text(field));
    }
}

void RunCard::addResults(const nlohmann::json& result) {
    if (!result.is_object()) return;
    for (const auto& [key, value] : result.items()) {
        if (!value.is_number()) continue;
        const bool part = key.find("accuracy") != std::string::npos;
        addFact(keyText(key), part ? tr("%1 %").arg(value.get<double>() * 100, 0, 'f', 1)
                                   : QString::number(value.get<double>(), 'g', 5));
    }
}

void RunCard::rebuild() {
    while (QLayoutItem* item = rows_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    title_->setText(tr("No run chosen."));
    for (const RunRow& row : bench_.project.contents().runs) {
        if (toQString(row.run.id()) != runId_) continue;
        const RunConfig& config = row.run.config();
        title_->setText(tr("Run %1 · %2").arg(runId_, RunsModel::whatText(row)));
        addFact(tr("Particles"), toQString(config.particleSet));
        if (!config.inputs.empty()) addFact(tr("Starts from"), toQString(config.inputs.front()));
        addOptions(config);
        addFact(tr("Seed"), QString::number(config.seed));
        addResults(row.result);
    }
}

}  // namespace tomoloupe
