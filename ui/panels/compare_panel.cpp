#include "ui/panels/compare_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/panels/parts.h"

namespace tomoloupe {

ComparePanel::ComparePanel(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("comparePanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    verdict_ = makeLabel({}, "plain", this);
    verdict_->setObjectName(QStringLiteral("compareVerdict"));
    verdict_->setWordWrap(true);
    verdict_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    verdict_->setToolTip(tr("Student's t-test of the differences of runs with the same seed; p is the chance of differences as large where there is none"));
    column->addWidget(verdict_);
    table_ = new QTableWidget(this);
    table_->setObjectName(QStringLiteral("compareTable"));
    table_->setAccessibleName(tr("What the runs differ in"));
    table_->setToolTip(tr("Options that are alike in all of them are left out"));
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setShowGrid(false);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(26);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter | Qt::Alignment(Qt::TextWordWrap));
    table_->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    table_->horizontalHeader()->setMinimumHeight(2 * fontMetrics().height() + 8);
    column->addWidget(table_, 1);
}

void ComparePanel::setComparison(const RunComparison& comparison) {
    verdict_->setText(comparison.verdict);
    table_->clear();
    const int groups = static_cast<int>(comparison.groups.size());
    table_->setColumnCount(groups + 1);
    table_->setRowCount(static_cast<int>(comparison.differences.size()) + 2);
    QStringList headers{tr("Differs in")};
    const auto put = [this](int row, int column, const QString& text) {
        auto* item = new QTableWidgetItem(text);
        item->setToolTip(text);
        table_->setItem(row, column, item);
    };
    put(0, 0, tr("test accuracy"));
    put(1, 0, tr("runs"));
    for (int g = 0; g < groups; ++g) {
        const RunGroup& group = comparison.groups[static_cast<std::size_t>(g)];
        headers.append(group.title);
        const QString accuracy = accuracyText(group);
        put(0, g + 1, accuracy.isEmpty() ? QStringLiteral("–") : accuracy);
        put(1, g + 1, group.ids.join(QStringLiteral(", ")));
    }
    for (std::size_t d = 0; d < comparison.differences.size(); ++d) {
        put(static_cast<int>(d) + 2, 0, comparison.differences[d].name);
        for (int g = 0; g < groups; ++g) put(static_cast<int>(d) + 2, g + 1, comparison.differences[d].values.value(g));
    }
    table_->setHorizontalHeaderLabels(headers);
    for (int column = 0; column < headers.size(); ++column) table_->horizontalHeaderItem(column)->setToolTip(headers[column]);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
}

}  // namespace tomoloupe
