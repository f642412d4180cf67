#include "ui/panels/explain_page.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QPixmap>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/io/mrc_writer.h"
#include "ui/bridge/text.h"
#include "ui/models/plane.h"
#include "ui/models/runs_model.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/explain_pane.h"
#include "ui/panels/explain_panel.h"
#include "ui/panels/parts.h"
#include "ui/views/heat_bar.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kLimitBytes = 512 << 20;
enum StackPage { EmptyPage, FullPage };

using VolumePair = std::pair<Volume, Volume>;

double number(const nlohmann::json& object, const char* name) {
    return object.is_object() ? object.value(name, 0.0) : 0.0;
}

/// How much of the heat lies on a simulated particle; nothing for others.
QString overlapWords(const nlohmann::json& result) {
    const auto overlap = result.find("overlap");
    if (overlap == result.end() || !overlap->is_object()) return {};
    return ExplainPage::tr(" · on target %1 (chance %2)")
        .arg(number(*overlap, "weighted_ioa"), 0, 'f', 2)
        .arg(number(*overlap, "weighted_ioa_by_chance"), 0, 'f', 2);
}

QString figureWords(const nlohmann::json& result) {
    return ExplainPage::tr("entropy %1 · above ½ %2")
               .arg(number(result, "entropy"), 0, 'f', 2)
               .arg(number(result, "above_half"), 0, 'f', 2) +
           overlapWords(result);
}

QString meanWords(const nlohmann::json& result) {
    return ExplainPage::tr(" · mean of %1, %2 held out, %3")
        .arg(result.value("count", 0))
        .arg(result.value("held_out", 0))
        .arg(result.value("aligned", false) ? ExplainPage::tr("turned by their poses")
                                            : ExplainPage::tr("as they lie"));
}

QString checkWords(const nlohmann::json& result) {
    if (const auto check = result.find("sanity_check"); check != result.end() && check->is_object())
        return ExplainPage::tr("%1 (rank correlation %2).")
            .arg(toQString(check->value("meaning", std::string())))
            .arg(number(*check, "rank_correlation"), 0, 'f', 2);
    if (const auto random = result.find("random_weights");
        random != result.end() && random->is_object() && random->contains("weighted_ioa"))
        return ExplainPage::tr("With random weights %1 of the heat lie on the target, with the learnt ones %2.")
            .arg(number(*random, "weighted_ioa"), 0, 'f', 2)
            .arg(number(result.value("mean", nlohmann::json()), "weighted_ioa"), 0, 'f', 2);
    return {};
}

}  // namespace

ExplainPage::ExplainPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      bench_(workbench),
      stack_(new QStackedLayout(this)),
      panel_(new ExplainPanel(workbench, this)),
      bar_(new HeatBar(this)) {
    setObjectName(QStringLiteral("explainPage"));
    auto* full = new QWidget(this);
    auto* row = new QHBoxLayout(full);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    pictures_ = new QWidget(full);
    auto* side = new QHBoxLayout(pictures_);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(2);
    panes_ = {new ExplainPane(QStringLiteral("explainFirst"), pictures_),
              new ExplainPane(QStringLiteral("explainSecond"), pictures_)};
    for (ExplainPane* pane : panes_) side->addWidget(pane, 1);
    side->addWidget(bar_);
    panes_[1]->linkWith(panes_[0]);
    panes_[1]->hide();
    row->addWidget(pictures_, 1);
    row->addWidget(panel_);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &ExplainPage::reload);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &ExplainPage::reload);
    connect(&bench_.project, &ProjectModel::setChanged, this, &ExplainPage::reload);
    connect(&bench_.project, &ProjectModel::particleChanged, this, [this] {
        panel_->showParticle();
        showWish();
    });
    connect(panel_, &ExplainPanel::wishChanged, this, &ExplainPage::showWish);
    connect(panel_, &ExplainPanel::lookChanged, this, &ExplainPage::applyLook);
    connect(panel_, &ExplainPanel::explainWanted, this, &ExplainPage::explain);
    connect(panel_, &ExplainPanel::saveMapWanted, this, &ExplainPage::saveMap);
    connect(panel_, &ExplainPanel::savePictureWanted, this, &ExplainPage::savePicture);
    applyLook();
    reload();
}

QWidget* ExplainPage::buildEmptyPage() {
    QPushButton* train = makePrimaryButton(tr("Go to training"), "explainGoToTraining");
    const EmptyState empty = makeEmptyState(this, "explainEmpty", {train});
    empty.text->setText(tr("A heat map shows which voxels a model looks at.\nFine-tune a model on labelled particles first."));
    connect(train, &QPushButton::clicked, this, &ExplainPage::trainWanted);
    return empty.page;
}

void ExplainPage::reload() {
    panel_->reload();
    stack_->setCurrentIndex(panel_->anyModel() ? FullPage : EmptyPage);
    showWish();
}

bool ExplainPage::pending(int at) const {
    const QString& id = started_[static_cast<std::size_t>(at)];
    if (id.isEmpty()) return false;
    for (const int job : bench_.jobs.active()) {
        if (bench_.jobs.title(job).startsWith(id)) return true;
    }
    return false;
}

double ExplainPage::voxelSize() const {
    const SetContents* set = bench_.project.set();
    return set ? set->record.voxelSizeAngstrom : 0;
}

QString ExplainPage::modelWords(const std::string& id) const {
    for (const RunRow& row : bench_.project.contents().runs) {
        if (row.run.id() != id) continue;
        const auto& inputs = row.run.config().inputs;
        return inputs.empty() ? tr("run %1, random start").arg(toQString(id))
                              : tr("run %1, from %2").arg(toQString(id), toQString(inputs.front()));
    }
    return tr("run %1").arg(toQString(id));
}

void ExplainPage::showWish() {
    const bool compares = panel_->compares();
    panes_[1]->setVisible(compares);
    if (!bench_.project.set() || bench_.project.currentParticle() < 0 || !panel_->anyModel()) return;
    int missing = 0;
    bool anyPending = false;
    for (int at = 0; at < (compares ? 2 : 1); ++at) {
        showPane(at);
        missing += explained(bench_.project.contents(), panel_->wish(at == 1)) == nullptr;
        anyPending = anyPending || pending(at);
    }
    const RunRow* first = explained(bench_.project.contents(), panel_->wish());
    panel_->showCheck(first && panel_->wish().sanityCheck ? checkWords(first->result) : QString());
    panel_->showState(missing, anyPending, missing < (compares ? 2 : 1));
}

void ExplainPage::showPane(int at) {
    const ExplainWish wish = panel_->wish(at == 1);
    const RunRow* row = explained(bench_.project.contents(), wish);
    const QString what = wish.particles > 0 ? toQString(wish.ofClass) : tr("particle %1").arg(wish.particle);
    QString title = tr("%1 · %2").arg(modelWords(wish.model), what),
            figures = pending(at) ? tr("computing…") : tr("not explained yet");
    if (row) {
        title += wish.particles > 0 ? tr(" · mean probability %1").arg(number(row->result, "probability"), 0, 'f', 2)
                                    : tr(" · %1 %2")
                                          .arg(toQString(row->result.value("class", std::string())))
                                          .arg(number(row->result, "probability"), 0, 'f', 2);
        figures = figureWords(row->result) + (wish.particles > 0 ? meanWords(row->result) : QString());
        if (row->result.contains("note")) figures = toQString(row->result.value("note", std::string()));
    }
    panes_[static_cast<std::size_t>(at)]->setWords(title, figures);
    // Runs and figures come and go; what is read already is not read again.
    const SetContents* set = bench_.project.set();
    const QString shown = row ? QStringLiteral("run ") + toQString(row->run.folder().string())
                              : QStringLiteral("plain %1 of %2 in %3")
                                    .arg(bench_.project.currentParticle())
                                    .arg(set->record.id)
                                    .arg(bench_.project.name());
    if (std::exchange(shown_[static_cast<std::size_t>(at)], shown) == shown) return;
    if (row) {
        readMap(at, *row);
    } else {
        readPlain(at);
    }
}

void ExplainPage::readMap(int at, const RunRow& row) {
    ExplainPane* pane = panes_[static_cast<std::size_t>(at)];
    bench_.io.post(
        this,
        [readers = bench_.readers, folder = row.run.folder()] {
            return VolumePair(readWhole(*readers->open(folder / "volume.mrc"), 0, kLimitBytes),
                              readWhole(*readers->open(folder / "heat.mrc"), 0, kLimitBytes));
        },
        [this, pane](const VolumePair& read) { pane->setVolumes(read.first, read.second, voxelSize()); },
        [this, pane, at](const QString& sentence) {
            shown_[static_cast<std::size_t>(at)].clear();
            pane->setWords(tr("The map cannot be read"), sentence);
        },
        latest_[static_cast<std::size_t>(at)]);
}

void ExplainPage::readPlain(int at) {
    const SetContents* set = bench_.project.set();
    if (!set->source) return;
    ExplainPane* pane = panes_[static_cast<std::size_t>(at)];
    bench_.io.post(
        this, [source = set->source, particle = bench_.project.currentParticle()] { return source->read(particle); },
        [this, pane](const Volume& volume) { pane->setVolumes(volume, {}, voxelSize()); }, {},
        latest_[static_cast<std::size_t>(at)]);
}

void ExplainPage::applyLook() {
    for (ExplainPane* pane : panes_) {
        pane->setLook(panel_->heatStyle(), panel_->levelSigmas());
        pane->setHeatCloud(panel_->heatCloud());
    }
    bar_->setHeatStyle(panel_->heatStyle());
}

void ExplainPage::explain() {
    if (!bench_.project.set() || bench_.project.currentParticle() < 0 || !panel_->anyModel()) return;
    // Both wishes are looked at before a run is made: starting one reads the runs anew.
    std::vector<std::pair<int, ExplainWish>> wishes;
    for (int at = 0; at < (panel_->compares() ? 2 : 1); ++at) {
        const ExplainWish wish = panel_->wish(at == 1);
        if (!explained(bench_.project.contents(), wish) && !pending(at)) wishes.emplace_back(at, wish);
    }
    for (const auto& [at, wish] : wishes) {
        const QString model = toQString(wish.model);
        const QString title = wish.particles > 0 ? tr("class %1 by %2").arg(toQString(wish.ofClass), model)
                                                 : tr("particle %1 by %2").arg(wish.particle).arg(model);
        started_[static_cast<std::size_t>(at)] = bench_.launcher.start(explainConfig(wish, title.toStdString()));
    }
    showWish();
}

void ExplainPage::saveMap() {
    const ExplainPane* pane = panes_[0]->heat().empty() ? panes_[1] : panes_[0];
    if (pane->heat().empty()) return;
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the heat map"), QStringLiteral("heat.mrc"),
                                                      tr("MRC volumes (*.mrc)"));
    if (file.isEmpty()) return;
    bench_.io.post(
        this,
        [heat = pane->heat(), path = file.toStdString()] {
            writeMrc(path, heat, "Tomoloupe: heat map");
            return true;
        },
        [this, file](bool) { panel_->showCheck(tr("Saved as %1").arg(file)); },
        [this](const QString& sentence) { panel_->showCheck(sentence); });
}

void ExplainPage::savePicture() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the picture"), QStringLiteral("heat.png"),
                                                      tr("PNG pictures (*.png)"));
    if (file.isEmpty()) return;
    bench_.io.post(
        this, [picture = pictures_->grab().toImage(), file] { return picture.save(file); },
        [this, file](bool saved) {
            panel_->showCheck(saved ? tr("Saved as %1").arg(file)
                                    : tr("%1 cannot be written; is the folder there?").arg(file));
        });
}

}  // namespace tomoloupe
