#include "ui/panels/label_chips.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kChipHeight = 24, kSpacing = 4;
constexpr int kMostHeight = 4 * (kChipHeight + kSpacing) + kChipHeight / 2;  // a row cut in two says that there is more
constexpr int kEmptyHeight = 36;

}  // namespace

class LabelChips::Chip : public QAbstractButton {
  public:
    Chip(std::int64_t classId, const QColor& colour, QChar key, QWidget* parent)
        : QAbstractButton(parent), classId_(classId), colour_(colour), key_(key.toUpper()) {
        setFocusPolicy(Qt::NoFocus);
        setCursor(Qt::PointingHandCursor);
        setAttribute(Qt::WA_Hover);
        setFixedHeight(kChipHeight);
    }
    [[nodiscard]] std::int64_t classId() const { return classId_; }
    void setState(bool label, bool suggestion) {
        label_ = label;
        suggestion_ = suggestion;
        update();
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
        const bool filled = label_;
        painter.setBrush(filled ? colour_ : underMouse() ? raisedColour(palette()) : QColor(Qt::transparent));
        painter.setPen(QPen(filled || suggestion_ ? colour_ : lineColour(palette()), 1,
                            suggestion_ && !filled ? Qt::DashLine : Qt::SolidLine));
        painter.drawRoundedRect(box, 6, 6);
        const QColor ink = filled ? inkOn(colour_) : textColour(palette());
        QRect inner = rect().adjusted(8, 0, -8, 0);
        if (!filled) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour_);
            painter.drawRoundedRect(QRectF(inner.left(), inner.center().y() - 4, 9, 9), 2.5, 2.5);
            inner.setLeft(inner.left() + 15);
        }
        QFont font = this->font();
        font.setPixelSize(12);
        painter.setFont(font);
        painter.setPen(filled ? ink : mutedColour(palette()));
        painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, QString(key_));
        painter.setPen(ink);
        inner.setRight(inner.right() - 14);
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text(), Qt::ElideRight, inner.width()));
    }

  private:
    std::int64_t classId_;
    QColor colour_;
    QChar key_;
    bool label_ = false, suggestion_ = false;
};

LabelChips::LabelChips(const Workbench& workbench, QWidget* parent)
    : QScrollArea(parent), bench_(workbench), inner_(new QWidget), grid_(new QGridLayout(inner_)),
      empty_(makeLabel(tr("There is no class yet: make the first with Edit classes."), "muted", inner_)) {
    setObjectName(QStringLiteral("labelChips"));
    setAccessibleName(tr("Classes to label with"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setWidget(inner_);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(kSpacing);
    grid_->setColumnStretch(0, 1);
    grid_->setColumnStretch(1, 1);
    empty_->setWordWrap(true);
    grid_->addWidget(empty_, 0, 0, 1, 2);
    connect(&bench_.project, &ProjectModel::classesChanged, this, &LabelChips::rebuild);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &LabelChips::rebuild);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &LabelChips::showLabel);
    connect(&bench_.project, &ProjectModel::particleChanged, this, &LabelChips::showLabel);
    rebuild();
}

void LabelChips::rebuild() {
    for (Chip* chip : chips_) {
        chip->hide();
        chip->deleteLater();
    }
    chips_.clear();
    empty_->setVisible(bench_.project.contents().classes.empty());
    for (const ClassRecord& record : bench_.project.contents().classes) {
        const QChar key = bench_.project.classKey(record.id);
        auto* chip = new Chip(record.id, QColor(bench_.project.classColour(record.id)), key, inner_);
        const QString name = toQString(record.name);
        chip->setObjectName(QStringLiteral("labelChip.") + name);
        chip->setText(name);
        chip->setAccessibleName(tr("Label as %1").arg(name));
        chip->setToolTip(key.isNull() ? tr("Label as %1").arg(name)
                                      : tr("Label as %1 (key %2)").arg(name, QString(key.toUpper())));
        connect(chip, &QAbstractButton::clicked, this, [this, id = record.id] { give(id); });
        const int at = static_cast<int>(chips_.size());
        grid_->addWidget(chip, at / 2, at % 2);
        chips_.push_back(chip);
    }
    takeHeight();
    showLabel();
}

void LabelChips::takeHeight() {
    const int rows = (static_cast<int>(chips_.size()) + 1) / 2;
    const int all = chips_.empty() ? kEmptyHeight : rows * (kChipHeight + kSpacing) - kSpacing;
    setFixedHeight(std::min(all, kMostHeight));
    grid_->setContentsMargins(0, 0, all > kMostHeight ? kSpacing : 0, 0);  // beside the scroll bar
}

void LabelChips::showLabel() {
    const std::int64_t particle = bench_.project.currentParticle();
    const std::int64_t label = bench_.project.labelOf(particle);
    const auto prediction = bench_.project.predictionOf(particle);
    for (Chip* chip : chips_)
        chip->setState(chip->classId() == label, label == 0 && prediction && prediction->classId == chip->classId());
    const std::int64_t shown = label != 0 ? label : prediction ? prediction->classId : 0;
    for (Chip* chip : chips_) {
        if (chip->classId() == shown) ensureWidgetVisible(chip, 0, kSpacing);
    }
}

void LabelChips::give(std::int64_t classId) {
    const std::vector<std::int64_t> selected = bench_.project.selection();
    if (selected.empty()) {
        bench_.project.label(bench_.project.currentParticle(), classId);
    } else if (bench_.project.label(selected, classId)) {
        bench_.project.setSelection({});
    }
}

}  // namespace tomoloupe
