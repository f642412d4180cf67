#pragma once

#include <QObject>
#include <cstdint>
#include <optional>
#include <string>

#include "ui/bridge/io_queue.h"
#include "ui/models/preview_engine.h"

namespace tomoloupe {

/// One made-up subtomogram, made anew while options move: one is in work at a time, and of all wishes that come meanwhile
/// the last is next. So a slider that is dragged shows what the engine manages, and at rest what it stands at. GUI thread.
class SimulationPreviewModel : public QObject {
    Q_OBJECT
  public:
    SimulationPreviewModel(PreviewEngine::Simulation make, IoQueue& queue, QObject* parent = nullptr);

    /// Particle `index` of what SimulateOptions as JSON text make with `seed`. Ends in arrived() or failed(), unless a
    /// later wish comes first. The same wish again asks for nothing.
    void ask(const std::string& options, std::uint64_t seed, std::int64_t index);
    [[nodiscard]] bool busy() const { return running_; }

  Q_SIGNALS:
    void arrived(const tomoloupe::SimulationPreview& preview, std::int64_t index);
    void failed(const QString& sentence);
    void busyChanged();

  private:
    struct Wish {
        std::string options;
        std::uint64_t seed = 0;
        std::int64_t index = 0;
        friend bool operator==(const Wish&, const Wish&) = default;
    };
    void start();
    void finish();

    PreviewEngine::Simulation make_;
    IoQueue& queue_;
    std::optional<Wish> last_, waiting_;
    bool running_ = false;
};

}  // namespace tomoloupe
