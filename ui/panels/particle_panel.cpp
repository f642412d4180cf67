#include "ui/panels/particle_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/bridge/text.h"
#include "ui/panels/mark_filter_panel.h"
#include "ui/panels/parts.h"
#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kScoreSteps = 5;
constexpr int kSetRows = 5;  // before the list of sets scrolls
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
      axis_(new QCheckBox(tr("Arrows along their z axis"))),
      secondAxis_(new QCheckBox(tr("and x"))),
      none_(makeLabel(tr("No particles lie in this tomogram yet."), "muted")),
      sets_(new QVBoxLayout),
      filter_(new MarkFilterPanel) {
    setObjectName(QStringLiteral("particlePanel"));
    colouring_->setObjectName(QStringLiteral("particleColouring"));
    colouring_->setAccessibleName(tr("Coloured by"));
    colouring_->setToolTip(tr("What the colours of the particles tell, in slices and in 3D"));
    colouring_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    colouring_->addItems(
        {tr("Coloured by class"), tr("Coloured by prediction"), tr("Coloured by score"), tr("Coloured by set")});
    axis_->setObjectName(QStringLiteral("particleAxis"));
    axis_->setToolTip(tr("The particle's own z axis, in slices and in 3D"));
    secondAxis_->setObjectName(QStringLiteral("particleSecondAxis"));
    secondAxis_->setToolTip(tr("A shorter arrow along the particle's own x axis"));
    secondAxis_->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(colouring_);
    auto* axes = new QHBoxLayout;
    axes->addWidget(axis_);
    axes->addWidget(secondAxis_);
    axes->addStretch(1);
    column->addLayout(axes);
    column->addWidget(none_);
    column->addLayout(sets_);
    column->addWidget(filter_);
    connect(colouring_, &QComboBox::currentIndexChanged, this, [this] {
        askForColumns();
        Q_EMIT changed();
    });
    connect(axis_, &QCheckBox::toggled, secondAxis_, &QCheckBox::setEnabled);
    for (QCheckBox* check : {axis_, secondAxis_}) connect(check, &QCheckBox::toggled, this, &ParticlePanel::changed);
    connect(filter_, &MarkFilterPanel::changed, this, [this] {
        askForColumns();
        updateCounts();
        Q_EMIT changed();
    });
}

ParticlePanel::Colouring ParticlePanel::colouring() const {
    return static_cast<Colouring>(std::min<int>(colouring_->currentIndex(), ByColumn));
}

std::string ParticlePanel::colouringColumn() const {
    return colouring() == ByColumn ? colouring_->currentData().toString().toStdString() : std::string();
}

void ParticlePanel::setColouring(Colouring colouring) {
    colouring_->setCurrentIndex(colouring);
}

ParticleArrows ParticlePanel::arrows() const {
    return {.axis = axis_->isChecked(), .secondAxis = secondAxis_->isChecked()};
}

void ParticlePanel::setArrows(const ParticleArrows& arrows) {
    axis_->setChecked(arrows.axis);
    secondAxis_->setChecked(arrows.secondAxis);
}

void ParticlePanel::setParticles(std::vector<OverlayParticle> particles) {
    particles_ = std::move(particles);
    const auto [least, most] = std::minmax_element(particles_.begin(), particles_.end(),
                                                   [](const auto& a, const auto& b) { return a.score < b.score; });
    leastScore_ = particles_.empty() ? 0 : least->score;
    mostScore_ = particles_.empty() ? 1 : most->score;
    columns_.clear();
    askedColumns_.clear();
    listSets();
    readChoices();
    askForColumns();
    updateCounts();
    Q_EMIT changed();
}

void ParticlePanel::readChoices() {
    std::vector<MarkFilterPanel::Class> classes;
    for (const ClassRecord& record : project_.contents().classes)
        classes.push_back({record.id, toQString(record.name), project_.classColour(record.id)});
    QStringList columns;
    if (const SetContents* set = project_.set())
        for (const std::string& name : set->table->columnNames) columns.append(toQString(name));
    filter_->setChoices(classes, columns);
    const QSignalBlocker quiet(colouring_);
    const QString kept = colouring_->currentData().toString();
    const int plain = colouring_->currentIndex();
    while (colouring_->count() > ByColumn) colouring_->removeItem(colouring_->count() - 1);
    for (const QString& name : columns) colouring_->addItem(tr("Coloured by %1").arg(name), name);
    const int found = kept.isEmpty() ? plain : colouring_->findData(kept);
    colouring_->setCurrentIndex(std::max(0, found));
}

void ParticlePanel::askForColumns() {
    if (particles_.empty()) return;
    for (const std::string& name : {colouringColumn(), filter_->filter().column})
        if (!name.empty() && askedColumns_.insert(name).second) Q_EMIT columnWanted(name);
}

void ParticlePanel::setColumn(const std::string& name, std::vector<std::string> texts) {
    if (texts.size() != particles_.size()) return;  // of particles that were here before
    Column column;
    column.texts = std::move(texts);
    std::map<std::string, std::size_t> counts;
    bool any = false;
    column.numeric = true;
    for (const std::string& text : column.texts) {
        if (text.empty()) continue;
        ++counts[text];
        const double number = columnNumber(text);
        if (!std::isfinite(number)) column.numeric = false;
        if (!column.numeric) continue;
        column.least = any ? std::min(column.least, number) : number;
        column.most = any ? std::max(column.most, number) : number;
        any = true;
    }
    column.numeric = column.numeric && any;
    for (const auto& [text, count] : counts) column.values.push_back(text);
    std::stable_sort(column.values.begin(), column.values.end(),
                     [&](const std::string& a, const std::string& b) { return counts.at(a) > counts.at(b); });
    columns_[name] = std::move(column);
    updateCounts();
    Q_EMIT changed();
}

const ParticlePanel::Column* ParticlePanel::column(const std::string& name) const {
    const auto found = columns_.find(name);
    return found == columns_.end() ? nullptr : &found->second;
}

void ParticlePanel::updateCounts() {
    std::size_t shown = 0;
    for (std::size_t i = 0; i < particles_.size(); ++i) shown += isShown(i);
    filter_->setCounts(shown, particles_.size());
    filter_->setVisible(!particles_.empty());
}

/// In the project's order.
void ParticlePanel::findSets() {
    std::set<std::int64_t> there;
    for (const OverlayParticle& particle : particles_) there.insert(particle.placed.setId);
    here_.clear();
    for (const ParticleSetRecord& set : project_.contents().sets)
        if (there.contains(set.id)) here_.push_back(set.id);
}

QColor ParticlePanel::colourOfSet(std::int64_t setId) const {
    return setColour(static_cast<std::size_t>(std::find(here_.begin(), here_.end(), setId) - here_.begin()));
}

void ParticlePanel::listSets() {
    while (QLayoutItem* item = sets_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    auto* list = new QWidget;
    auto* rows = new QVBoxLayout(list);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    findSets();
    for (const std::int64_t id : here_) {
        const auto& sets = project_.contents().sets;
        const auto record = std::find_if(sets.begin(), sets.end(), [id](const auto& set) { return set.id == id; });
        const auto count = std::count_if(particles_.begin(), particles_.end(),
                                         [id](const auto& particle) { return particle.placed.setId == id; });
        const QString words = tr("%1 · %2").arg(toQString(record->name)).arg(count);
        auto* check = new QCheckBox(fontMetrics().elidedText(words, Qt::ElideMiddle, 250));
        check->setObjectName(QStringLiteral("particleSet%1").arg(id));
        check->setToolTip(tr("The particles of this set: %1").arg(words));
        check->setChecked(!hidden_.contains(id));
        connect(check, &QCheckBox::toggled, this, [this, id](bool shown) { showSet(id, shown); });
        rows->addWidget(check);
    }
    if (here_.size() <= kSetRows) {
        sets_->addWidget(list);
    } else {
        auto* scroll = new QScrollArea;
        scroll->setObjectName(QStringLiteral("particleSets"));
        scroll->setAccessibleName(tr("Sets"));
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setWidget(list);
        scroll->setFixedHeight(kSetRows * 24);
        sets_->addWidget(scroll);
    }
    none_->setVisible(particles_.empty());
}

void ParticlePanel::showSet(std::int64_t setId, bool shown) {
    if (shown)
        hidden_.erase(setId);
    else
        hidden_.insert(setId);
    updateCounts();
    Q_EMIT changed();
}

bool ParticlePanel::isShown(std::size_t particle) const {
    const OverlayParticle& at = particles_[particle];
    if (hidden_.contains(at.placed.setId)) return false;
    const OverlayFilter& filter = filter_->filter();
    if (filter.trivial()) return true;
    const Column* texts = filter.column.empty() ? nullptr : column(filter.column);
    if (!filter.column.empty() && !texts) return true;  // on its way
    return passes(filter, at, labelOf(at), texts ? texts->texts[particle] : std::string());
}

std::vector<ParticlePanel::Shown> ParticlePanel::shown() const {
    std::vector<Shown> shown;
    const SetContents* set = project_.set();
    for (std::size_t i = 0; i < particles_.size(); ++i) {
        if (!isShown(i)) continue;
        const PlacedParticle& placed = particles_[i].placed;
        const std::int64_t label = labelOf(particles_[i]);
        shown.push_back({.placed = placed,
                         .colour = colourOf(i),
                         .current = set && placed.setId == set->record.id && placed.index == project_.currentParticle(),
                         .classId = label != 0 ? label : particles_[i].predictedClass.value_or(0)});
    }
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

QColor ParticlePanel::strengthColour(double value, double least, double most) const {
    const double span = most > least ? most - least : 1;
    return toQColor(heatColour(0.25 + 0.75 * (value - least) / span));  // the darkest quarter cannot be seen
}

QColor ParticlePanel::columnColour(std::size_t particle) const {
    const Column* known = column(colouringColumn());
    if (!known || known->texts[particle].empty()) return mutedColour(palette());
    const std::string& text = known->texts[particle];
    if (known->numeric) return strengthColour(columnNumber(text), known->least, known->most);
    for (std::size_t i = 0; i < std::min(known->values.size(), kSetColours.size()); ++i)
        if (known->values[i] == text) return setColour(i);
    return mutedColour(palette());
}

QColor ParticlePanel::colourOf(std::size_t at) const {
    const OverlayParticle& particle = particles_[at];
    switch (colouring()) {
        case ByClass:
            break;
        case ByPrediction:
            return particle.predictedClass ? QColor(project_.classColour(*particle.predictedClass))
                                           : mutedColour(palette());
        case ByScore:
            return strengthColour(particle.score, leastScore_, mostScore_);
        case BySet:
            return colourOfSet(particle.placed.setId);
        case ByColumn:
            return columnColour(at);
    }
    return classColour(labelOf(particle));
}

SliceLegend ParticlePanel::stripLegend(double least, double most) const {
    SliceLegend legend;
    legend.strip = true;
    for (int i = 0; i < kScoreSteps; ++i) {
        const double value = most - (most - least) * i / (kScoreSteps - 1);
        legend.entries.push_back({strengthColour(value, least, most), figureText(value)});
    }
    return legend;
}

SliceLegend ParticlePanel::columnLegend() const {
    const Column* known = column(colouringColumn());
    if (!known) return {};
    if (known->numeric) return stripLegend(known->least, known->most);
    SliceLegend legend;
    constexpr int kLetters = 24;
    for (std::size_t i = 0; i < std::min(known->values.size(), kSetColours.size()); ++i) {
        const QString words = toQString(known->values[i]);
        legend.entries.push_back(
            {setColour(i), words.size() > kLetters ? words.left(kLetters) + QChar(0x2026) : words});
    }
    if (known->values.size() > kSetColours.size()) legend.entries.push_back({mutedColour(palette()), tr("others")});
    return legend;
}

SliceLegend ParticlePanel::legend() const {
    if (colouring() == ByScore && !particles_.empty()) return stripLegend(leastScore_, mostScore_);
    if (colouring() == ByColumn) return columnLegend();
    SliceLegend legend;
    std::set<std::int64_t> there;
    for (std::size_t i = 0; i < particles_.size(); ++i) {
        if (!isShown(i)) continue;
        const OverlayParticle& particle = particles_[i];
        there.insert(colouring() == BySet          ? particle.placed.setId
                     : colouring() == ByPrediction ? particle.predictedClass.value_or(0)
                                                   : labelOf(particle));
    }
    if (colouring() == BySet) {
        for (const ParticleSetRecord& set : project_.contents().sets)
            if (there.contains(set.id)) legend.entries.push_back({colourOfSet(set.id), toQString(set.name)});
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
