#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/jobs/engine_loader.h"

namespace tomoloupe::cli {

// What the window asks before a training: in a process of its own, so that the memory measured is the training's, and too much of it ends this
// process alone.
void addMeasure(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("measure", "Try a few steps of a training and tell what it will take");
    const auto wish = std::make_shared<std::string>();
    command->add_option("wish", *wish, "What to try, as JSON text")->required();
    command->group("");  // for programs, not for people
    command->callback([wish] {
        const Interrupts interrupts(StopWish::Cancel);
        std::cout << loadEngine().measureTraining(*wish, interrupts.token()) << '\n';
    });
    (void)session;
}

}  // namespace tomoloupe::cli
