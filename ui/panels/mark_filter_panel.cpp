#include "ui/panels/mark_filter_panel.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleValidator>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPixmap>
#include <QPushButton>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kTypingPause = 250;  // ms

std::optional<double> numberOf(const QLineEdit* field) {
    bool number = false;
    const double value = field->text().toDouble(&number);
    return number ? std::optional(value) : std::nullopt;
}

ValueRange rangeOf(const std::array<QLineEdit*, 2>& fields) {
    return {numberOf(fields[0]), numberOf(fields[1])};
}

void showRange(const std::array<QLineEdit*, 2>& fields, const ValueRange& range) {
    if (rangeOf(fields) == range) return;  // it may be half typed
    fields[0]->setText(range.from ? QString::number(*range.from) : QString());
    fields[1]->setText(range.to ? QString::number(*range.to) : QString());
}

}  // namespace

MarkFilterPanel::MarkFilterPanel(QWidget* parent)
    : QWidget(parent),
      classes_(makeChooser("markFilterClasses", tr("any label"), tr("Particles with one of these labels"))),
      predictions_(makeChooser("markFilterPredictions", tr("any prediction"),
                               tr("Particles of which the newest run predicted one of these"))),
      score_{makeField("markFilterScoreFrom", tr("from"), tr("Least score"), true),
             makeField("markFilterScoreTo", tr("to"), tr("Largest score"), true)},
      range_{makeField("markFilterFrom", tr("from"), tr("Least number in the column"), true),
             makeField("markFilterTo", tr("to"), tr("Largest number in the column"), true)},
      column_(new QComboBox(this)),
      text_(makeField("markFilterText", tr("contains"), tr("Text that the column contains"), false)),
      counts_(makeLabel({}, "muted", this)),
      all_(makeButton(tr("Show all"), "markFilterAll", this)) {
    setObjectName(QStringLiteral("markFilterPanel"));
    column_->setObjectName(QStringLiteral("markFilterColumn"));
    column_->setAccessibleName(tr("Column of the source table"));
    column_->setToolTip(tr("A column of the table that the particles came from"));
    column_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    all_->setToolTip(tr("Takes everything of this filter away"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    const auto addRow = [grid](int row, QWidget* first, std::array<QWidget*, 2> rest) {
        grid->addWidget(first, row, 0);
        grid->addWidget(rest[0], row, 1);
        grid->addWidget(rest[1], row, 2);
    };
    grid->addWidget(classes_.button, 0, 0);
    grid->addWidget(predictions_.button, 0, 1, 1, 2);
    addRow(1, makeLabel(tr("Score"), "muted", this), {score_[0], score_[1]});
    grid->addWidget(column_, 2, 0);
    grid->addWidget(text_, 2, 1, 1, 2);
    addRow(3, makeLabel(tr("Number in it"), "muted", this), {range_[0], range_[1]});
    grid->addWidget(counts_, 4, 0);
    grid->addWidget(all_, 4, 1, 1, 2);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    typing_.setSingleShot(true);
    typing_.setInterval(kTypingPause);
    connect(&typing_, &QTimer::timeout, this, &MarkFilterPanel::read);
    connect(column_, &QComboBox::currentIndexChanged, this, &MarkFilterPanel::read);
    connect(all_, &QPushButton::clicked, this, [this] {
        if (filter_.trivial()) return;
        setFilter({});
        Q_EMIT changed();
    });
    setChoices({}, {});
}

MarkFilterPanel::Chooser MarkFilterPanel::makeChooser(const char* name, const QString& all, const QString& help) {
    Chooser chooser{makeButton(all, name, this), nullptr, all};
    chooser.button->setToolTip(help);
    chooser.menu = new QMenu(chooser.button);
    chooser.menu->setObjectName(QString::fromLatin1(name) + QStringLiteral("Menu"));
    chooser.button->setMenu(chooser.menu);
    return chooser;
}

QLineEdit* MarkFilterPanel::makeField(const char* name, const QString& hint, const QString& help, bool number) {
    auto* field = new QLineEdit(this);
    field->setObjectName(QString::fromLatin1(name));
    field->setPlaceholderText(hint);
    field->setToolTip(help);
    field->setAccessibleName(help);
    field->setMinimumWidth(56);
    if (number) {
        auto* validator = new QDoubleValidator(field);
        validator->setLocale(QLocale::c());
        field->setValidator(validator);
    }
    connect(field, &QLineEdit::textEdited, &typing_, qOverload<>(&QTimer::start));
    return field;
}

void MarkFilterPanel::fill(const Chooser& chooser, const std::vector<Class>& classes, const QString& none) {
    chooser.menu->clear();
    const auto add = [&](std::int64_t id, const QString& name, const QString& colour) {
        QPixmap mark(12, 12);
        mark.fill(colour.isEmpty() ? QColor(Qt::transparent) : QColor(colour));
        QAction* action = chooser.menu->addAction(QIcon(mark), name);
        action->setCheckable(true);
        action->setData(qlonglong(id));
        connect(action, &QAction::toggled, this, &MarkFilterPanel::read);
    };
    for (const Class& entry : classes) add(entry.id, entry.name, entry.colour);
    add(0, none, {});
}

void MarkFilterPanel::setChoices(const std::vector<Class>& classes, const QStringList& columns) {
    showing_ = true;
    fill(classes_, classes, tr("no label"));
    fill(predictions_, classes, tr("not predicted"));
    column_->clear();
    column_->addItem(tr("any column"));
    column_->addItems(columns);
    column_->setEnabled(!columns.isEmpty());
    showing_ = false;
    setFilter(filter_);
}

void MarkFilterPanel::tick(const Chooser& chooser, std::vector<std::int64_t>& wanted) {
    QStringList names;
    std::vector<std::int64_t> there;
    for (QAction* action : chooser.menu->actions()) {
        const auto id = static_cast<std::int64_t>(action->data().toLongLong());
        const bool on = std::find(wanted.begin(), wanted.end(), id) != wanted.end();
        action->setChecked(on);
        if (!on) continue;
        there.push_back(id);
        names.append(action->text());
    }
    wanted = there;
    const QString words = names.isEmpty()     ? chooser.all
                          : names.size() == 1 ? names.first()
                                              : tr("%n classes", nullptr, static_cast<int>(names.size()));
    chooser.button->setText(chooser.button->fontMetrics().elidedText(words, Qt::ElideRight, 110));
}

std::vector<std::int64_t> MarkFilterPanel::ticked(const Chooser& chooser) {
    std::vector<std::int64_t> ids;
    for (const QAction* action : chooser.menu->actions())
        if (action->isChecked()) ids.push_back(static_cast<std::int64_t>(action->data().toLongLong()));
    return ids;
}

void MarkFilterPanel::setFilter(const OverlayFilter& filter) {
    showing_ = true;
    filter_ = filter;
    tick(classes_, filter_.classes);
    tick(predictions_, filter_.predictions);
    const int column = filter.column.empty() ? 0 : column_->findText(toQString(filter.column));
    column_->setCurrentIndex(std::max(0, column));
    if (column <= 0) {
        filter_.column.clear();
        filter_.columnText.clear();
        filter_.columnRange = {};
    }
    showRange(score_, filter_.score);
    showRange(range_, filter_.columnRange);
    if (text_->text() != toQString(filter_.columnText)) text_->setText(toQString(filter_.columnText));
    for (QLineEdit* field : {text_, range_[0], range_[1]}) field->setEnabled(column > 0);
    all_->setEnabled(!filter_.trivial());
    showing_ = false;
}

void MarkFilterPanel::setCounts(std::size_t shown, std::size_t all) {
    counts_->setText(tr("%1 of %2 shown").arg(shown).arg(all));
}

void MarkFilterPanel::read() {
    if (showing_) return;
    OverlayFilter filter;
    filter.classes = ticked(classes_);
    filter.predictions = ticked(predictions_);
    filter.score = rangeOf(score_);
    if (column_->currentIndex() > 0) {
        filter.column = column_->currentText().toStdString();
        filter.columnText = text_->text().toStdString();
        filter.columnRange = rangeOf(range_);
    }
    if (filter == filter_) return;
    setFilter(filter);
    Q_EMIT changed();
}

}  // namespace tomoloupe
