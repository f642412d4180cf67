#include "ui/models/preflight.h"

#include <nlohmann/json.hpp>

#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

constexpr int kRest = 500;  // ms without a change before a trial is worth it

}  // namespace

Preflight::Preflight(const Workbench& workbench, TrainingDraft& draft, QObject* parent)
    : QObject(parent), bench_(workbench), draft_(draft), trialQueue_(std::make_unique<IoQueue>(makeThreadRunner(19))) {
    delay_.setSingleShot(true);
    delay_.setInterval(kRest);
    connect(&delay_, &QTimer::timeout, this, &Preflight::measure);
    connect(&draft_, &TrainingDraft::changed, this, &Preflight::draftChanged);
    const auto again = [this] {
        setAsked_.clear();
        draftChanged();
    };
    connect(&bench_.project, &ProjectModel::contentsChanged, this, again);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, again);
    connect(&bench_.project, &ProjectModel::classesChanged, this, again);
}

Preflight::~Preflight() {
    stop_.request(StopWish::Cancel);
}

void Preflight::begin(bool trial) {
    if (!std::exchange(active_, true)) setAsked_.clear();
    wantsTrial_ = trial;
    draftChanged();
    if (!wantsTrial_) {
        delay_.stop();
        stop_.request(StopWish::Cancel);
    }
}

void Preflight::end() {
    active_ = wantsTrial_ = false;
    delay_.stop();
    stop_.request(StopWish::Cancel);
    measuring_ = false;
    if (!measured_) trialAsked_.clear();
}

template <typename Work, typename Done>
void Preflight::read(IoQueue& queue, Work work, Done done, const Latest& latest) {
    ++reading_;
    const auto finish = [this] {
        --reading_;
        judge();
        measureLater();
    };
    queue.post(
        this, std::move(work),
        [done = std::move(done), finish](const auto& result) {
            done(result);
            finish();
        },
        [this, finish](const QString& sentence) {
            readProblem_ = sentence;
            finish();
        },
        latest);
}

void Preflight::draftChanged() {
    if (!active_ || !bench_.project.isOpen()) return;
    readProblem_.clear();
    readMachine();
    readSet();
    readStart();
    judge();
    measureLater();
}

void Preflight::readSet() {
    if (draft_.set() == setAsked_) return;
    setAsked_ = draft_.set();
    if (setAsked_.isEmpty()) {
        set_.reset();
        return;
    }
    read(
        bench_.io, [project = bench_.project.project(), name = setAsked_.toStdString()] { return readSetFacts(*project, name); },
        [this](const SetFacts& facts) {
            if (toQString(facts.name) != draft_.set()) return;
            set_ = facts;
            readEncoders();
        });
}

void Preflight::readEncoders() {
    const std::int64_t box = set_ ? set_->box.x : 0;
    if (box == 0 || box == boxAsked_ || !bench_.previews.encoders) return;
    boxAsked_ = box;
    read(bench_.previewQueue, [make = bench_.previews.encoders, box] { return make(box); },
         [this](const std::vector<EncoderFact>& facts) { machine_.encoders = facts; });
}

void Preflight::readMachine() {
    std::error_code error;
    const auto space = std::filesystem::space(bench_.project.project()->folder(), error);
    machine_.freeDiskBytes = error ? 0 : static_cast<double>(space.available);
    if (!machine_.devices.empty() || !bench_.previews.training || reading_ > 0) return;
    read(bench_.previewQueue, bench_.previews.training, [this](const TrainingChoices& choices) {
        machine_.devices = choices.devices;
        methods_ = choices.methods;
    });
}

void Preflight::readStart() {
    if (draft_.start() == startAsked_) return;
    startAsked_ = draft_.start();
    start_.reset();
    if (startAsked_.isEmpty()) return;
    read(
        bench_.io, [project = bench_.project.project(), from = startAsked_.toStdString()] { return readModelFacts(*project, from); },
        [this, from = startAsked_](const ModelFacts& facts) {
            if (from != draft_.start()) return;
            start_ = facts;
            // The encoder is the model's; another one could not take its weights.
            if (!facts.encoder.empty() && facts.encoder != draft_.encoder().name) draft_.setOption("encoder", facts.encoder);
        });
}

std::optional<TrainingTrial> Preflight::trial() const {
    if (!measured_ || trialAsked_ != trialWish()) return std::nullopt;
    TrainingTrial whole = *measured_;
    whole.seconds *= draft_.epochs();
    return whole;
}

void Preflight::judge() {
    machine_.trial = trial();
    findings_.clear();
    if (set_ && toQString(set_->name) == draft_.set())
        findings_ = draft_.pretrains() ? checkPretraining(draft_.pretrain, *set_, machine_)
                                       : checkFinetuning(draft_.finetune, *set_, machine_, start_);
    else if (draft_.set().isEmpty())
        findings_ = {{Finding::Level::Error, "Particles", "There is no set of subtomograms yet: import, extract or simulate one first"}};
    if (!readProblem_.isEmpty()) findings_.insert(findings_.begin(), {Finding::Level::Error, "Facts", readProblem_.toStdString()});
    if (wantsTrial_ && !trialProblem_.isEmpty() && !machine_.trial)
        findings_.insert(findings_.begin(), {Finding::Level::Warning, "Trial", "Time and memory could not be measured: " + trialProblem_.toStdString()});
    Q_EMIT changed();
}

/// Epochs count no more than their number: one is measured.
std::string Preflight::trialWish() const {
    if (!set_) return {};
    nlohmann::json options = draft_.configs().front().options;
    options["epochs"] = 1;
    if (draft_.pretrains()) options["warmup-epochs"] = 0;
    nlohmann::json wish{{"kind", draft_.pretrains() ? "pretrain" : "finetune"}, {"options", options}, {"box", set_->box.x}, {"voxel", set_->voxelSizeAngstrom},
                        {"particles", set_->particles}};
    if (draft_.pretrains()) return wish.dump();
    const auto labelled = static_cast<double>(set_->labels.size());
    wish["train"] = static_cast<std::int64_t>(labelled * draft_.finetune.split.trainFraction * draft_.finetune.labelFraction);
    wish["validation"] = static_cast<std::int64_t>(labelled * draft_.finetune.split.validationFraction);
    wish["classes"] = set_->classes.size();
    return wish.dump();
}

void Preflight::measureLater() {
    if (!active_ || !wantsTrial_ || reading_ > 0 || !set_ || !bench_.previews.trial) return;
    const std::string wish = trialWish();
    if (wish == trialAsked_) return;
    // What is wrong already need not be tried.
    if (!mayStart(findings_)) return;
    stop_.request(StopWish::Cancel);
    measured_.reset();
    trialAsked_ = wish;
    trialProblem_.clear();
    measuring_ = true;
    delay_.start();
    Q_EMIT changed();
}

void Preflight::measure() {
    stop_ = StopSource();
    trialQueue_->post(
        this, [make = bench_.previews.trial, wish = trialAsked_, stop = stop_.token()] { return make(wish, stop); },
        [this, wish = trialAsked_](const TrainingTrial& trial) {
            if (wish != trialAsked_) return;
            measuring_ = false;
            measured_ = trial;
            judge();
        },
        [this, wish = trialAsked_, stop = stop_.token()](const QString& sentence) {
            if (wish != trialAsked_ || stop.cancelRequested()) return;
            measuring_ = false;
            trialProblem_ = sentence;
            judge();
        });
}

}  // namespace tomoloupe
