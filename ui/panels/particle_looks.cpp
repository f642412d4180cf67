#include "ui/panels/particle_looks.h"

#include <QMap>
#include <algorithm>

#include "ui/bridge/text.h"

namespace tomoloupe {

void ParticleLooks::readClasses() {
    classes_.clear();
    QMap<QString, int> uses;  // of a colour: from the second class on, a pattern tells them apart
    for (const ClassRecord& record : project_.contents().classes) {
        const QString colour = project_.classColour(record.id);
        TileText look;
        look.label = toQString(record.name);
        look.colour = QColor(colour);
        look.pattern = uses[colour]++;
        classes_[record.id] = look;
    }
}

TileText ParticleLooks::of(std::int64_t particle) const {
    const std::optional<PredictionView> prediction = project_.predictionOf(particle);
    const std::int64_t label = project_.labelOf(particle);
    const auto look = classes_.find(label != 0 ? label : prediction ? prediction->classId : 0);
    if (look == classes_.end()) return {};
    TileText text = look->second;
    text.suggested = label == 0;
    if (!prediction) return text;
    const auto& columns = project_.set()->predictions.classIds;
    const auto column = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), look->first) - columns.begin());
    if (column < prediction->probabilities.size())
        text.figure = QString::number(static_cast<double>(prediction->probabilities[column]), 'f', 2);
    return text;
}

}  // namespace tomoloupe
