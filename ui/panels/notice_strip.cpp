#include "ui/panels/notice_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {

NoticeStrip::NoticeStrip(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("notice"));
    setProperty("role", QStringLiteral("notice"));
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(28, 5, 8, 5);
    row->setSpacing(8);
    text_ = makeLabel({}, "plain", this);
    text_->setObjectName(QStringLiteral("noticeText"));
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text_->setWordWrap(true);
    row->addWidget(text_, 1);
    ways_ = new QWidget(this);
    row_ = new QHBoxLayout(ways_);
    row_->setContentsMargins(0, 0, 0, 0);
    row->addWidget(ways_);
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("noticeDismiss"));
    close->setText(QStringLiteral("×"));
    close->setFixedSize(24, 24);
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(tr("Dismiss the notice"));
    connect(close, &QToolButton::clicked, this, &NoticeStrip::dismiss);
    row->addWidget(close);
    hide();
}

void NoticeStrip::tell(Kind kind, const QString& sentence, const Ways& ways) {
    kind_ = kind;
    setRole(text_, kind == Kind::Bad ? "error" : "plain");
    text_->setText(sentence);
    while (QLayoutItem* item = row_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const auto& [name, does] : ways) {
        QPushButton* button = makeButton(name, "noticeWay", ways_);
        button->setToolTip(name);
        row_->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, does = does] {
            dismiss();
            does();
        });
    }
    show();
    update();
}

void NoticeStrip::dismiss() {
    hide();
    text_->clear();
}

QString NoticeStrip::text() const {
    return text_->text();
}

void NoticeStrip::paintEvent(QPaintEvent* event) {
    QWidget::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(kind_ == Kind::Bad    ? badColour(palette())
                     : kind_ == Kind::Good ? goodColour(palette())
                     : kind_ == Kind::Warn ? warnColour(palette())
                                           : mutedColour(palette()));
    painter.drawEllipse(QPointF(16, height() / 2.0), 4, 4);
}

}  // namespace tomoloupe
