#include "ui/panels/run_card.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "ui/bridge/option_model.h"
#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kNoteRest = 600;  // ms after the last key

/// "test_accuracy" -> "Test accuracy".
QString keyText(const std::string& key) {
    QString words = toQString(key).replace('_', ' ');
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

}  // namespace

RunCard::RunCard(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), model_(workbench.project, workbench.jobs) {
    setObjectName(QStringLiteral("runCard"));
    setProperty("role", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(300);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    auto* head = new QHBoxLayout;
    title_ = makeLabel({}, "heading", this);
    title_->setWordWrap(true);
    star_ = makeToggle(QStringLiteral("☆"), "runStar", this);
    star_->setToolTip(tr("A run to come back to"));
    star_->setAccessibleName(tr("Star"));
    star_->setProperty("density", QStringLiteral("compact"));
    head->addWidget(title_, 1);
    head->addWidget(star_, 0, Qt::AlignTop);
    column->addLayout(head);
    state_ = makeLabel({}, "plain", this);
    state_->setObjectName(QStringLiteral("runReason"));
    state_->setWordWrap(true);
    state_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(state_);
    buildActions(column);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* facts = new QWidget(scroll);
    auto* inner = new QVBoxLayout(facts);
    inner->setContentsMargins(0, 0, 8, 0);
    rows_ = new QGridLayout;
    rows_->setVerticalSpacing(4);
    rows_->setColumnStretch(1, 1);
    inner->addLayout(rows_);
    inner->addStretch(1);
    scroll->setWidget(facts);
    column->addWidget(scroll, 1);
    buildNote(column);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &RunCard::rebuild);
    connect(&bench_.jobs, &JobController::beganWork, this, &RunCard::showActions);
    connect(&bench_.jobs, &JobController::reordered, this, &RunCard::showActions);
    connect(&bench_.jobs, &JobController::ended, this, &RunCard::showActions);
    connect(star_, &QPushButton::toggled, this, &RunCard::storeNote);
}

RunCard::~RunCard() = default;

void RunCard::buildActions(QVBoxLayout* column) {
    struct Spec {
        const char* name;
        QString words, help;
    };
    const std::array<Spec, ActionCount> specs{
        Spec{"runFinish", tr("Finish"), tr("Stop soon and keep what was learnt")},
        Spec{"runCancel", tr("Cancel"), tr("Stop now; it can be resumed from its last checkpoint")},
        Spec{"runResume", tr("Resume"), tr("Go on from the last checkpoint; without one, begin again")},
        Spec{"runDuplicate", tr("Duplicate…"), tr("Opens the wizard with the options of this run")},
        Spec{"runCompare", tr("Compare"), tr("What the chosen runs differ in; choose several with Ctrl+click")},
        Spec{"runEarlier", tr("Earlier"), tr("Changes places with the run that waits before it")},
        Spec{"runLater", tr("Later"), tr("Changes places with the run that waits after it")},
        Spec{"runFinetune", tr("Fine-tune from this run…"), tr("Opens the wizard with this run as the start")}};
    auto* grid = new QGridLayout;
    grid->setSpacing(8);
    for (int action = 0; action < ActionCount; ++action) {
        const auto at = static_cast<std::size_t>(action);
        QPushButton* button = action == Finetune ? makePrimaryButton(specs[at].words, specs[at].name, this) : makeButton(specs[at].words, specs[at].name, this);
        button->setToolTip(specs[at].help);
        actions_[at] = button;
        connect(button, &QPushButton::clicked, this, [this, action] { act(static_cast<Action>(action)); });
    }
    const auto place = [&](Action action, int row, int at) { grid->addWidget(actions_[action], row, at); };
    place(Finish, 0, 0);
    place(Cancel, 0, 1);
    place(Earlier, 1, 0);
    place(Later, 1, 1);
    grid->addWidget(actions_[Resume], 2, 0, 1, 2);
    place(Duplicate, 3, 0);
    place(Compare, 3, 1);
    grid->addWidget(actions_[Finetune], 4, 0, 1, 2);
    column->addLayout(grid);
}

void RunCard::buildNote(QVBoxLayout* column) {
    note_ = new QPlainTextEdit(this);
    note_->setObjectName(QStringLiteral("runNote"));
    note_->setAccessibleName(tr("Note"));
    note_->setToolTip(tr("Kept in the run's folder"));
    note_->setPlaceholderText(tr("A note on this run"));
    note_->setTabChangesFocus(true);
    note_->setFixedHeight(56);
    note_->installEventFilter(this);
    column->addWidget(note_);
    noteDelay_.setSingleShot(true);
    noteDelay_.setInterval(kNoteRest);
    connect(&noteDelay_, &QTimer::timeout, this, &RunCard::storeNote);
    connect(note_, &QPlainTextEdit::textChanged, &noteDelay_, qOverload<>(&QTimer::start));
}

bool RunCard::eventFilter(QObject* watched, QEvent* event) {
    if (watched == note_ && event->type() == QEvent::FocusOut && noteDelay_.isActive()) storeNote();
    return QWidget::eventFilter(watched, event);
}

void RunCard::setRun(const QString& runId) {
    if (noteDelay_.isActive()) storeNote();
    runId_ = runId;
    rebuild();
}

const RunRow* RunCard::row() const {
    return model_.rowAt(model_.rowOf(runId_));
}

void RunCard::showActions() {
    const RunRow* run = row();
    const int job = run ? model_.jobOf(*run) : 0;
    const bool working = job != 0 && bench_.jobs.begun(job), waiting = job != 0 && !working;
    const std::string kind = run ? run->run.config().kind : std::string();
    const bool training = kind == "pretrain" || kind == "finetune";
    const bool usable = run && job == 0 && training && (run->state == RunState::Done || run->state == RunState::FinishedEarly);
    const std::array shown{working,  job != 0, run && model_.resumable(model_.rowOf(runId_)), run != nullptr && training, training, waiting, waiting, usable};
    for (std::size_t i = 0; i < shown.size(); ++i) actions_[i]->setVisible(shown[i]);
    if (run && shown[Resume]) actions_[Resume]->setText(run->state == RunState::Prepared ? tr("Start") : run->checkpoint ? tr("Resume") : tr("Start again"));
    const bool stopped = run && job == 0 && (run->state == RunState::Failed || run->state == RunState::Interrupted);
    QString reason;
    if (stopped) reason = RunsModel::reasonText(*run);
    if (stopped && reason.isEmpty()) reason = tr("It stopped without a word, as by a power cut.");
    if (stopped && run->checkpoint) reason += QChar(' ') + tr("Resume goes on from the last checkpoint.");
    state_->setText(reason);
    state_->setVisible(!reason.isEmpty());
    setRole(state_, run && run->state == RunState::Failed ? "error" : "warn");
}

void RunCard::act(Action action) {
    const RunRow* run = row();
    if (!run) return;
    const int job = model_.jobOf(*run);
    const QString id = runId_;
    switch (action) {
        case Finish:
            return bench_.jobs.request(job, StopWish::Finish);
        case Cancel:
            return bench_.jobs.request(job, StopWish::Cancel);
        case Resume: {
            const Run copy = run->run;  // launching reads the table anew
            return bench_.launcher.resume(copy);
        }
        case Duplicate:
            return Q_EMIT duplicateWanted(id);
        case Compare:
            return Q_EMIT compareWanted();
        case Earlier:
        case Later:
            bench_.jobs.move(job, action == Earlier ? -1 : 1);
            return;
        case Finetune:
            return Q_EMIT finetuneWanted(id);
        case ActionCount:
            break;
    }
}

void RunCard::showNote() {
    const RunRow* run = row();
    note_->setEnabled(run != nullptr);
    star_->setVisible(run != nullptr);
    note_->setVisible(run != nullptr);
    const QSignalBlocker quietStar(star_);
    if (run) {
        star_->setChecked(run->note.star);
        star_->setText(run->note.star ? QStringLiteral("★") : QStringLiteral("☆"));
    }
    // What is being typed is newer than what was read.
    if (noteOf_ == runId_ && (noteDelay_.isActive() || note_->hasFocus())) return;
    noteOf_ = runId_;
    const QSignalBlocker quiet(note_);
    note_->setPlainText(run ? toQString(run->note.text) : QString());
}

void RunCard::storeNote() {
    noteDelay_.stop();
    const RunRow* run = row();
    if (!run) return;
    const RunNote note{star_->isChecked(), note_->toPlainText().toStdString()};
    star_->setText(note.star ? QStringLiteral("★") : QStringLiteral("☆"));
    if (note.star == run->note.star && note.text == run->note.text) return;
    try {
        run->run.setNote(note);
    } catch (const std::exception& error) {
        Q_EMIT bench_.project.failed(toQString(error.what()));
        return;
    }
    bench_.project.refreshRuns();
}

void RunCard::addSection(const QString& title) {
    QLabel* label = makeLabel(title, "section", this);
    rows_->addWidget(label, rows_->rowCount(), 0, 1, 2);
}

void RunCard::addFact(const QString& name, const QString& value) {
    const int at = rows_->rowCount();
    QLabel* label = makeLabel(name, "muted", this);
    label->setToolTip(name);
    rows_->addWidget(label, at, 0);
    QLabel* words = makeLabel(fontMetrics().elidedText(value, Qt::ElideMiddle, 150), "fact", this);
    words->setAlignment(Qt::AlignRight);
    words->setToolTip(value);
    rows_->addWidget(words, at, 1);
}

void RunCard::addOptions(const RunConfig& config) {
    PretrainOptions pretrain, standardPretrain;
    FinetuneOptions finetune, standardFinetune;
    if (config.kind != "pretrain" && config.kind != "finetune") return;
    const bool first = config.kind == "pretrain";
    const OptionFields fields = first ? pretrain.describe() : finetune.describe();
    try {
        fromJson(fields, config.options);
    } catch (const std::exception&) {
        return addFact(tr("Options"), tr("of another version of the program"));
    }
    const OptionModel model(fields), standard(first ? standardPretrain.describe() : standardFinetune.describe());
    for (int field = 0; field < model.count(); ++field) {
        // Of those that few need, what was changed.
        if (!model.advanced(field) || model.text(field) != standard.text(field)) addFact(model.label(field), model.text(field));
    }
}

void RunCard::addResults(const RunRow& row) {
    const nlohmann::json& result = row.result;
    if (!result.is_object()) return;
    const nlohmann::json& options = row.run.config().options;
    for (const auto& [key, value] : result.items()) {
        // The seed stands among the options already, and so do the epochs unless it did fewer.
        if (!value.is_number() || key == "seed" || (key == "epochs" && options.is_object() && options.value("epochs", nlohmann::json()) == value)) continue;
        const QString name = key == "epoch" ? tr("Best epoch") : key == "epochs" ? tr("Epochs done") : keyText(key);
        const bool part = key.find("accuracy") != std::string::npos;
        addFact(name, part ? tr("%1 %").arg(value.get<double>() * 100, 0, 'f', 1) : QString::number(value.get<double>(), 'g', value.is_number_integer() ? 10 : 5));
    }
}

void RunCard::rebuild() {
    while (QLayoutItem* item = rows_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    title_->setText(tr("No run chosen."));
    if (const RunRow* run = row()) {
        const RunConfig& config = run->run.config();
        title_->setText(tr("Run %1 · %2").arg(runId_, RunsModel::whatText(*run)));
        addSection(tr("Options"));
        addFact(tr("Particles"), toQString(config.particleSet));
        if (!config.inputs.empty()) addFact(tr("Starts from"), toQString(config.inputs.front()));
        addOptions(config);
        addFact(tr("Seed"), QString::number(config.seed));
        const int before = rows_->count();
        addSection(tr("Result"));
        addResults(*run);
        if (rows_->count() == before + 1) rows_->itemAt(before)->widget()->hide();
    }
    showActions();
    showNote();
}

}  // namespace tomoloupe
