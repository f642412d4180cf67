#pragma once

#include <QWidget>

class QLineEdit;
class QSlider;

namespace tomoloupe {

/// What a ValueSlider offers.
struct SliderScale {
    double low = 0, high = 1;  ///< the ends of the slider
    double step = 1;           ///< between its places; on a logarithmic one values are rounded to two digits instead
    bool logarithmic = false;
    double minimum = low, maximum = high;  ///< what may be typed
    QString unit = {};
    QString firstWords = {};  ///< instead of the number at `minimum`, such as "automatic"
    QString lastWords = {};   ///< the slider's last place beyond `high`, such as "no noise"
    double lastValue = 0;     ///< that it stands for
};

/// A number with its name, moved by a slider or typed beside it.
class ValueSlider : public QWidget {
    Q_OBJECT
  public:
    /// `name`: of the widget; slider and field are called name.slider and name.number.
    ValueSlider(const QString& name, const QString& title, const QString& help, SliderScale scale, QWidget* parent = nullptr);

    /// Emits nothing.
    void setValue(double value);
    [[nodiscard]] double value() const { return value_; }

  Q_SIGNALS:
    void valueChanged(double value);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    [[nodiscard]] int places() const;
    [[nodiscard]] int placeOf(double value) const;
    [[nodiscard]] double valueAt(int place) const;
    [[nodiscard]] QString textOf(double value) const;
    void takeText();
    void change(double value);

    SliderScale scale_;
    QSlider* slider_;
    QLineEdit* number_;
    double value_ = 0;
};

}  // namespace tomoloupe
