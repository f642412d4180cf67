#include "ui/panels/experiment_panel.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <memory>

#include "core/experiment/experiment_report.h"
#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

QString percent(double part) {
    return QLocale().toString(100 * part, 'f', 1);
}

/// "67.3 ± 1.2"
QString cellText(const TableEntry& entry) {
    if (entry.runs.empty()) return {};
    const QString mean = percent(entry.accuracy.mean);
    return entry.runs.size() > 1 ? mean + QStringLiteral(" ± ") + percent(entry.accuracy.sd) : mean;
}

bool anyPublished(const std::vector<TableEntry>& row) {
    return std::any_of(row.begin(), row.end(), [](const TableEntry& entry) { return entry.published.has_value(); });
}

QString cellTip(const TableEntry& entry, const QString& first) {
    if (entry.runs.empty()) return ExperimentPanel::tr("Not done yet");
    QStringList lines{ExperimentPanel::tr("%n runs, %1 labels", nullptr, static_cast<int>(entry.runs.size()))
                          .arg(entry.runs.front()->trainCount),
                      ExperimentPanel::tr("95 % interval over held-out particles: %1 to %2 %")
                          .arg(percent(entry.interval.low), percent(entry.interval.high)),
                      ExperimentPanel::tr("macro-F1 %1, calibration error %2")
                          .arg(QLocale().toString(entry.macroF1.mean, 'f', 3),
                               QLocale().toString(entry.calibrationError.mean, 'f', 3))};
    if (entry.test)
        lines << ExperimentPanel::tr("%1 points over “%2”, p = %3 (paired t-test, Holm)")
                     .arg(QLocale().toString(100 * entry.test->meanDifference, 'f', 1), first,
                          QLocale().toString(entry.adjustedP, 'g', 2));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

struct ExperimentPanel::Loaded {
    ExperimentRecipe recipe;
    std::map<std::string, CellRecord> records;
    ExperimentTable table;
};

ExperimentPanel::ExperimentPanel(const Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      bench_(workbench),
      heading_(makeLabel({}, "heading", this)),
      words_(makeLabel({}, "muted", this)),
      table_(new QTableWidget(this)),
      report_(makeButton(tr("Open the report"), "experimentReport", this)) {
    setObjectName(QStringLiteral("experimentPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    auto* top = new QHBoxLayout;
    top->addWidget(heading_, 1);
    report_->setToolTip(
        tr("The whole report in the browser: curves, tests, confusion, calibration, heat maps, all options"));
    top->addWidget(report_);
    column->addLayout(top);
    words_->setWordWrap(true);
    column->addWidget(words_);
    table_->setObjectName(QStringLiteral("experimentTable"));
    table_->setAccessibleName(tr("Accuracy of each way of learning"));
    table_->setToolTip(tr("Held-out accuracy in percent: mean ± standard deviation over seeds"));
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addWidget(table_, 1);
    connect(report_, &QPushButton::clicked, this, &ExperimentPanel::openReport);
}

std::filesystem::path ExperimentPanel::folder() const {
    const auto project = bench_.project.project();
    if (!project) return {};
    const std::filesystem::path own = project->folder();
    for (const std::filesystem::path& place : {own, own.parent_path()})
        if (std::filesystem::exists(place / "experiment" / "recipe.json")) return place;
    return {};
}

void ExperimentPanel::reload() {
    if (!hasExperiment()) return;
    bench_.io.post(
        this,
        [place = folder()] {
            auto loaded = std::make_shared<Loaded>();
            loaded->recipe = recipeOf(place);
            loaded->records = readRecords(place);
            loaded->table = tableOf(loaded->recipe, loaded->records);
            return std::shared_ptr<const Loaded>(std::move(loaded));
        },
        [this](const std::shared_ptr<const Loaded>& loaded) { show(*loaded); },
        [this](const QString& sentence) { words_->setText(sentence); }, latest_);
}

void ExperimentPanel::show(const Loaded& loaded) {
    const ExperimentRecipe& recipe = loaded.recipe;
    heading_->setText(recipe.reduced ? tr("%1, reduced").arg(toQString(recipe.name)) : toQString(recipe.name));
    words_->setText(tr("%1\n%2 of %3 cells done. Held-out accuracy in percent: mean ± standard deviation over seeds; "
                       "more about each in its tip.")
                        .arg(toQString(recipe.about))
                        .arg(loaded.table.done)
                        .arg(loaded.table.cells));
    const int columns = static_cast<int>(recipe.labelFractions.size());
    table_->clear();
    table_->setColumnCount(columns + 1);
    table_->setRowCount(0);
    QStringList heads{tr("Start")};
    for (const double fraction : recipe.labelFractions)
        heads << tr("%1 % of the labels").arg(QLocale().toString(100 * fraction, 'g', 4));
    table_->setHorizontalHeaderLabels(heads);
    for (std::size_t set = 0; set < recipe.sets.size(); ++set) {
        QFont bold = font();
        bold.setBold(true);
        addRow(toQString(recipe.sets[set].name))->setFont(bold);
        for (std::size_t start = 0; start < recipe.starts.size(); ++start) {
            const auto& entries = loaded.table.entries[set][start];
            addRow(QStringLiteral("   ") + toQString(recipe.starts[start].name));
            for (int i = 0; i < columns; ++i)
                put(i, cellText(entries[static_cast<std::size_t>(i)]),
                    cellTip(entries[static_cast<std::size_t>(i)], toQString(recipe.starts[0].name)));
            if (!anyPublished(entries)) continue;
            const QString help = tr("What is published for “%1”").arg(toQString(recipe.starts[start].name));
            addRow(QStringLiteral("      ") + tr("published"))->setForeground(palette().placeholderText());
            for (int i = 0; i < columns; ++i)
                if (const auto& published = entries[static_cast<std::size_t>(i)].published)
                    put(i, percent(*published), help)->setForeground(palette().placeholderText());
        }
    }
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
}

QTableWidgetItem* ExperimentPanel::addRow(const QString& name) {
    table_->insertRow(table_->rowCount());
    return put(-1, name, name.trimmed());
}

QTableWidgetItem* ExperimentPanel::put(int fraction, const QString& text, const QString& tip) {
    auto* item = new QTableWidgetItem(text);
    item->setToolTip(tip);
    table_->setItem(table_->rowCount() - 1, fraction + 1, item);
    return item;
}

void ExperimentPanel::openReport() {
    bench_.io.post(
        this, [place = folder()] { return writeReport(place).html.string(); },
        [](const std::string& page) { QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(page))); },
        [this](const QString& sentence) { words_->setText(sentence); });
}

void ExperimentPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    reload();
}

}  // namespace tomoloupe
