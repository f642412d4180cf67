#include "ui/models/set_names.h"

#include "ui/bridge/text.h"
#include "ui/models/project_model.h"

namespace tomoloupe {
namespace {

bool makesSets(const std::string& kind) {
    return kind == "simulate" || kind == "pick";
}

}  // namespace

QString setNameProblem(const ProjectModel& project, const QString& name) {
    if (name.trimmed().isEmpty()) return ProjectModel::tr("Give the set a name.");
    const std::string wanted = name.trimmed().toStdString();
    for (const ParticleSetRecord& set : project.contents().sets)
        if (set.name == wanted) return ProjectModel::tr("The project has a set \"%1\" already; choose another name.").arg(name.trimmed());
    for (const RunRow& row : project.contents().runs) {
        const bool underWay = row.state == RunState::Prepared || row.state == RunState::Running;
        if (underWay && makesSets(row.run.config().kind) && row.run.config().particleSet == wanted)
            return ProjectModel::tr("Run %1 is making the set \"%2\".").arg(toQString(row.run.id()), name.trimmed());
    }
    return {};
}

QString freeSetName(const ProjectModel& project, const QString& wanted) {
    QString name = wanted;
    for (int number = 2; project.isOpen() && !setNameProblem(project, name).isEmpty(); ++number)
        name = QStringLiteral("%1-%2").arg(wanted).arg(number);
    return name;
}

}  // namespace tomoloupe
