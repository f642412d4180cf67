#pragma once

#include <QObject>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/bridge/io_queue.h"
#include "ui/models/preview_engine.h"
#include "ui/models/project_model.h"

namespace tomoloupe {

/// Views of a real particle, made anew while options move: one lot is in work at a time, and of all wishes that come meanwhile the last is
/// next. GUI thread.
class ViewsPreviewModel : public QObject {
    Q_OBJECT
  public:
    ViewsPreviewModel(PreviewEngine::Views make, IoQueue& queue, ProjectModel& project, QObject* parent = nullptr);

    /// AugmentationOptions as JSON text. Ends in arrived() or failed(), unless a later wish comes first.
    void ask(const std::string& set, std::int64_t particle, const std::string& options, std::uint64_t seed);
    [[nodiscard]] bool busy() const { return running_; }

  Q_SIGNALS:
    /// Slices through the middle, the particle itself first, each of shape (n, n, 1).
    void arrived(const std::vector<tomoloupe::Volume>& slices, std::int64_t particle);
    void failed(const QString& sentence);

  private:
    struct Wish {
        std::string set;
        std::int64_t particle = 0;
        std::string options;
        std::uint64_t seed = 0;
        friend bool operator==(const Wish&, const Wish&) = default;
    };
    void start();
    void finish();

    PreviewEngine::Views make_;
    IoQueue& queue_;
    ProjectModel& project_;
    std::optional<Wish> last_, waiting_;
    bool running_ = false;
};

}  // namespace tomoloupe
