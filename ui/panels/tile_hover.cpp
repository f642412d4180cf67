#include "ui/panels/tile_hover.h"

#include <QPainter>
#include <algorithm>

#include "ui/panels/tile_pictures.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kSlice = 192;
constexpr int kMargin = 8;
constexpr int kCaption = 22;
constexpr int kBeside = 10;  // between the tile and this

}  // namespace

TileHover::TileHover(IoQueue& io, QWidget* window) : QWidget(window), io_(io) {
    setObjectName(QStringLiteral("tileHover"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    resize(3 * kSlice + 2 * kMargin, kSlice + 2 * kMargin + kCaption);
    hide();
}

void TileHover::showFor(const Subject& subject, const QRect& tile) {
    if (!subject.source) return;
    picture_ = {};
    trouble_.clear();
    caption_ = subject.caption;
    TileLook look = subject.look;
    look.planes = TileLook::Planes::All;
    look.commonContrast = false;
    const int side = qRound(kSlice * devicePixelRatioF());
    io_.post(
        this,
        [source = subject.source, particle = subject.particle, look, side] {
            return tilePicture(source->read(particle), look, side, {});
        },
        [this](const QImage& picture) {
            picture_ = picture;
            update();
        },
        [this](const QString& sentence) {
            trouble_ = sentence;
            update();
        },
        latest_);
    place(tile);
    raise();
    show();
    update();
}

void TileHover::leave() {
    ++*latest_;
    hide();
}

/// To the right of the tile where there is room, else to its left, else below or above; all of it within the window.
void TileHover::place(const QRect& tile) {
    const QRect room = parentWidget()->rect().adjusted(4, 4, -4, -4);
    QPoint at(tile.right() + kBeside, tile.center().y() - height() / 2);
    if (at.x() + width() > room.right()) at.setX(tile.left() - kBeside - width());
    if (at.x() < room.left()) {
        at = QPoint(tile.center().x() - width() / 2, tile.bottom() + kBeside);
        if (at.y() + height() > room.bottom()) at.setY(tile.top() - kBeside - height());
    }
    move(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width())),
         std::clamp(at.y(), room.top(), std::max(room.top(), room.bottom() - height())));
}

void TileHover::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(lineColour(palette()));
    painter.setBrush(panelColour(palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QRect picture(kMargin, kMargin, 3 * kSlice, kSlice);
    if (!picture_.isNull()) {
        painter.drawImage(picture, picture_);
    } else {
        painter.fillRect(picture, canvasColour(palette()));
    }
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    painter.setPen(trouble_.isEmpty() ? mutedColour(palette()) : badColour(palette()));
    if (!trouble_.isEmpty())
        painter.drawText(picture.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, trouble_);
    painter.setPen(textColour(palette()));
    const QRect words(kMargin, picture.bottom() + 4, picture.width(), kCaption);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(caption_, Qt::ElideRight, words.width() - 80));
    painter.setPen(mutedColour(palette()));
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("XY · XZ · YZ"));
}

}  // namespace tomoloupe
