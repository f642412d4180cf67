#include "ui/shell/command_field.h"

#include <QApplication>
#include <QFocusEvent>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <numeric>

#include "ui/bridge/text_match.h"
#include "ui/shell/key_chip.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kListWidth = 520, kRowHeight = 30, kRowsShown = 14;
constexpr int kGroupRole = Qt::UserRole + 1, kKeysRole = Qt::UserRole + 2;

class CommandDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const QPalette& palette = option.palette;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            QColor behind = accentColour(palette);
            behind.setAlpha(46);
            painter->setPen(Qt::NoPen);
            painter->setBrush(behind);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 6, 6);
        }
        QRect inner = option.rect.adjusted(12, 0, -12, 0);
        inner.setRight(inner.right() - paintKeyChips(*painter, inner, index.data(kKeysRole).toString(), palette));
        QFont small = option.font;
        small.setPixelSize(12);
        painter->setFont(small);
        painter->setPen(mutedColour(palette));
        const QString group = index.data(kGroupRole).toString();
        painter->drawText(inner, Qt::AlignRight | Qt::AlignVCenter, group);
        inner.setRight(inner.right() - painter->fontMetrics().horizontalAdvance(group) - 12);
        painter->setFont(option.font);
        painter->setPen(textColour(palette));
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, inner.width()));
        painter->restore();
    }
};

}  // namespace

CommandField::CommandField(Source source, QWidget* parent) : QLineEdit(parent), source_(std::move(source)) {
    setObjectName(QStringLiteral("commandField"));
    setPlaceholderText(tr("Search or run a command"));
    setAccessibleName(tr("Search or run a command"));
    setToolTip(tr("Finds every action, and tomograms, particle sets and runs, by the beginnings of their words"));
    setFocusPolicy(Qt::ClickFocus);  // Tab goes round the page; the keys come here
    setFixedWidth(340);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget* old, QWidget* now) {
        if (now == this) before_ = old;
    });
    connect(this, &QLineEdit::textEdited, this, [this] {
        show();
        fill();
    });
}

void CommandField::setKeys(const QString& keys) {
    keys_ = keys;
    update();
}

void CommandField::open() {
    setFocus(Qt::ShortcutFocusReason);
    selectAll();
    show();
}

bool CommandField::isOpen() const {
    return list_ && list_->isVisible();
}

void CommandField::show() {
    if (isOpen()) return;
    if (!list_) {
        list_ = new QListWidget(window());
        list_->setObjectName(QStringLiteral("commandList"));
        list_->setAccessibleName(tr("Commands found"));
        list_->setFocusPolicy(Qt::NoFocus);
        list_->setMouseTracking(true);
        list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        list_->setUniformItemSizes(true);
        list_->setItemDelegate(new CommandDelegate(list_));
        connect(list_, &QListWidget::itemClicked, this, [this] { run(list_->currentRow()); });
        connect(list_, &QListWidget::itemEntered, this, [this](QListWidgetItem* item) { list_->setCurrentItem(item); });
    }
    commands_ = source_();
    list_->show();
    fill();
    list_->raise();
}

void CommandField::fill() {
    std::vector<int> scores(commands_.size());
    found_.clear();
    for (std::size_t i = 0; i < commands_.size(); ++i) {
        scores[i] = matchScore(text(), commands_[i].text);
        if (scores[i] < 0) {  // the group may hold what is missing: "gallery list"
            scores[i] = matchScore(text(), commands_[i].text + QChar(' ') + commands_[i].group);
            scores[i] = scores[i] < 0 ? -1 : scores[i] / 2;
        }
        if (scores[i] >= 0) found_.push_back(i);
    }
    std::stable_sort(found_.begin(), found_.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    list_->clear();
    for (const std::size_t at : found_) {
        auto* item = new QListWidgetItem(commands_[at].text, list_);
        item->setData(kGroupRole, commands_[at].group);
        item->setData(kKeysRole, commands_[at].keys);
    }
    if (found_.empty()) {
        auto* item = new QListWidgetItem(tr("Nothing is called “%1”").arg(text()), list_);
        item->setFlags(Qt::NoItemFlags);
    } else {
        list_->setCurrentRow(0);
    }
    place();
}

void CommandField::place() {
    const int rows = std::clamp(list_->count(), 1, kRowsShown);
    const QPoint corner = mapTo(window(), QPoint(width() - kListWidth, height() + 6));
    list_->setGeometry(std::max(8, corner.x()), corner.y(), kListWidth,
                       std::min(rows * kRowHeight + 10, window()->height() - corner.y() - 8));
}

void CommandField::close(bool giveBack) {
    if (list_) list_->hide();
    commands_.clear();
    clear();
    if (!giveBack) return;
    if (before_ && before_->isVisible()) {
        before_->setFocus(Qt::OtherFocusReason);
    } else {
        clearFocus();
    }
}

void CommandField::run(int row) {
    if (row < 0 || row >= static_cast<int>(found_.size())) return;
    const std::function<void()> chosen = commands_[found_[static_cast<std::size_t>(row)]].run;
    close(true);
    chosen();
}

void CommandField::focusInEvent(QFocusEvent* event) {
    QLineEdit::focusInEvent(event);
    if (event->reason() == Qt::MouseFocusReason || event->reason() == Qt::ShortcutFocusReason) show();
}

void CommandField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason) close(false);
}

bool CommandField::event(QEvent* event) {
    // Esc is a key of this field while it is open, whatever the window uses it for.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void CommandField::keyPressEvent(QKeyEvent* event) {
    const int rows = static_cast<int>(found_.size());
    const int row = list_ ? list_->currentRow() : -1;
    switch (event->key()) {
        case Qt::Key_Escape:
            return close(true);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            return isOpen() ? run(row) : show();
        case Qt::Key_Down:
        case Qt::Key_Up:
            if (!isOpen()) return show();
            if (rows > 0) list_->setCurrentRow((row + (event->key() == Qt::Key_Down ? 1 : rows - 1)) % rows);
            return;
        case Qt::Key_PageDown:
        case Qt::Key_PageUp:
            if (!isOpen() || rows == 0) return;
            return list_->setCurrentRow(
                std::clamp(row + (event->key() == Qt::Key_PageDown ? kRowsShown : -kRowsShown), 0, rows - 1));
        default:
            QLineEdit::keyPressEvent(event);
    }
}

void CommandField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    if (!text().isEmpty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintKeyChips(painter, rect().adjusted(8, 0, -8, 0), keys_, palette());
}

}  // namespace tomoloupe
