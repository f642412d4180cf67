#include "ui/panels/navigator_delegate.h"

#include <QLineEdit>
#include <QPainter>

#include "core/project/run.h"
#include "ui/panels/navigator.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

Navigator::Item kindOf(const QModelIndex& index) {
    return static_cast<Navigator::Item>(index.data(Navigator::kItemRole).toInt());
}

QFont sized(QFont font, int pixels) {
    font.setPixelSize(pixels);
    return font;
}

RunState stateOf(const QModelIndex& index) {
    return static_cast<RunState>(index.data(Navigator::kStateRole).toInt());
}

/// One of several label sets is in use.
void paintChoice(QPainter& painter, const QPointF& middle, bool chosen, const QColor& colour) {
    painter.setPen(QPen(colour, 1.3));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(middle, 4, 4);
    if (!chosen) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(middle, 2.2, 2.2);
}

/// Sheets of a tomogram, a tag of labels, or spots of a set.
void paintIcon(QPainter& painter, const QRectF& box, Navigator::Item kind, const QColor& colour) {
    painter.setPen(QPen(colour, 1.3));
    painter.setBrush(Qt::NoBrush);
    if (kind == Navigator::Item::Tomogram) {
        painter.drawRoundedRect(box.adjusted(0, 4, -4, 0), 2, 2);
        painter.drawLine(box.topLeft() + QPointF(3, 1.5), box.topRight() + QPointF(-1.5, 1.5));
        painter.drawLine(box.topRight() + QPointF(-1.5, 1.5), box.bottomRight() + QPointF(-1.5, -3));
        return;
    }
    if (kind == Navigator::Item::LabelSet) {
        const double middle = box.center().y();
        painter.drawPolygon(QPolygonF({{box.left(), middle}, {box.left() + 5, middle - 5}, {box.right(), middle - 5},
                                       {box.right(), middle + 5}, {box.left() + 5, middle + 5}}));
        painter.drawEllipse(QPointF(box.left() + 5, middle), 1.2, 1.2);
        return;
    }
    const double r = box.width() / 7;
    for (const QPointF at :
         {QPointF(0.2, 0.3), QPointF(0.72, 0.2), QPointF(0.45, 0.58), QPointF(0.85, 0.75), QPointF(0.15, 0.85)})
        painter.drawEllipse(QPointF(box.left() + at.x() * box.width(), box.top() + at.y() * box.height()), r, r);
}

}  // namespace

NavigatorDelegate::NavigatorDelegate(Navigator* owner) : QStyledItemDelegate(owner), owner_(owner) {}

QSize NavigatorDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const Navigator::Item kind = kindOf(index);
    if (owner_->folded()) {
        if (kind == Navigator::Item::Section) return {40, index.row() == 0 ? 4 : 13};
        return {40, kind == Navigator::Item::Class || kind == Navigator::Item::Run ? 27 : 40};
    }
    return {40, kind == Navigator::Item::Section ? (index.row() == 0 ? 28 : 40) : 27};
}

QWidget* NavigatorDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const {
    if (owner_->folded()) return nullptr;
    auto* editor = new QLineEdit(parent);
    editor->setObjectName(QStringLiteral("navigatorName"));
    editor->setAccessibleName(tr("Name of %1").arg(index.data(Navigator::kNameRole).toString()));
    editor->setToolTip(tr("Enter takes the name, Esc leaves it as it was"));
    setRole(editor, "small");
    return editor;
}

void NavigatorDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                             const QModelIndex&) const {
    editor->setGeometry(option.rect.adjusted(22, 0, -8, 0));
}

void NavigatorDelegate::setModelData(QWidget* editor, QAbstractItemModel*, const QModelIndex& index) const {
    Q_EMIT renamed(index.data(Navigator::kNameRole).toString(), static_cast<QLineEdit*>(editor)->text());
}

void NavigatorDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (kindOf(index) == Navigator::Item::Section) {
        paintSection(*painter, option, index);
    } else {
        paintRow(*painter, option, index);
    }
    painter->restore();
}

void NavigatorDelegate::paintSection(QPainter& painter, const QStyleOptionViewItem& option,
                                     const QModelIndex& index) const {
    const QRect line = option.rect.adjusted(12, 0, -12, -6);
    if (owner_->folded()) {
        painter.setPen(lineColour(owner_->palette()));
        if (index.row() > 0)
            painter.drawLine(line.left(), option.rect.center().y(), line.right(), option.rect.center().y());
        return;
    }
    painter.setPen(mutedColour(owner_->palette()));
    painter.setFont(sized(option.font, 11));
    painter.drawText(line, Qt::AlignRight | Qt::AlignBottom, index.data(Navigator::kCountRole).toString());
    QFont font = sized(option.font, 11);
    font.setWeight(QFont::DemiBold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
    painter.setFont(font);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignBottom, index.data().toString().toUpper());
}

void NavigatorDelegate::paintRow(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    const QPalette palette = owner_->palette();
    const bool hovered = option.state & QStyle::State_MouseOver, current = index.data(Navigator::kCurrentRole).toBool(),
               focused = option.state & QStyle::State_HasFocus && owner_->hasFocus();
    if (hovered || current || focused) {
        painter.setPen(focused ? QPen(accentColour(palette)) : QPen(Qt::NoPen));
        painter.setBrush(raisedColour(palette));
        painter.drawRoundedRect(
            QRectF(option.rect).adjusted(owner_->folded() ? 3.5 : 6.5, 0.5, owner_->folded() ? -3.5 : -6.5, -0.5), 6,
            6);
    }
    if (owner_->folded()) return paintFolded(painter, option, index);
    const Navigator::Item kind = kindOf(index);
    const bool missing = index.data(Navigator::kMissingRole).toBool();
    QRect inner = option.rect.adjusted(12, 0, -12, 0);
    const QString colour = index.data(Navigator::kColourRole).toString();
    if (kind == Navigator::Item::Class || kind == Navigator::Item::Run) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(kind == Navigator::Item::Run ? stateColour(stateOf(index), palette) : QColor(colour));
        if (kind == Navigator::Item::Run) {
            painter.drawEllipse(QPointF(inner.left() + 4, inner.center().y() + 0.5), 3.5, 3.5);
        } else {
            painter.drawRoundedRect(QRectF(inner.left(), inner.center().y() - 4.5, 10, 10), 2.5, 2.5);
        }
        inner.setLeft(inner.left() + (kind == Navigator::Item::Run ? 15 : 18));
    }
    if (kind == Navigator::Item::LabelSet) {
        paintChoice(painter, QPointF(inner.left() + 5, inner.center().y() + 0.5), current,
                    current ? accentColour(palette) : mutedColour(palette));
        inner.setLeft(inner.left() + 15);
    }
    const QString key = index.data(Navigator::kKeyRole).toString();
    if (!key.isEmpty()) paintKey(painter, inner, key);
    if (kind == Navigator::Item::Class) {
        inner.setRight(inner.right() - 26);
        paintShare(painter, inner, index.data(Navigator::kShareRole).toDouble(), QColor(colour));
    }
    painter.setFont(sized(option.font, 12));
    const QString count = index.data(Navigator::kCountRole).toString();
    const bool loud = kind == Navigator::Item::Run && stateOf(index) != RunState::Done;
    painter.setPen(missing || kind == Navigator::Item::List ? accentColour(palette)
                   : loud  ? stateColour(stateOf(index), palette)
                           : mutedColour(palette));
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, count);
    inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(count) - 8);
    painter.setFont(option.font);
    painter.setPen(missing ? warnColour(palette) : textColour(palette));
    const auto elide =
        kind == Navigator::Item::Class ? Qt::ElideRight : Qt::ElideMiddle;  // others differ at their ends
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(index.data().toString(), elide, inner.width()));
}

void NavigatorDelegate::paintShare(QPainter& painter, const QRect& inner, double share, const QColor& colour) const {
    const QRectF track(inner.left(), inner.bottom() - 2, inner.width(), 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lineColour(owner_->palette()));
    painter.drawRect(track);
    painter.setBrush(colour);
    painter.drawRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())));
}

void NavigatorDelegate::paintKey(QPainter& painter, const QRect& inner, const QString& key) const {
    const QRectF box(inner.right() - 17, inner.center().y() - 8, 17, 17);
    painter.setBrush(Qt::NoBrush);
    QColor edge = mutedColour(owner_->palette());
    edge.setAlpha(110);
    painter.setPen(edge);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(sized(owner_->font(), 11));
    painter.setPen(mutedColour(owner_->palette()));
    painter.drawText(box, Qt::AlignCenter, key);
}

void NavigatorDelegate::paintFolded(QPainter& painter, const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const {
    const QPalette palette = owner_->palette();
    const QRect row = option.rect;
    const Navigator::Item kind = kindOf(index);
    if (kind == Navigator::Item::Class) {
        const QColor colour(index.data(Navigator::kColourRole).toString());
        const QRectF box(row.center().x() - 8, row.center().y() - 8, 17, 17);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(box, 4, 4);
        painter.setFont(sized(option.font, 11));
        painter.setPen(inkOn(colour));
        painter.drawText(box, Qt::AlignCenter, index.data(Navigator::kKeyRole).toString());
        return;
    }
    const QString name = index.data(Navigator::kNameRole).toString();
    if (kind == Navigator::Item::Run) {
        painter.setFont(sized(option.font, 11));
        const int width = painter.fontMetrics().horizontalAdvance(name) + 11;
        const int left = row.center().x() - width / 2;
        painter.setPen(Qt::NoPen);
        painter.setBrush(stateColour(stateOf(index), palette));
        painter.drawEllipse(QPointF(left + 3.5, row.center().y() + 0.5), 3.5, 3.5);
        painter.setPen(textColour(palette));
        painter.drawText(QRect(left + 11, row.top(), width, row.height()), Qt::AlignLeft | Qt::AlignVCenter, name);
        return;
    }
    const bool missing = index.data(Navigator::kMissingRole).toBool();
    const bool current = index.data(Navigator::kCurrentRole).toBool();
    paintIcon(painter, QRectF(row.center().x() - 7.5, row.top() + 5, 15, 15), kind,
              missing   ? warnColour(palette)
              : current ? accentColour(palette)
                        : mutedColour(palette));
    painter.setFont(sized(option.font, 10));
    painter.setPen(missing ? warnColour(palette) : textColour(palette));
    painter.drawText(QRect(row.left() + 2, row.top() + 22, row.width() - 4, 15),
                     Qt::AlignCenter,  // names differ at their ends
                     painter.fontMetrics().elidedText(name, Qt::ElideLeft, row.width() - 6));
}

}  // namespace tomoloupe
