// Labels particle after particle of the first set and reports each stored one on standard output, until it is killed.
#include <unistd.h>

#include "core/project/project.h"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto project = tomoloupe::Project::open(argv[1]);
    const auto ids = project->particleIds(project->particleSets().front().id);
    const std::int64_t classId = project->classes().front().id;
    for (const std::int64_t id : ids) {
        const tomoloupe::LabelEdit edit{id, classId};
        project->setLabels({&edit, 1}, "writer");
        if (::write(STDOUT_FILENO, &id, sizeof id) != sizeof id) return 1;
    }
    return 0;
}
