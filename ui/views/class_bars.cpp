#include "ui/views/class_bars.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kRow = 24, kHead = 22, kCount = 40, kGap = 10;

QFont sized(QFont font, int pixels) {
    font.setPixelSize(pixels);
    return font;
}

}  // namespace

ClassBars::ClassBars(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Precision, recall and F1 of each class"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ClassBars::setRows(std::vector<Row> rows) {
    rows_ = std::move(rows);
    QStringList words;
    for (const Row& row : rows_)
        words << tr("%1: precision %2, recall %3, F1 %4")
                     .arg(row.name)
                     .arg(row.precision, 0, 'f', 2)
                     .arg(row.recall, 0, 'f', 2)
                     .arg(row.f1, 0, 'f', 2);
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize ClassBars::sizeHint() const {
    return {320, static_cast<int>(kHead + kRow * static_cast<double>(rows_.size()) + 4)};
}

double ClassBars::nameWidth() const {
    const QFontMetrics metrics(sized(font(), 12));
    double widest = 0;
    for (const Row& row : rows_) widest = std::max(widest, double(metrics.horizontalAdvance(row.name)));
    return std::min(widest + 20, width() * 0.32);
}

void ClassBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(sized(font(), 11));
    painter.setPen(mutedColour(palette()));
    const double left = nameWidth() + kCount, bar = (width() - left) / 3;
    painter.drawText(QRectF(nameWidth(), 0, kCount - 6, kHead), Qt::AlignRight | Qt::AlignVCenter, tr("n"));
    const std::array heads{tr("Precision"), tr("Recall"), tr("F1")};
    for (std::size_t i = 0; i < 3; ++i)
        painter.drawText(QRectF(left + double(i) * bar + kGap, 0, bar - kGap, kHead), Qt::AlignLeft | Qt::AlignVCenter,
                         heads[i]);
    double y = kHead;
    for (const Row& row : rows_) {
        paintRow(painter, row, y);
        y += kRow;
    }
}

void ClassBars::paintRow(QPainter& painter, const Row& row, double y) const {
    const double name = nameWidth(), left = name + kCount, bar = (width() - left) / 3;
    painter.setPen(Qt::NoPen);
    painter.setBrush(row.colour);
    painter.drawRoundedRect(QRectF(0, y + kRow / 2 - 4, 8, 8), 2, 2);
    painter.setFont(sized(font(), 12));
    painter.setPen(textColour(palette()));
    painter.drawText(QRectF(14, y, name - 14, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(row.name, Qt::ElideMiddle, static_cast<int>(name - 14)));
    painter.setFont(sized(font(), 11));
    painter.setPen(mutedColour(palette()));
    painter.drawText(QRectF(name, y, kCount - 6, kRow), Qt::AlignRight | Qt::AlignVCenter,
                     QLocale().toString(row.count));
    const std::array figures{row.precision, row.recall, row.f1};
    for (std::size_t i = 0; i < 3; ++i) {
        const QRectF track(left + double(i) * bar + kGap, y + kRow / 2 - 3, std::max(8.0, bar - kGap - 32), 6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(lineColour(palette()));
        painter.drawRoundedRect(track, 3, 3);
        painter.setBrush(figures[i] < 0.5   ? badColour(palette())
                         : figures[i] < 0.8 ? warnColour(palette())
                                            : goodColour(palette()));
        if (figures[i] > 0)
            painter.drawRoundedRect(QRectF(track.left(), track.top(), std::max(6.0, track.width() * figures[i]), 6), 3,
                                    3);
        painter.setPen(textColour(palette()));
        painter.drawText(QRectF(track.right() + 6, y, 30, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                         QString::number(figures[i], 'f', 2));
    }
}

bool ClassBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto at = static_cast<std::size_t>(std::max(0.0, (help->pos().y() - kHead) / kRow));
    QToolTip::showText(help->globalPos(), help->pos().y() >= kHead && at < rows_.size() ? rows_[at].name : QString(),
                       this);
    return true;
}

}  // namespace tomoloupe
