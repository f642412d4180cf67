#pragma once

#include <QString>

namespace tomoloupe {

class ProjectModel;

/// Why a run cannot make a set of this name: none given, there already, or another run is about to make it. Else empty.
[[nodiscard]] QString setNameProblem(const ProjectModel& project, const QString& name);

/// `wanted`, or with a number behind it where that is taken.
[[nodiscard]] QString freeSetName(const ProjectModel& project, const QString& wanted);

}  // namespace tomoloupe
