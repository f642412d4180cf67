#include "ui/panels/finding_list.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

struct Mark {
    const char* role;
    QString sign, words;
};

Mark markOf(Finding::Level level) {
    switch (level) {
        case Finding::Level::Error:
            return {"error", QStringLiteral("✕"), FindingList::tr("Error")};
        case Finding::Level::Warning:
            return {"warn", QStringLiteral("!"), FindingList::tr("Warning")};
        case Finding::Level::Good:
            break;
    }
    return {"good", QStringLiteral("✓"), FindingList::tr("Good")};
}

}  // namespace

FindingList::FindingList(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    grid_ = new QGridLayout(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(12);
    grid_->setVerticalSpacing(8);
    grid_->setColumnStretch(2, 1);
}

void FindingList::setFindings(const std::vector<Finding>& findings) {
    std::vector<Finding> passed;
    QString content;
    for (const Finding& finding : findings) {
        if (filter_ && !filter_(finding)) continue;
        passed.push_back(finding);
        content += QStringLiteral("%1|%2|%3|%4|%5\n").arg(static_cast<int>(finding.level)).arg(toQString(finding.subject), toQString(finding.sentence), toQString(finding.fix), toQString(finding.value));
    }
    if (content == shown_) return;  // a button under the mouse stays
    shown_ = content;
    while (QLayoutItem* item = grid_->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    int row = 0;
    for (const Finding& finding : passed) addRow(row++, finding);
}

void FindingList::addRow(int row, const Finding& finding) {
    const Mark mark = markOf(finding.level);
    QLabel* sign = makeLabel(mark.sign, mark.role, this);
    sign->setAccessibleName(mark.words);
    sign->setFixedWidth(12);
    QLabel* subject = makeLabel(toQString(finding.subject), "strong", this);
    subject->setFixedWidth(112);
    subject->setWordWrap(true);
    QLabel* sentence = makeLabel(toQString(finding.sentence), finding.level == Finding::Level::Good ? "muted" : "plain", this);
    sentence->setWordWrap(true);
    sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid_->addWidget(sign, row, 0, Qt::AlignTop);
    grid_->addWidget(subject, row, 1, Qt::AlignTop);
    grid_->addWidget(sentence, row, 2);
    if (finding.fix.empty()) return;
    QPushButton* fix = makeButton(toQString(finding.fix), "", this);
    fix->setObjectName(objectName() + QStringLiteral(".fix.") + toQString(finding.option));
    fix->setToolTip(tr("Sets %1 to %2").arg(toQString(finding.option), toQString(finding.value)));
    fix->setAccessibleName(fix->text());
    grid_->addWidget(fix, row, 3, Qt::AlignTop);
    connect(fix, &QPushButton::clicked, this,
            [this, option = toQString(finding.option), value = toQString(finding.value)] { Q_EMIT fixWanted(option, value); });
}

}  // namespace tomoloupe
