#include "ui/panels/filter_panel.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleValidator>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPixmap>
#include <QPushButton>
#include <QVBoxLayout>
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
    fields[0]->setText(range.from ? QString::number(*range.from) : QString());
    fields[1]->setText(range.to ? QString::number(*range.to) : QString());
}

/// The entry of this name; the first, "all", where there is none.
void choose(QComboBox* box, const std::string& name) {
    const int at = name.empty() ? 0 : box->findText(toQString(name));
    box->setCurrentIndex(std::max(0, at));
}

void fill(QComboBox* box, const QString& all, const QStringList& names) {
    const QString kept = box->currentIndex() > 0 ? box->currentText() : QString();
    box->clear();
    box->addItem(all);
    box->addItems(names);
    choose(box, kept.toStdString());
}

}  // namespace

FilterPanel::FilterPanel(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("galleryFilterPanel"));
    setProperty("role", QStringLiteral("toolbar"));
    setAttribute(Qt::WA_StyledBackground);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(12, 8, 12, 8);
    rows->setSpacing(8);
    auto* first = new QHBoxLayout;
    auto* second = new QHBoxLayout;
    for (QHBoxLayout* row : {first, second}) {
        row->setSpacing(8);
        rows->addLayout(row);
    }
    buildFirstRow(first);
    buildSecondRow(second);
    typing_.setSingleShot(true);
    typing_.setInterval(kTypingPause);
    connect(&typing_, &QTimer::timeout, this, &FilterPanel::readFields);
    setChoices({});
}

QLineEdit* FilterPanel::makeNumber(const char* name, const QString& hint) {
    auto* field = new QLineEdit(this);
    field->setObjectName(QString::fromLatin1(name));
    field->setPlaceholderText(hint);
    auto* validator = new QDoubleValidator(field);
    validator->setLocale(QLocale::c());
    field->setValidator(validator);
    field->setFixedWidth(60);
    connect(field, &QLineEdit::textEdited, this, [this] { typing_.start(); });
    return field;
}

void FilterPanel::buildFirstRow(QHBoxLayout* row) {
    const auto makeBox = [this](const char* name, const QString& help, int width) {
        auto* box = new QComboBox(this);
        box->setObjectName(QString::fromLatin1(name));
        box->setToolTip(help);
        box->setAccessibleName(help);
        box->setFixedWidth(width);
        connect(box, &QComboBox::currentIndexChanged, this, &FilterPanel::readFields);
        return box;
    };
    state_ = makeBox("filterState", tr("Labelled or not"), 120);
    state_->addItems({tr("any label"), tr("unlabelled"), tr("labelled"), tr("junk"), tr("unsure")});
    classes_ = makeButton(tr("all classes"), "filterClasses", this);
    classes_->setToolTip(tr("What the tile shows: the label, or the suggestion where there is none"));
    classMenu_ = new QMenu(classes_);
    classMenu_->setObjectName(QStringLiteral("filterClassMenu"));
    classes_->setMenu(classMenu_);
    tomogram_ = makeBox("filterTomogram", tr("Tomogram"), 150);
    tomogram_->setMaxVisibleItems(20);
    row->addWidget(makeLabel(tr("Label"), "muted", this));
    row->addWidget(state_);
    row->addWidget(classes_);
    row->addWidget(makeLabel(tr("Tomogram"), "muted", this));
    row->addWidget(tomogram_);
    row->addWidget(makeLabel(tr("Confidence"), "muted", this));
    confidence_ = {makeNumber("filterConfidenceFrom", tr("from")), makeNumber("filterConfidenceTo", tr("to"))};
    for (QLineEdit* field : confidence_) row->addWidget(field);
    row->addStretch(1);
}

void FilterPanel::buildSecondRow(QHBoxLayout* row) {
    row->addWidget(makeLabel(tr("Score"), "muted", this));
    score_ = {makeNumber("filterScoreFrom", tr("from")), makeNumber("filterScoreTo", tr("to"))};
    for (QLineEdit* field : score_) row->addWidget(field);
    row->addWidget(makeLabel(tr("Column"), "muted", this));
    column_ = new QComboBox(this);
    column_->setObjectName(QStringLiteral("filterColumn"));
    column_->setAccessibleName(tr("Column of the source table"));
    column_->setFixedWidth(170);
    connect(column_, &QComboBox::currentIndexChanged, this, &FilterPanel::readFields);
    row->addWidget(column_);
    text_ = new QLineEdit(this);
    text_->setObjectName(QStringLiteral("filterColumnText"));
    text_->setPlaceholderText(tr("contains"));
    text_->setFixedWidth(110);
    connect(text_, &QLineEdit::textEdited, this, [this] { typing_.start(); });
    row->addWidget(text_);
    range_ = {makeNumber("filterColumnFrom", tr("from")), makeNumber("filterColumnTo", tr("to"))};
    for (QLineEdit* field : range_) row->addWidget(field);
    row->addStretch(1);
    QPushButton* clear = makeButton(tr("Show all"), "filterClear", this);
    connect(clear, &QPushButton::clicked, this, [this] {
        ParticleQuery all;
        all.sort = query_.sort == SortKey::LabelNext ? SortKey::Number : query_.sort;
        all.sortColumn = query_.sortColumn;
        all.descending = query_.descending;
        setQuery(all);
        Q_EMIT queryChanged(query_);
    });
    row->addWidget(clear);
}

void FilterPanel::setChoices(const Choices& choices) {
    showing_ = true;
    choices_ = choices;
    fill(tomogram_, tr("all"), choices.tomograms);
    fill(column_, tr("none"), choices.columns);
    column_->setEnabled(!choices.columns.isEmpty());
    classMenu_->clear();
    for (const Class& entry : choices.classes) {
        QPixmap mark(12, 12);
        mark.fill(QColor(entry.colour));
        QAction* action = classMenu_->addAction(QIcon(mark), entry.name);
        action->setCheckable(true);
        action->setData(qlonglong(entry.id));
        connect(action, &QAction::toggled, this, &FilterPanel::readFields);
    }
    showing_ = false;
    setQuery(query_);
}

void FilterPanel::setQuery(const ParticleQuery& query) {
    showing_ = true;
    query_ = query;
    state_->setCurrentIndex(static_cast<int>(query.state));
    choose(tomogram_, query.tomogram);
    choose(column_, query.column);
    if (!text_->hasFocus()) text_->setText(toQString(query.columnText));
    const std::array ranges{std::pair(confidence_, query.confidence), std::pair(score_, query.score),
                            std::pair(range_, query.columnRange)};
    for (const auto& [fields, range] : ranges) {
        if (rangeOf(fields) != range) showRange(fields, range);
    }
    for (QAction* action : classMenu_->actions()) {
        const auto id = static_cast<std::int64_t>(action->data().toLongLong());
        action->setChecked(std::find(query.classes.begin(), query.classes.end(), id) != query.classes.end());
    }
    showClasses();
    showing_ = false;
}

void FilterPanel::showClasses() {
    QStringList names;
    for (const QAction* action : classMenu_->actions()) {
        if (action->isChecked()) names.append(action->text());
    }
    classes_->setText(names.isEmpty()     ? tr("all classes")
                      : names.size() == 1 ? names.first()
                                          : tr("%n classes", nullptr, static_cast<int>(names.size())));
    const bool column = column_->currentIndex() > 0;
    for (QLineEdit* field : {text_, range_[0], range_[1]}) field->setEnabled(column);
}

void FilterPanel::readFields() {
    if (showing_) return;
    ParticleQuery query = query_;
    query.state = static_cast<LabelState>(state_->currentIndex());
    query.classes.clear();
    for (const QAction* action : classMenu_->actions()) {
        if (action->isChecked()) query.classes.push_back(static_cast<std::int64_t>(action->data().toLongLong()));
    }
    query.tomogram = tomogram_->currentIndex() > 0 ? tomogram_->currentText().toStdString() : std::string();
    query.confidence = rangeOf(confidence_);
    query.score = rangeOf(score_);
    query.column = column_->currentIndex() > 0 ? column_->currentText().toStdString() : std::string();
    query.columnText = query.column.empty() ? std::string() : text_->text().toStdString();
    query.columnRange = query.column.empty() ? ValueRange() : rangeOf(range_);
    if (query == query_) return;
    setQuery(query);
    Q_EMIT queryChanged(query);
}

bool FilterPanel::narrows(const ParticleQuery& query) {
    return !query.classes.empty() || query.confidence.bounded() || query.score.bounded() || !query.tomogram.empty() ||
           !query.column.empty() || query.state == LabelState::Labelled || query.state == LabelState::Unsure;
}

}  // namespace tomoloupe
