#include "ui/panels/value_slider.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>

#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

constexpr int kLogarithmicPlaces = 200;
constexpr int kTitleWidth = 88, kNumberWidth = 72, kUnitWidth = 36;  // pixels; the same in all, so that they stand in columns

double twoDigits(double value) {
    if (!(value > 0)) return value;
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
    return std::round(value / unit) * unit;
}

}  // namespace

ValueSlider::ValueSlider(const QString& name, const QString& title, const QString& help, SliderScale scale, QWidget* parent)
    : QWidget(parent), scale_(std::move(scale)), slider_(new QSlider(Qt::Horizontal, this)), number_(new QLineEdit(this)) {
    setObjectName(name);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    QLabel* label = makeLabel(title, "field", this);
    label->setFixedWidth(kTitleWidth);
    label->setBuddy(slider_);
    slider_->setObjectName(name + QStringLiteral(".slider"));
    slider_->setAccessibleName(title);
    slider_->setRange(0, places());
    slider_->setPageStep(std::max(1, places() / 10));
    slider_->setFocusPolicy(Qt::StrongFocus);
    slider_->installEventFilter(this);
    number_->setObjectName(name + QStringLiteral(".number"));
    number_->setAccessibleName(scale_.unit.isEmpty() ? title : tr("%1 in %2").arg(title, scale_.unit));
    number_->setFixedWidth(kNumberWidth);
    number_->setAlignment(Qt::AlignRight);
    QLabel* unit = makeLabel(scale_.unit, "muted", this);
    unit->setFixedWidth(kUnitWidth);
    for (QWidget* widget : {static_cast<QWidget*>(label), static_cast<QWidget*>(slider_), static_cast<QWidget*>(number_)})
        widget->setToolTip(help);
    row->addWidget(label);
    row->addWidget(slider_, 1);
    row->addWidget(number_);
    row->addWidget(unit);
    setValue(scale_.low);
    connect(slider_, &QSlider::valueChanged, this, [this](int place) { change(valueAt(place)); });
    connect(number_, &QLineEdit::editingFinished, this, &ValueSlider::takeText);
}

int ValueSlider::places() const {
    const int numbers =
        scale_.logarithmic ? kLogarithmicPlaces : static_cast<int>(std::lround((scale_.high - scale_.low) / scale_.step));
    return scale_.lastWords.isEmpty() ? numbers : numbers + 1;
}

int ValueSlider::placeOf(double value) const {
    if (!scale_.lastWords.isEmpty() && value >= scale_.lastValue) return places();
    const double inside = std::clamp(value, scale_.low, scale_.high);
    if (!scale_.logarithmic) return static_cast<int>(std::lround((inside - scale_.low) / scale_.step));
    return static_cast<int>(std::lround(kLogarithmicPlaces * std::log(inside / scale_.low) / std::log(scale_.high / scale_.low)));
}

double ValueSlider::valueAt(int place) const {
    if (!scale_.lastWords.isEmpty() && place == places()) return scale_.lastValue;
    if (!scale_.logarithmic) return std::clamp(scale_.low + place * scale_.step, scale_.minimum, scale_.maximum);
    return twoDigits(scale_.low * std::pow(scale_.high / scale_.low, double(place) / kLogarithmicPlaces));
}

QString ValueSlider::textOf(double value) const {
    if (!scale_.lastWords.isEmpty() && value >= scale_.lastValue) return scale_.lastWords;
    if (!scale_.firstWords.isEmpty() && value <= scale_.minimum) return scale_.firstWords;
    const double clean = std::abs(value) < 1e-12 ? 0 : value;
    return QString::number(clean, 'g', 4);
}

void ValueSlider::setValue(double value) {
    value_ = value;
    const QSignalBlocker quiet(slider_);
    slider_->setValue(placeOf(value));
    number_->setText(textOf(value));
    number_->setCursorPosition(0);
}

void ValueSlider::change(double value) {
    if (value == value_) return;
    setValue(value);
    Q_EMIT valueChanged(value);
}

void ValueSlider::takeText() {
    const QString text = number_->text().trimmed().replace(QLatin1Char(','), QLatin1Char('.'));
    if (text == textOf(value_)) return setValue(value_);
    bool isNumber = false;
    const double typed = text.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(typed)) return setValue(value_);  // as it was
    const bool beyond = !scale_.lastWords.isEmpty() && typed >= scale_.lastValue;
    const double value = beyond ? scale_.lastValue : std::clamp(typed, scale_.minimum, scale_.maximum);
    change(value);
    setValue(value);
}

/// The wheel scrolls the form; it moves the slider only after a click on it.
bool ValueSlider::eventFilter(QObject* watched, QEvent* event) {
    if (watched == slider_ && event->type() == QEvent::Wheel && !slider_->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace tomoloupe
