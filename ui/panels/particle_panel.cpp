#include "ui/panels/particle_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kScoreSteps = 5;
// Paul Tol's vibrant set, in an order that neighbours differ.
constexpr std::array kSetColours{"#EE7733", "#33BBEE", "#CC3311", "#009988", "#EE3377", "#0077BB"};

QColor setColour(std::size_t place) {
    return QColor(QLatin1String(kSetColours[place % kSetColours.size()]));
}

}  // namespace

ParticlePanel::ParticlePanel(const ProjectModel& project, QWidget* parent)
    : QWidget(parent),
      project_(project),
      colouring_(new QComboBox),
      none_(makeLabel(tr("No particles lie in this tomogram yet."), "muted")),
      sets_(new QVBoxLayout) {
    setObjectName(QStringLiteral("particlePanel"));
    colouring_->setObjectName(QStringLiteral("particleColouring"));
    colouring_->setAccessibleName(tr("Coloured by"));
    colouring_->setToolTip(tr("What the colours of the circles tell"));
    colouring_->addItems(
        {tr("Coloured by class"), tr("Coloured by prediction"), tr("Coloured by score"), tr("Coloured by set")});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(colouring_);
    column->addWidget(none_);
    column->addLayout(sets_);
    connect(colouring_, &QComboBox::currentIndexChanged, this, &ParticlePanel::changed);
}

ParticlePanel::Colouring ParticlePanel::colouring() const {
    return static_cast<Colouring>(colouring_->currentIndex());
}

void ParticlePanel::setColouring(Colouring colouring) {
    colouring_->setCurrentIndex(colouring);
}

void ParticlePanel::setParticles(std::vector<OverlayParticle> particles) {
    particles_ = std::move(particles);
    const auto [least, most] = std::minmax_element(particles_.begin(), particles_.end(),
                                                   [](const auto& a, const auto& b) { return a.score < b.score; });
    leastScore_ = particles_.empty() ? 0 : least->score;
    mostScore_ = particles_.empty() ? 1 : most->score;
    listSets();
    Q_EMIT changed();
}

std::vector<std::int64_t> ParticlePanel::setsHere() const {
    std::vector<std::int64_t> here;
    for (const ParticleSetRecord& set : project_.contents().sets)
        if (std::any_of(particles_.begin(), particles_.end(),
                        [&](const auto& particle) { return particle.placed.setId == set.id; }))
            here.push_back(set.id);
    return here;
}

void ParticlePanel::listSets() {
    while (QLayoutItem* item = sets_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const std::int64_t id : setsHere()) {
        const auto& sets = project_.contents().sets;
        const auto record = std::find_if(sets.begin(), sets.end(), [id](const auto& set) { return set.id == id; });
        const auto count = std::count_if(particles_.begin(), particles_.end(),
                                         [id](const auto& particle) { return particle.placed.setId == id; });
        auto* check = new QCheckBox(tr("%1 · %2").arg(toQString(record->name)).arg(count));
        check->setObjectName(QStringLiteral("particleSet%1").arg(id));
        check->setToolTip(tr("Circles around the particles of this set"));
        check->setChecked(!hidden_.contains(id));
        connect(check, &QCheckBox::toggled, this, [this, id](bool shown) { showSet(id, shown); });
        sets_->addWidget(check);
    }
    none_->setVisible(particles_.empty());
}

void ParticlePanel::showSet(std::int64_t setId, bool shown) {
    if (shown)
        hidden_.erase(setId);
    else
        hidden_.insert(setId);
    Q_EMIT changed();
}

std::vector<PlacedParticle> ParticlePanel::shown() const {
    std::vector<PlacedParticle> shown;
    for (const OverlayParticle& particle : particles_)
        if (isShown(particle)) shown.push_back(particle.placed);
    return shown;
}

std::int64_t ParticlePanel::labelOf(const OverlayParticle& particle) const {
    const SetContents* set = project_.set();
    return set && set->record.id == particle.placed.setId ? project_.labelOf(particle.placed.index)
                                                          : particle.placed.classId;
}

QColor ParticlePanel::classColour(std::int64_t classId) const {
    // What waits for a label stands out; grey circles drown in a grey slice.
    return classId == 0 ? accentColour(palette()) : QColor(project_.classColour(classId));
}

QColor ParticlePanel::scoreColour(double score) const {
    const double span = mostScore_ > leastScore_ ? mostScore_ - leastScore_ : 1;
    return toQColor(heatColour(0.25 + 0.75 * (score - leastScore_) / span));  // the darkest quarter cannot be seen
}

QColor ParticlePanel::colourOf(const OverlayParticle& particle) const {
    switch (colouring()) {
        case ByClass:
            break;
        case ByPrediction:
            return particle.predictedClass ? QColor(project_.classColour(*particle.predictedClass))
                                           : mutedColour(palette());
        case ByScore:
            return scoreColour(particle.score);
        case BySet: {
            const auto here = setsHere();
            return setColour(
                static_cast<std::size_t>(std::find(here.begin(), here.end(), particle.placed.setId) - here.begin()));
        }
    }
    return classColour(labelOf(particle));
}

std::vector<ParticleMark> ParticlePanel::marks() const {
    std::vector<ParticleMark> marks;
    const SetContents* set = project_.set();
    for (const OverlayParticle& particle : particles_) {
        if (!isShown(particle)) continue;
        const PlacedParticle& placed = particle.placed;
        const bool current = set && placed.setId == set->record.id && placed.index == project_.currentParticle();
        marks.push_back({placed.positionVoxels, placed.radiusVoxels, colourOf(particle), current});
    }
    return marks;
}

SliceLegend ParticlePanel::legend() const {
    SliceLegend legend;
    if (colouring() == ByScore && !particles_.empty()) {
        legend.strip = true;
        for (int i = 0; i < kScoreSteps; ++i) {
            const double score = mostScore_ - (mostScore_ - leastScore_) * i / (kScoreSteps - 1);
            legend.entries.push_back({scoreColour(score), figureText(score)});
        }
        return legend;
    }
    std::set<std::int64_t> there;
    for (const OverlayParticle& particle : particles_) {
        if (!isShown(particle)) continue;
        there.insert(colouring() == BySet          ? particle.placed.setId
                     : colouring() == ByPrediction ? particle.predictedClass.value_or(0)
                                                   : labelOf(particle));
    }
    if (colouring() == BySet) {
        const auto here = setsHere();
        for (std::size_t i = 0; i < here.size(); ++i)
            for (const ParticleSetRecord& set : project_.contents().sets)
                if (set.id == here[i] && there.contains(set.id))
                    legend.entries.push_back({setColour(i), toQString(set.name)});
        return legend;
    }
    for (const ClassRecord& record : project_.contents().classes)
        if (there.contains(record.id))
            legend.entries.push_back({QColor(project_.classColour(record.id)), toQString(record.name)});
    if (there.contains(0))
        legend.entries.push_back(colouring() == ByPrediction
                                     ? SliceLegend::Entry{mutedColour(palette()), tr("not predicted")}
                                     : SliceLegend::Entry{classColour(0), tr("no label")});
    return legend;
}

}  // namespace tomoloupe
