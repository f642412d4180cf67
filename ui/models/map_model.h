#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/project/embedding.h"
#include "core/recipe/mapping.h"
#include "ui/bridge/job_controller.h"
#include "ui/models/project_contents.h"
#include "ui/models/workbench.h"

namespace tomoloupe {

/// An embedding with its maps, read; in set order.
struct MapData {
    QString runId;
    Embedding embedding;
    std::vector<float> pca;  ///< [particles, 2]
    std::optional<StoredMap> umap;

    [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(embedding.particles.size()); }
    /// What groups and neighbours are found in.
    [[nodiscard]] MatrixView vectors() const { return {embedding.reduced, count(), embedding.components}; }
};

/// A run that embeds a set by a model, or with random weights where its id is empty. Its own map is PCA, which is there at once.
[[nodiscard]] RunConfig embeddingConfig(const std::string& set, const std::string& modelId);

/// The embeddings of the current set: which there are, the chosen one, its map, and the job that computes one. Maps are computed beside
/// what trains, at low priority. GUI thread.
class MapModel : public QObject {
    Q_OBJECT
  public:
    enum class Layout { Pca, Umap };
    struct Choice {
        QString id;    ///< of the run; empty: random weights
        QString text;  ///< "0007 Fine-tune · 25 % labels"
    };

    explicit MapModel(const Workbench& workbench, QObject* parent = nullptr);

    /// Runs that hold an embedding of the current set, newest first.
    [[nodiscard]] const std::vector<Choice>& embeddings() const { return embeddings_; }
    /// Models that can embed the current set, newest first.
    [[nodiscard]] std::vector<Choice> models() const;
    /// Starts a run that embeds the current set; an empty id: with random weights. It is chosen when it is done.
    void embed(const QString& modelId);
    /// The run that embeds the current set now; 0: none.
    [[nodiscard]] int embeddingJob() const;

    void choose(const QString& runId);
    [[nodiscard]] QString chosen() const { return chosen_; }
    /// None while nothing is read.
    [[nodiscard]] std::shared_ptr<const MapData> data() const { return data_; }
    void setLayout(Layout layout);
    [[nodiscard]] Layout layout() const { return layout_; }
    /// Of the layout that is shown: PCA as long as there is no UMAP.
    [[nodiscard]] std::span<const float> positions() const;
    [[nodiscard]] bool showsUmap() const;

    /// Computes UMAP anew.
    void startMap(const MapOptions& options);
    [[nodiscard]] bool mapping() const { return job_ != 0; }
    [[nodiscard]] Progress progress() const;
    void request(StopWish wish);

  Q_SIGNALS:
    void embeddingsChanged();
    /// Another embedding was read, or none is there.
    void dataChanged();
    /// The same particles lie elsewhere.
    void positionsChanged();
    void mappingChanged();
    void failed(const QString& sentence);

  private:
    void takeRuns();
    void read();
    void takeData(const std::shared_ptr<const MapData>& data);
    void mapEnded(const JobOutcome& outcome);
    [[nodiscard]] const RunRow* rowOf(const QString& runId) const;

    Workbench bench_;
    JobController jobs_;  // apart from the window's: a map does not wait for a training
    Latest latest_ = makeLatest();
    std::vector<Choice> embeddings_;
    QString chosen_, wanted_;  // wanted: the run that was started here and is not done
    QString newest_;           // where it is the chosen one, the next newest is too
    std::int64_t setId_ = 0;
    std::shared_ptr<const MapData> data_;
    Layout layout_ = Layout::Umap;
    int job_ = 0;
    QString jobRun_;
    std::vector<QString> givenUp_;  // runs whose map was cancelled: not started again by itself
};

}  // namespace tomoloupe
