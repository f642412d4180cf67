#pragma once

#include "core/project/project.h"
#include "tests/support/support.h"

namespace tomoloupe::test {

/// A project with one set "p" of `count` particles and the classes ribosome and proteasome.
struct ExampleProject {
    explicit ExampleProject(std::int64_t count) : path(folder / "example.tomoloupe"), project(Project::create(path)) {
        ParticleTable table;
        table.columnNames = {"rlnMagic", "rlnNote"};
        table.format = "relion4";
        for (std::int64_t i = 0; i < count; ++i) {
            Particle particle;
            particle.tomogram = "tomo";
            particle.positionVoxels = {double(i), 2.5, 3};
            particle.score = 0.5;
            particle.tomogramFromParticle = rotationFromRelion({10.0 * double(i), 40, 70});
            particle.columns = {std::to_string(i), ""};
            table.particles.push_back(particle);
        }
        set = project->addParticleSet("p", table, "test");
        ids = project->particleIds(set.id);
        ribosome = project->addClass("ribosome").id;
        proteasome = project->addClass("proteasome").id;
    }
    std::int64_t label(std::size_t index, std::optional<std::int64_t> classId, const std::string& author = "test") {
        const LabelEdit edit{ids[index], classId};
        return project->setLabels({&edit, 1}, author);
    }
    void reopen() {
        project.reset();
        project = Project::open(path);
    }

    TemporaryFolder folder;
    std::filesystem::path path;
    std::unique_ptr<Project> project;
    ParticleSetRecord set;
    std::vector<std::int64_t> ids;
    std::int64_t ribosome = 0, proteasome = 0;
};

}  // namespace tomoloupe::test
