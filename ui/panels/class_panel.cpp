#include "ui/panels/class_panel.h"

#include <QColorDialog>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "core/project/label_agreement.h"
#include "ui/bridge/text.h"
#include "ui/models/class_keys.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kPairsShown = 6;

QIcon swatch(const QColor& colour) {
    QPixmap picture(28, 28);
    picture.setDevicePixelRatio(2);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(1, 1, 12, 12), 3, 3);
    return QIcon(picture);
}

}  // namespace

ClassPanel::ClassPanel(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("classPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    buildClasses(column);
    buildLabelSets(column);
    buildComparison(column);
    column->addStretch(1);
    QLabel* hint = makeLabel(tr("Everything here is stored at once; Ctrl+Z takes back changes of classes too."), "muted", this);
    hint->setWordWrap(true);
    column->addWidget(hint);
    connect(&bench_.project, &ProjectModel::classesChanged, this, &ClassPanel::showClasses);
    connect(&bench_.project, &ProjectModel::classesChanged, this, &ClassPanel::showLabelSets);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &ClassPanel::showClasses);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &ClassPanel::showLabelSets);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &ClassPanel::showCounts);
    connect(&bench_.project, &ProjectModel::failed, this, &ClassPanel::tell);
    showClasses();
    showLabelSets();
}

void ClassPanel::buildClasses(QVBoxLayout* column) {
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Classes"), "heading", this), 1);
    QPushButton* close = makeButton(tr("Done"), "classesDone", this);
    close->setToolTip(tr("Back to the particle"));
    connect(close, &QPushButton::clicked, this, &ClassPanel::done);
    head->addWidget(close);
    column->addLayout(head);
    rows_ = new QWidget(this);
    rowColumn_ = new QVBoxLayout(rows_);
    rowColumn_->setContentsMargins(0, 0, 0, 0);
    rowColumn_->setSpacing(4);
    column->addWidget(rows_);
    newClass_ = new QLineEdit(this);
    newClass_->setObjectName(QStringLiteral("newClass"));
    newClass_->setPlaceholderText(tr("Name of a new class, then Enter"));
    newClass_->setAccessibleName(tr("New class"));
    newClass_->setToolTip(tr("Enter makes the class; it gets the next free key and colour"));
    connect(newClass_, &QLineEdit::returnPressed, this, &ClassPanel::addClass);
    column->addWidget(newClass_);
    problem_ = makeLabel({}, "error", this);
    problem_->setObjectName(QStringLiteral("classProblem"));
    problem_->setWordWrap(true);
    problem_->hide();
    column->addWidget(problem_);
}

void ClassPanel::buildLabelSets(QVBoxLayout* column) {
    column->addSpacing(8);
    column->addWidget(makeLabel(tr("Label set"), "heading", this));
    labelSet_ = new QComboBox(this);
    labelSet_->setObjectName(QStringLiteral("labelSet"));
    labelSet_->setAccessibleName(tr("Label set"));
    labelSet_->setEditable(true);
    labelSet_->setInsertPolicy(QComboBox::NoInsert);
    labelSet_->setToolTip(tr("The labels that are shown and learnt from. Type a name and press Enter for a new, empty set: "
                             "the labels of the others are kept."));
    connect(labelSet_, &QComboBox::activated, this, [this] { useLabelSet(labelSet_->currentText()); });
    connect(labelSet_->lineEdit(), &QLineEdit::returnPressed, this, [this] { useLabelSet(labelSet_->currentText()); });
    column->addWidget(labelSet_);
}

void ClassPanel::buildComparison(QVBoxLayout* column) {
    comparison_ = new QWidget(this);
    auto* inner = new QVBoxLayout(comparison_);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(8);
    inner->addWidget(makeLabel(tr("Compared with"), "muted", comparison_));
    other_ = new QComboBox(comparison_);
    other_->setObjectName(QStringLiteral("otherLabelSet"));
    other_->setAccessibleName(tr("Label set to compare with"));
    other_->setToolTip(tr("How far the labels in use agree with those of this set"));
    inner->addWidget(other_);
    agreement_ = makeLabel({}, "fact", comparison_);
    agreement_->setObjectName(QStringLiteral("agreement"));
    agreement_->setWordWrap(true);
    inner->addWidget(agreement_);
    connect(other_, &QComboBox::currentIndexChanged, this, &ClassPanel::compare);
    column->addWidget(comparison_);
}

void ClassPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    compare();
}

void ClassPanel::startNewClass() {
    newClass_->setFocus();
}

void ClassPanel::compareWith(const QString& labelSet) {
    other_->setCurrentIndex(other_->findText(labelSet));
    other_->setFocus();  // brings it into sight
    compare();
}

void ClassPanel::tell(const QString& sentence) {
    problem_->setText(sentence);
    problem_->setVisible(!sentence.isEmpty());
}

void ClassPanel::showClasses() {
    while (QLayoutItem* item = rowColumn_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    counts_.clear();
    for (const ClassRecord& record : bench_.project.contents().classes) rowColumn_->addWidget(makeRow(record));
    tell({});
    showCounts();
}

QWidget* ClassPanel::makeRow(const ClassRecord& record) {
    auto* row = new QWidget(rows_);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    const QString name = toQString(record.name);
    const auto named = [&](auto* widget, const char* what, const QString& accessible) {
        widget->setObjectName(QString::fromLatin1(what) + QChar('.') + name);
        widget->setAccessibleName(accessible);
        widget->setToolTip(accessible);
        line->addWidget(widget);
    };
    auto* colour = new QPushButton(swatch(QColor(bench_.project.classColour(record.id))), {}, row);
    colour->setFixedSize(28, 28);
    setRole(colour, "small");
    named(colour, "classColour", tr("Colour of %1").arg(name));
    connect(colour, &QPushButton::clicked, this, [this, record, colour] { chooseColour(record, colour); });
    auto* title = new QLineEdit(name, row);
    named(title, "className", tr("Name of %1").arg(name));
    connect(title, &QLineEdit::editingFinished, this, [this, record, title] {
        ClassRecord changed = record;
        changed.name = title->text().trimmed().toStdString();
        if (changed.name != record.name) change(changed);
    });
    QLabel* count = makeLabel({}, "muted", row);
    line->addWidget(count);
    counts_.emplace_back(record.id, count);
    auto* key = new QLineEdit(QString(bench_.project.classKey(record.id).toUpper()), row);
    key->setMaxLength(1);
    key->setFixedWidth(28);
    setRole(key, "small");
    key->setAlignment(Qt::AlignCenter);
    key->setEnabled(record.role == ClassRole::Object);
    named(key, "classKey", tr("Key that labels as %1").arg(name));
    connect(key, &QLineEdit::textEdited, this, [this, record](const QString& text) {
        ClassRecord changed = record;
        changed.key = text.toLower().toStdString();
        const bool usable = text.isEmpty() || (text[0].isLetterOrNumber() && text[0].unicode() < 128);
        if (changed.key == "j" || changed.key == "u") return tell(tr("J stands for junk and U for unsure; choose another key."));
        if (!usable) return tell(tr("A key is a digit or a letter from A to Z."));
        change(changed);
    });
    auto* remove = new QPushButton(QStringLiteral("×"), row);
    remove->setFixedSize(28, 28);
    setRole(remove, "small");
    named(remove, "removeClass", tr("Remove %1 and its labels (Ctrl+Z brings them back)").arg(name));
    connect(remove, &QPushButton::clicked, this, [this, id = record.id] { bench_.project.removeClass(id); });
    return row;
}

void ClassPanel::chooseColour(const ClassRecord& record, QWidget* beside) {
    ClassRecord changed = record;
    QMenu menu(this);
    for (const char* colour : classPalette()) {
        connect(menu.addAction(swatch(QColor(colour)), QString::fromLatin1(colour)), &QAction::triggered, this,
                [&changed, colour] { changed.colour = colour; });
    }
    QAction* other = menu.addAction(tr("Another colour…"));
    if (menu.exec(beside->mapToGlobal(QPoint(0, beside->height()))) == other) {
        const QColor chosen = QColorDialog::getColor(QColor(toQString(record.colour)), this, tr("Colour of the class"));
        if (chosen.isValid()) changed.colour = chosen.name().toStdString();
    }
    if (changed.colour != record.colour) change(changed);
}

void ClassPanel::change(const ClassRecord& record) {
    bench_.project.storeClass(record);
}

void ClassPanel::addClass() {
    ClassRecord record;
    record.name = newClass_->text().trimmed().toStdString();
    if (record.name.empty()) return;
    if (bench_.project.storeClass(record)) newClass_->clear();
}

void ClassPanel::showCounts() {
    const QLocale locale;
    for (const auto& [id, label] : counts_) label->setText(locale.toString(qlonglong(bench_.project.labelsOf(id))));
    compare();
}

void ClassPanel::showLabelSets() {
    const auto& sets = bench_.project.contents().labelSets;
    const QString compared = other_->currentText();
    {
        const QSignalBlocker quiet(labelSet_), quietToo(other_);
        labelSet_->clear();
        other_->clear();
        for (const LabelSetRecord& record : sets) {
            labelSet_->addItem(toQString(record.name));
            if (record.current) labelSet_->setCurrentIndex(labelSet_->count() - 1);
            if (!record.current) other_->addItem(toQString(record.name));
        }
        if (const int at = other_->findText(compared); at >= 0) other_->setCurrentIndex(at);
    }
    comparison_->setVisible(sets.size() > 1);
    compare();
}

void ClassPanel::useLabelSet(const QString& name) {
    if (name.trimmed().isEmpty()) return showLabelSets();
    for (const LabelSetRecord& record : bench_.project.contents().labelSets) {
        if (record.current && toQString(record.name) == name.trimmed()) return;
    }
    bench_.project.useLabelSet(name.trimmed());
}

void ClassPanel::compare() {
    const SetContents* set = bench_.project.set();
    if (!isVisible() || !set || other_->currentText().isEmpty()) return;
    bench_.io.post(
        this,
        [project = bench_.project.project(), labels = set->labels, id = set->record.id,
         other = other_->currentText().toStdString()] { return labelAgreement(labels, project->labelsIn(other, id)); },
        [this](const LabelAgreement& found) {
            const QLocale locale;
            if (found.both == 0) return agreement_->setText(tr("No particle has a label in both."));
            QString text = tr("%1 of %2 labelled in both are alike: %3 %, Cohen's kappa %4")
                               .arg(locale.toString(qlonglong(found.agreeing)), locale.toString(qlonglong(found.both)))
                               .arg(100 * found.fraction(), 0, 'f', 1)
                               .arg(found.kappa, 0, 'f', 2);
            std::vector<std::pair<std::int64_t, QString>> differing;
            for (const auto& [classes, count] : found.pairs) {
                if (classes.first == classes.second) continue;
                differing.emplace_back(count, tr("%1 here, %2 there: %3")
                                                  .arg(bench_.project.className(classes.first),
                                                       bench_.project.className(classes.second), locale.toString(qlonglong(count))));
            }
            std::sort(differing.begin(), differing.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
            for (std::size_t i = 0; i < differing.size() && i < kPairsShown; ++i) text += QChar('\n') + differing[i].second;
            agreement_->setText(text);
        },
        [this](const QString& sentence) { agreement_->setText(sentence); }, latestComparison_);
}

}  // namespace tomoloupe
