#include "ui/panels/navigator.h"

#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kWidth = 232;
constexpr int kFoldedWidth = 52;

class NavigatorDelegate : public QStyledItemDelegate {
  public:
    explicit NavigatorDelegate(Navigator* owner) : QStyledItemDelegate(owner), owner_(owner) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        return {40, kind(index) == Navigator::Item::Section ? (index.row() == 0 ? 28 : 40) : 27};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (kind(index) == Navigator::Item::Section) {
            paintSection(painter, option, index);
        } else {
            paintRow(painter, option, index);
        }
        painter->restore();
    }

  private:
    static Navigator::Item kind(const QModelIndex& index) {
        return static_cast<Navigator::Item>(index.data(Navigator::kItemRole).toInt());
    }
    void paintSection(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
        const QRect line = option.rect.adjusted(12, 0, -12, -6);
        if (owner_->folded()) {
            painter->setPen(lineColour(owner_->palette()));
            if (index.row() > 0)
                painter->drawLine(line.left(), option.rect.center().y(), line.right(), option.rect.center().y());
            return;
        }
        QFont font = option.font;
        font.setPixelSize(11);
        font.setWeight(QFont::DemiBold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
        painter->setFont(font);
        painter->setPen(mutedColour(owner_->palette()));
        painter->drawText(line, Qt::AlignLeft | Qt::AlignBottom, index.data().toString().toUpper());
    }
    void paintRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
        const QPalette palette = owner_->palette();
        const bool hovered = option.state & QStyle::State_MouseOver,
                   current = index.data(Navigator::kCurrentRole).toBool();
        if (hovered || current) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(raisedColour(palette));
            painter->drawRoundedRect(QRectF(option.rect).adjusted(6, 0.5, -6, -0.5), 6, 6);
        }
        QRect inner = option.rect.adjusted(12, 0, -12, 0);
        const QString colour = index.data(Navigator::kColourRole).toString();
        if (owner_->folded()) return paintFolded(painter, option, index, colour);
        if (!colour.isEmpty()) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(QColor(colour));
            painter->drawRoundedRect(QRectF(inner.left(), inner.center().y() - 4.5, 10, 10), 2.5, 2.5);
            inner.setLeft(inner.left() + 18);
        }
        const QString key = index.data(Navigator::kKeyRole).toString();
        if (!key.isEmpty()) paintKey(painter, inner, key);
        if (!colour.isEmpty()) inner.setRight(inner.right() - 26);
        QFont font = option.font;
        font.setPixelSize(12);
        painter->setFont(font);
        const QString count = index.data(Navigator::kCountRole).toString();
        painter->setPen(mutedColour(palette));
        painter->drawText(inner, Qt::AlignRight | Qt::AlignVCenter, count);
        inner.setRight(inner.right() - painter->fontMetrics().horizontalAdvance(count) - 8);
        painter->setFont(option.font);
        painter->setPen(textColour(palette));
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, inner.width()));
    }
    void paintKey(QPainter* painter, const QRect& inner, const QString& key) const {
        const QRectF box(inner.right() - 17, inner.center().y() - 8, 17, 17);
        painter->setBrush(Qt::NoBrush);
        QColor edge = mutedColour(owner_->palette());
        edge.setAlpha(110);
        painter->setPen(edge);
        painter->drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        QFont font = owner_->font();
        font.setPixelSize(11);
        painter->setFont(font);
        painter->setPen(mutedColour(owner_->palette()));
        painter->drawText(box, Qt::AlignCenter, key);
    }
    void paintFolded(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                     const QString& colour) const {
        if (!colour.isEmpty()) {
            const QRectF box(option.rect.center().x() - 8, option.rect.center().y() - 8, 17, 17);
            painter->setPen(Qt::NoPen);
            painter->setBrush(QColor(colour));
            painter->drawRoundedRect(box, 4, 4);
            QFont font = option.font;
            font.setPixelSize(11);
            painter->setFont(font);
            painter->setPen(inkOn(QColor(colour)));
            painter->drawText(box, Qt::AlignCenter, index.data(Navigator::kKeyRole).toString());
            return;
        }
        QFont font = option.font;
        font.setPixelSize(11);
        painter->setFont(font);
        painter->setPen(textColour(owner_->palette()));
        painter->drawText(option.rect.adjusted(4, 0, -4, 0), Qt::AlignCenter,
                          painter->fontMetrics().elidedText(index.data(Navigator::kNameRole).toString(), Qt::ElideRight,
                                                            option.rect.width() - 10));
    }

    Navigator* owner_;
};

}  // namespace

Navigator::Navigator(const Workbench& workbench, QWidget* parent) : QListWidget(parent), bench_(workbench) {
    setObjectName(QStringLiteral("navigator"));
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::NoSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setUniformItemSizes(false);
    setMouseTracking(true);
    setItemDelegate(new NavigatorDelegate(this));
    setFixedWidth(kWidth);
    connect(this, &QListWidget::itemClicked, this, &Navigator::choose);
    connect(this, &QListWidget::itemActivated, this, &Navigator::choose);
    for (const auto signal : {&ProjectModel::contentsChanged, &ProjectModel::runsChanged, &ProjectModel::setChanged,
                              &ProjectModel::classesChanged, &ProjectModel::tomogramChanged}) {
        connect(&bench_.project, signal, this, &Navigator::rebuild);
    }
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &Navigator::rebuild);
    rebuild();
}

void Navigator::setFolded(bool folded) {
    folded_ = folded;
    setFixedWidth(folded ? kFoldedWidth : kWidth);
    scheduleDelayedItemsLayout();
}

void Navigator::addSection(const QString& title) {
    auto* item = new QListWidgetItem(title, this);
    item->setData(kItemRole, static_cast<int>(Item::Section));
    item->setFlags(Qt::NoItemFlags);
}

QListWidgetItem* Navigator::addItem(Item kind, const QString& text, const QString& count, const QString& name,
                                    bool current) {
    auto* item = new QListWidgetItem(text, this);
    item->setData(kItemRole, static_cast<int>(kind));
    item->setData(kCountRole, count);
    item->setData(kNameRole, name);
    item->setData(kCurrentRole, current);
    item->setToolTip(count.isEmpty() ? text : text + QStringLiteral(" · ") + count);
    return item;
}

void Navigator::rebuild() {
    clear();
    if (!bench_.project.isOpen()) return;
    const ProjectContents& contents = bench_.project.contents();
    const QLocale locale;
    if (!contents.tomograms.empty()) {
        addSection(tr("Tomograms"));
        const TomogramRecord* current = bench_.project.currentTomogram();
        for (const TomogramRecord& record : contents.tomograms) {
            addItem(Item::Tomogram, toQString(record.name), tr("%1 Å").arg(record.voxelSizeAngstrom, 0, 'g', 3),
                    toQString(record.name), current && current->id == record.id);
        }
    }
    if (!contents.sets.empty()) addSection(tr("Particle sets"));
    const SetContents* set = bench_.project.set();
    for (const ParticleSetRecord& record : contents.sets) {
        addItem(Item::Set, toQString(record.name), locale.toString(qlonglong(record.count)), toQString(record.name),
                set && set->record.id == record.id);
    }
    addClasses();
    addRuns();
}

void Navigator::addClasses() {
    const auto& classes = bench_.project.contents().classes;
    if (!classes.empty()) addSection(tr("Classes"));
    const QLocale locale;
    for (const ClassRecord& record : classes) {
        const QString count =
            bench_.project.set() ? locale.toString(qlonglong(bench_.project.labelsOf(record.id))) : QString();
        QListWidgetItem* item = addItem(Item::Class, toQString(record.name), count, toQString(record.name));
        item->setData(kColourRole, bench_.project.classColour(record.id));
        const QChar key = bench_.project.classKey(record.id);
        if (!key.isNull()) item->setData(kKeyRole, QString(key.toUpper()));
    }
}

void Navigator::addRuns() {
    constexpr int kMost = 12;  // the train page lists them all
    const auto& runs = bench_.project.contents().runs;
    if (!runs.empty()) addSection(tr("Runs"));
    int shown = 0;
    for (const RunRow& row : runs) {
        if (row.run.config().kind == "explain" || ++shown > kMost) continue;
        const QString id = toQString(row.run.id());
        addItem(Item::Run, id + QChar(' ') + RunsModel::whatText(row), RunsModel::figureText(row), id);
    }
}

void Navigator::choose(QListWidgetItem* item) {
    const QString name = item->data(kNameRole).toString();
    switch (static_cast<Item>(item->data(kItemRole).toInt())) {
        case Item::Tomogram:
            bench_.project.setCurrentTomogram(name);
            Q_EMIT tomogramChosen();
            break;
        case Item::Set:
            if (!bench_.project.set() || toQString(bench_.project.set()->record.name) != name)
                bench_.project.setCurrentSet(name);
            Q_EMIT setChosen();
            break;
        case Item::Run:
            Q_EMIT runChosen(name);
            break;
        case Item::Class:
        case Item::Section:
            break;
    }
}

}  // namespace tomoloupe
