#pragma once

#include <QObject>
#include <optional>

#include "ui/models/particle_model.h"
#include "ui/models/project_model.h"
#include "ui/panels/gallery_bar.h"

namespace tomoloupe {

/// Keeps what the gallery looks like (for all projects) and what it lists (for each project) over restarts, in the
/// user's settings. Made when the window remembers; owned by the gallery.
class GalleryMemory : public QObject {
    Q_OBJECT
  public:
    GalleryMemory(ProjectModel& project, ParticleModel& model, GalleryBar* bar, QObject* parent);

    /// For a project that is open already.
    void begin() { restoreQuery(); }

  Q_SIGNALS:
    /// The list as it was when the project was left.
    void queryRemembered(const tomoloupe::ParticleQuery& query);

  private:
    void restoreLook();
    void storeLook() const;
    /// Once a project, when its first set is there.
    void restoreQuery();
    void storeQuery() const;
    [[nodiscard]] QString settingOfQuery() const;
    /// What names something that is not there any more is dropped.
    [[nodiscard]] std::optional<ParticleQuery> rememberedQuery() const;

    ProjectModel& project_;
    ParticleModel& model_;
    GalleryBar* bar_;
    std::shared_ptr<Project> restoredFor_;
};

}  // namespace tomoloupe
