#include "ui/models/dropped_files.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

constexpr int kNamesShown = 3;

QString tr(const char* text) {
    return QCoreApplication::translate("DroppedFiles", text);
}

DropKind kindOf(const std::filesystem::path& path, const ReaderRegistry& readers) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return std::filesystem::exists(path / "project.db", error) ? DropKind::Project : DropKind::ParticleFolder;
    if (path.extension() == ".star") return DropKind::ParticleList;
    try {
        static_cast<void>(readers.readerFor(path));
        return DropKind::Tomogram;
    } catch (const Error&) {
        return DropKind::Unknown;  // the plan says that it is left alone
    }
}

/// "a.mrc, b.mrc, c.mrc and 4 more".
QString namesOf(const std::vector<DroppedFile>& files, DropKind kind, int& count) {
    QStringList names;
    count = 0;
    for (const DroppedFile& file : files) {
        if (file.kind == kind && ++count <= kNamesShown) names.append(toQString(file.path.filename().string()));
    }
    const QString shown = names.join(QStringLiteral(", "));
    return count > kNamesShown ? tr("%1 and %2 more").arg(shown).arg(count - kNamesShown) : shown;
}

}  // namespace

std::vector<DroppedFile> lookAtDropped(const std::vector<std::filesystem::path>& paths, const ReaderRegistry& readers) {
    std::vector<DroppedFile> files;
    for (const auto& given : paths) {
        const auto path = given.has_filename() ? given : given.parent_path();
        files.push_back({path, kindOf(path, readers)});
    }
    return files;
}

QStringList dropPlan(const std::vector<DroppedFile>& files, bool projectOpen) {
    QStringList plan;
    int count = 0;
    if (const QString names = namesOf(files, DropKind::Project, count); count > 0) {
        plan.append(tr("Open the project %1").arg(names.section(QStringLiteral(", "), 0, 0)));
        if (files.size() > 1) plan.append(tr("Only one project is opened; drop the rest again afterwards"));
        return plan;
    }
    if (const QString names = namesOf(files, DropKind::Tomogram, count); count > 0) {
        if (projectOpen) {
            plan.append(count == 1 ? tr("Add the tomogram %1 to the project").arg(names)
                                   : tr("Add %1 tomograms to the project: %2").arg(QString::number(count), names));
        } else {
            plan.append(tr("Look at %1 without a project").arg(names.section(QStringLiteral(", "), 0, 0)));
            if (count > 1) plan.append(tr("One tomogram at a time; a project holds many"));
        }
    }
    if (const QString names = namesOf(files, DropKind::ParticleList, count); count > 0)
        plan.append(projectOpen ? tr("Look at the positions of %1, then import them").arg(names)
                                : tr("Open or make a project first to import %1").arg(names));
    if (const QString names = namesOf(files, DropKind::ParticleFolder, count); count > 0)
        plan.append(projectOpen ? tr("Import the subtomograms in %1").arg(names)
                                : tr("Open or make a project first to import %1").arg(names));
    if (const QString names = namesOf(files, DropKind::Unknown, count); count > 0)
        plan.append(tr("Leave alone: %1 (no volume, .star file or folder)").arg(names));
    return plan;
}

}  // namespace tomoloupe
