#include "core/recipe/mapping.h"

namespace tomoloupe {

OptionFields MapOptions::describe() {
    return {
        {.name = "map", .reference = &map, .help = "Keep neighbours together (UMAP), or turn to the directions of largest variance (PCA)",
         .choices = {"umap", "pca"}},
        {.name = "neighbours", .reference = &neighbours,
         .help = "Particles that each one is kept near to by UMAP: few show detail, many the whole", .minimum = 2, .maximum = 200},
        {.name = "min-distance", .reference = &minDistance, .help = "How tightly UMAP packs particles that belong together", .minimum = 0,
         .maximum = 0.99},
        {.name = "map-epochs", .reference = &epochs, .help = "Rounds of UMAP; 0 takes 500 up to 10,000 particles, 200 beyond", .minimum = 0,
         .maximum = 100000, .advanced = true},
    };
}

OptionFields EmbedOptions::describe() {
    OptionFields fields = map.describe();
    append(fields, encoder.describe());
    append(fields, {
        {.name = "components", .reference = &components, .help = "Principal components kept for maps, clusters and neighbours", .minimum = 2,
         .maximum = 1024, .advanced = true},
        {.name = "batch-size", .reference = &batchSize, .help = "Particles at a time", .minimum = 1, .maximum = 65536, .advanced = true},
        {.name = "device", .reference = &device, .help = "Where to compute: auto, cpu, cuda or cuda:N", .advanced = true},
    });
    return fields;
}

}  // namespace tomoloupe
