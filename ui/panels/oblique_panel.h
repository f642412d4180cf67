#pragma once

#include <QWidget>

#include "ui/models/oblique_plane.h"

class QCheckBox;
class QPushButton;

namespace tomoloupe {

class ValueSlider;

/// Whether an oblique slice is shown, how it lies, and whether it follows the particles.
class ObliquePanel : public QWidget {
    Q_OBJECT
  public:
    /// How a plane lies in a particle's own frame.
    enum Alignment { AcrossAxis, AlongAxis };

    explicit ObliquePanel(QWidget* parent = nullptr);

    void setOn(bool on);
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] bool follows() const;
    /// Shows it, without a signal.
    void setAngles(const PlaneAngles& angles);
    [[nodiscard]] PlaneAngles angles() const;
    /// Whether there is a particle to align with.
    void setParticleThere(bool there);
    /// How the plane was last aligned.
    [[nodiscard]] Alignment alignment() const { return alignment_; }

  Q_SIGNALS:
    void onChanged(bool on);
    void anglesChanged();
    /// Align it with the current particle, as alignment() says.
    void alignWanted();

  private:
    void align(Alignment alignment);

    QCheckBox *on_, *follow_;
    ValueSlider *tilt_, *direction_, *turn_;
    QPushButton *across_, *along_;
    Alignment alignment_ = AcrossAxis;
};

/// Particle frame to plane: its x to the right; across: z at the viewer, along: z up.
[[nodiscard]] Rotation alignedPlane(const Rotation& tomogramFromParticle, ObliquePanel::Alignment alignment);

}  // namespace tomoloupe
