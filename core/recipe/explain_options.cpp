#include "core/recipe/explain_options.h"

namespace tomoloupe {

OptionFields ExplainRunOptions::describe() {
    OptionFields fields = ExplainOptions::describe();
    fields.push_back({.name = "particles", .reference = &particles,
                      .help = "Explain so many labelled particles instead of one, held-out ones first, and give their mean; 0: one particle",
                      .minimum = 0});
    fields.push_back({.name = "of-class", .reference = &ofClass, .help = "Class that those particles are labelled with; empty: all classes alike"});
    return fields;
}

}  // namespace tomoloupe
