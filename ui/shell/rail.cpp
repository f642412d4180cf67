#include "ui/shell/rail.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFile>
#include <QPainter>
#include <QSvgRenderer>
#include <QVBoxLayout>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

/// An icon drawn in the colour of its state, its word below.
class Rail::Button : public QAbstractButton {
  public:
    Button(const Page& page, QWidget* parent) : QAbstractButton(parent) {
        setObjectName(page.name + QStringLiteral("Button"));
        setText(page.title);
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFixedSize(56, 48);
        QFile file(QStringLiteral(":/icons/%1.svg").arg(page.name));
        if (file.open(QIODevice::ReadOnly)) icon_ = file.readAll();
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QColor colour = isChecked()    ? accentColour(palette())
                              : underMouse() ? textColour(palette())
                                             : mutedColour(palette());
        if (isChecked() || underMouse() || hasFocus()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(raisedColour(palette()));
            painter.drawRoundedRect(QRectF(rect()).adjusted(2, 1, -2, -1), 6, 6);
        }
        QSvgRenderer(QByteArray(icon_).replace("#000001", colour.name().toLatin1()))
            .render(&painter, QRectF(width() / 2.0 - 10, 6, 20, 20));
        QFont small = font();
        small.setPixelSize(10);
        painter.setFont(small);
        painter.setPen(colour);
        painter.drawText(QRect(0, 29, width(), 14), Qt::AlignCenter, text());
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

  private:
    QByteArray icon_;
};

Rail::Rail(const QList<Page>& pages, QWidget* parent) : QWidget(parent), group_(new QButtonGroup(this)) {
    setObjectName(QStringLiteral("rail"));
    setProperty("role", QStringLiteral("rail"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(61);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2, 8, 3, 8);
    column->setSpacing(4);
    for (int i = 0; i < pages.size(); ++i) {
        if (pages[i].apart) {
            auto* line = new QWidget(this);
            line->setProperty("role", QStringLiteral("separator"));
            line->setAttribute(Qt::WA_StyledBackground);
            line->setFixedSize(32, 1);
            column->addSpacing(4);
            column->addWidget(line, 0, Qt::AlignHCenter);
            column->addSpacing(4);
        }
        auto* button = new Button(pages[i], this);
        button->setToolTip(pages[i].title);
        button->setAccessibleName(pages[i].title);
        group_->addButton(button, i);
        column->addWidget(button);
    }
    column->addStretch(1);
    connect(group_, &QButtonGroup::idClicked, this, &Rail::chosen);
}

void Rail::setToolTip(int page, const QString& text) {
    if (QAbstractButton* button = group_->button(page)) button->setToolTip(text);
}

void Rail::setCurrent(int page) {
    if (QAbstractButton* button = group_->button(page)) button->setChecked(true);
}

}  // namespace tomoloupe
