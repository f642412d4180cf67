#include "ui/views/confusion_view.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kLongestName = 128, kShortestSide = 4, kMargin = 8, kTitle = 20, kNameHeight = 12;

QFont sized(QFont font, int pixels) {
    font.setPixelSize(pixels);
    return font;
}

QColor blended(const QColor& below, const QColor& above, double weight) {
    const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * weight)); };
    return {mix(below.red(), above.red()), mix(below.green(), above.green()), mix(below.blue(), above.blue())};
}

/// Where cells are lower than a name, every second or third has one, and the one that is pointed at (-1: none) in any case.
bool namedAt(int at, int pointed, double side) {
    const int every = std::max(1, static_cast<int>(std::ceil(kNameHeight / side)));
    if (pointed >= 0 && std::abs(at - pointed) < every) return at == pointed;
    return at % every == 0;
}

}  // namespace

ConfusionView::ConfusionView(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Confusion matrix"));
    setAccessibleDescription(
        tr("Rows are labels, columns predictions. Arrow keys choose a cell, Enter shows its particles."));
}

void ConfusionView::setMatrix(Matrix matrix) {
    if (matrix.names != matrix_.names) current_ = {};
    matrix_ = std::move(matrix);
    hovered_.reset();
    update();
}

void ConfusionView::setPercent(bool percent) {
    percent_ = percent;
    update();
}

qint64 ConfusionView::count(Cell cell) const {
    const int at = cell.row * classes() + cell.column;
    return at >= 0 && at < static_cast<int>(matrix_.counts.size()) ? matrix_.counts[static_cast<std::size_t>(at)] : 0;
}

double ConfusionView::share(Cell cell) const {
    qint64 row = 0;
    for (int column = 0; column < classes(); ++column) row += count({cell.row, column});
    return row > 0 ? static_cast<double>(count(cell)) / static_cast<double>(row) : 0;
}

/// Square cells, names at the left and on their side on top.
QRectF ConfusionView::grid() const {
    if (classes() == 0) return {};
    const QFontMetrics metrics(sized(font(), 11));
    double name = 0;
    for (const QString& text : matrix_.names) name = std::max(name, double(metrics.horizontalAdvance(text)) + 22);
    const double across = std::min(name, std::min(kLongestName, width() * 0.28));
    const double up = std::min(name, std::min(kLongestName, height() * 0.28));
    const double left = kTitle + across + kMargin, top = kTitle + up + kMargin;
    const double side =
        std::max(kShortestSide,
                 std::min({(width() - left - kMargin) / classes(), (height() - top - kMargin) / classes(), 84.0}));
    return {left, top, side * classes(), side * classes()};
}

QRectF ConfusionView::cellRect(Cell cell) const {
    const QRectF all = grid();
    const double side = all.width() / std::max(1, classes());
    return {all.left() + cell.column * side, all.top() + cell.row * side, side, side};
}

std::optional<ConfusionView::Cell> ConfusionView::cellAt(QPointF position) const {
    const QRectF all = grid();
    if (!all.contains(position)) return std::nullopt;
    const double side = all.width() / classes();
    const Cell cell{static_cast<int>((position.y() - all.top()) / side),
                    static_cast<int>((position.x() - all.left()) / side)};
    return cell.row < classes() && cell.column < classes() ? std::optional(cell) : std::nullopt;
}

QString ConfusionView::sentence(Cell cell) const {
    const QString truth = matrix_.names.value(cell.row), called = matrix_.names.value(cell.column);
    const QString part = QString::number(share(cell) * 100, 'f', 1), number = QLocale().toString(count(cell));
    return cell.row == cell.column
               ? tr("%1 of class %2 were called so (%3 % of the class)").arg(number, truth, part)
               : tr("%1 of class %2 were called %3 (%4 % of the class)").arg(number, truth, called, part);
}

void ConfusionView::paintCell(QPainter& painter, Cell cell) const {
    const QRectF box = cellRect(cell).adjusted(1, 1, -1, -1);
    const bool right = cell.row == cell.column;
    const double part = share(cell);
    const QColor tint = right ? accentColour(palette()) : badColour(palette());
    const QColor ground = count(cell) == 0 ? panelColour(palette())
                                           : blended(panelColour(palette()), tint, 0.12 + 0.78 * std::sqrt(part));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(box, 3, 3);
    if (count(cell) > 0 && box.width() >= 18) {
        const QString words = percent_ ? QString::number(std::lround(part * 100)) : QLocale().toString(count(cell));
        const int pixels = std::clamp(static_cast<int>(box.width() / 3), 9, 14);
        painter.setFont(sized(font(), pixels));
        if (painter.fontMetrics().horizontalAdvance(words) <= box.width() - 2) {
            painter.setPen(part > 0.02 ? inkOn(ground) : textColour(palette()));
            painter.drawText(box, Qt::AlignCenter, words);
        }
    }
    const bool pointed = hovered_ == cell, focused = hasFocus() && current_ == cell;
    if (!pointed && !focused) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(focused ? accentColour(palette()) : textColour(palette()), focused ? 2 : 1));
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

void ConfusionView::paintNames(QPainter& painter) const {
    const QRectF all = grid();
    const double side = all.width() / classes();
    painter.setFont(sized(font(), 11));
    const QFontMetrics metrics = painter.fontMetrics();
    const auto mark = [&](const QRectF& box, int at) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(matrix_.colours[static_cast<std::size_t>(at)]);
        painter.drawRoundedRect(box, 2, 2);
    };
    const int across = static_cast<int>(all.left() - kTitle - kMargin - 14),
              up = static_cast<int>(all.top() - kTitle - kMargin - 14);
    const double dot = std::min(8.0, side - 1);
    for (int i = 0; i < classes(); ++i) {
        const double middle = (i + 0.5) * side;
        mark({all.left() - kMargin - 2 - dot / 2, all.top() + middle - dot / 2, dot, dot}, i);
        mark({all.left() + middle - dot / 2, all.top() - kMargin - 2 - dot / 2, dot, dot}, i);
        if (namedAt(i, hovered_ ? hovered_->row : -1, side)) {
            painter.setPen(hovered_ && hovered_->row == i ? textColour(palette()) : mutedColour(palette()));
            painter.drawText(QRectF(kTitle, all.top() + middle - 8, across, 16), Qt::AlignRight | Qt::AlignVCenter,
                             metrics.elidedText(matrix_.names[i], Qt::ElideMiddle, across));
        }
        if (namedAt(i, hovered_ ? hovered_->column : -1, side)) {
            painter.setPen(hovered_ && hovered_->column == i ? textColour(palette()) : mutedColour(palette()));
            painter.save();
            painter.translate(all.left() + middle, all.top() - kMargin - 12);
            painter.rotate(-90);
            painter.drawText(QRectF(0, -8, up, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(matrix_.names[i], Qt::ElideMiddle, up));
            painter.restore();
        }
    }
    painter.setPen(mutedColour(palette()));
    painter.drawText(QRectF(all.left(), 2, all.width(), kTitle - 4), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("predicted →"));
    painter.save();
    painter.translate(10, all.bottom());
    painter.rotate(-90);
    painter.drawText(QRectF(0, -8, all.height(), 16), Qt::AlignRight | Qt::AlignVCenter, tr("← label"));
    painter.restore();
}

void ConfusionView::paintEvent(QPaintEvent*) {
    if (classes() == 0) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int row = 0; row < classes(); ++row) {
        for (int column = 0; column < classes(); ++column) paintCell(painter, {row, column});
    }
    paintNames(painter);
}

void ConfusionView::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (cell == hovered_) return;
    hovered_ = cell;
    setCursor(cell && count(*cell) > 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void ConfusionView::leaveEvent(QEvent*) {
    hovered_.reset();
    update();
}

void ConfusionView::mousePressEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (!cell || event->button() != Qt::LeftButton) return;
    moveTo(*cell);
    if (count(*cell) > 0) Q_EMIT cellChosen(cell->row, cell->column);
}

void ConfusionView::moveTo(Cell cell) {
    current_ = {std::clamp(cell.row, 0, std::max(0, classes() - 1)),
                std::clamp(cell.column, 0, std::max(0, classes() - 1))};
    update();
    if (classes() == 0) return;
    setAccessibleDescription(sentence(current_));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void ConfusionView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return moveTo({current_.row, current_.column - 1});
        case Qt::Key_Right:
            return moveTo({current_.row, current_.column + 1});
        case Qt::Key_Up:
            return moveTo({current_.row - 1, current_.column});
        case Qt::Key_Down:
            return moveTo({current_.row + 1, current_.column});
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (count(current_) > 0) Q_EMIT cellChosen(current_.row, current_.column);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool ConfusionView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = cellAt(help->pos());
    QToolTip::showText(help->globalPos(), cell ? sentence(*cell) : QString(), this);
    return true;
}

}  // namespace tomoloupe
