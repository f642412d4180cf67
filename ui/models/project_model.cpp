#include "ui/models/project_model.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/error.h"
#include "ui/bridge/text.h"
#include "ui/models/class_keys.h"

namespace tomoloupe {
namespace {

/// For a change by hand: more would be felt. Runs that store much do it in pieces shorter than this.
constexpr std::chrono::milliseconds kPatience{120};

std::string userName() {
    for (const char* variable : {"USER", "LOGNAME"}) {
        if (const char* name = std::getenv(variable); name && *name) return name;
    }
    return "user";
}

}  // namespace

ProjectModel::ProjectModel(IoQueue& io, QObject* parent) : QObject(parent), io_(io), author_(userName()) {}

void ProjectModel::open(const std::filesystem::path& folder) {
    struct Opened {
        std::shared_ptr<Project> project, writer;
        ProjectContents contents;
    };
    io_.post(
        this,
        [folder] {
            std::shared_ptr<Project> project = Project::open(folder);
            ProjectContents contents = readContents(*project);
            return Opened{std::move(project), Project::open(folder), std::move(contents)};
        },
        [this](const Opened& result) {
            project_ = result.project;
            writer_ = result.writer;
            writer_->setPatience(kPatience);
            set_.reset();
            particle_ = -1;
            selection_.clear();
            counts_.clear();
            tomogram_.clear();
            takeContents(result.contents);
            Q_EMIT opened();
            if (!contents_.tomograms.empty()) setCurrentTomogram(toQString(contents_.tomograms.front().name));
            if (!contents_.sets.empty()) setCurrentSet(toQString(contents_.sets.front().name));
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

QString ProjectModel::name() const {
    return project_ ? toQString(project_->name()) : QString();
}

void ProjectModel::takeContents(const ProjectContents& contents) {
    contents_ = contents;
    keys_ = classKeys(contents_.classes);
    Q_EMIT contentsChanged();
    Q_EMIT runsChanged();
}

void ProjectModel::refresh() {
    if (!project_) return;
    io_.post(
        this, [project = project_] { return readContents(*project); },
        [this](const ProjectContents& contents) {
            takeContents(contents);
            if (!set_ && !contents_.sets.empty()) setCurrentSet(toQString(contents_.sets.front().name));
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestContents_);
    if (set_) readSetAgain(set_->record.name, {});
}

void ProjectModel::refreshRuns() {
    if (!project_) return;
    io_.post(
        this, [project = project_] { return readContents(*project); },
        [this](const ProjectContents& contents) {
            contents_.runs = contents.runs;
            Q_EMIT runsChanged();
        },
        {}, latestContents_);
}

const ClassRecord* ProjectModel::classOf(std::int64_t classId) const {
    const auto found = std::find_if(contents_.classes.begin(), contents_.classes.end(),
                                    [&](const ClassRecord& c) { return c.id == classId; });
    return found == contents_.classes.end() ? nullptr : &*found;
}

QString ProjectModel::className(std::int64_t classId) const {
    const ClassRecord* record = classOf(classId);
    return record ? toQString(record->name) : QString();
}

QString ProjectModel::classColour(std::int64_t classId) const {
    return toQString(tomoloupe::classColour(contents_.classes, classId));
}

QChar ProjectModel::classKey(std::int64_t classId) const {
    for (const auto& [key, id] : keys_) {
        if (id == classId) return key;
    }
    return {};
}

std::optional<std::int64_t> ProjectModel::classForKey(QChar key) const {
    const auto found = keys_.find(key.toLower());
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> ProjectModel::markClass(ClassRole role) {
    for (const ClassRecord& record : contents_.classes) {
        if (record.role == role) return record.id;
    }
    ClassRecord record;
    record.name = role == ClassRole::Junk ? "junk" : "unsure";
    record.role = role;
    for (const ClassRecord& known : contents_.classes) {
        if (known.name == record.name) record.id = known.id;
    }
    const auto made = storeClass(record);
    return made ? std::optional(made->id) : std::nullopt;
}

std::int64_t ProjectModel::labelsOf(std::int64_t classId) const {
    const auto found = counts_.find(classId);
    return found == counts_.end() ? 0 : found->second;
}

std::int64_t ProjectModel::labelled() const {
    std::int64_t sum = 0;
    for (const auto& [id, count] : counts_) sum += count;
    return sum;
}

std::optional<ClassRecord> ProjectModel::storeClass(const ClassRecord& record) {
    std::optional<ClassRecord> made;
    if (!stored([&] { made = writer_->storeClass(record, author_); })) return std::nullopt;
    takeClasses();
    return made;
}

bool ProjectModel::removeClass(std::int64_t classId) {
    if (!stored([&] { writer_->removeClass(classId, author_); })) return false;
    if (set_) std::replace(set_->labels.begin(), set_->labels.end(), classId, std::int64_t(0));
    countLabels();
    contents_.labelCount = writer_->labelCount();
    contents_.labelSets = writer_->labelSets();
    takeClasses();
    Q_EMIT labelsChanged({});
    return true;
}

bool ProjectModel::useLabelSet(const QString& name) {
    if (!stored([&] { writer_->useLabelSet(name.toStdString()); })) return false;
    contents_.labelSets = writer_->labelSets();
    readLabelsAgain();
    Q_EMIT classesChanged();
    return true;
}

std::optional<QString> ProjectModel::makeLabelSet() {
    const auto& sets = contents_.labelSets;
    QString name;
    for (std::size_t number = sets.size() + 1; name.isEmpty(); ++number) {
        const QString free = tr("labels %1").arg(number);
        if (std::none_of(sets.begin(), sets.end(), [&](const auto& set) { return set.name == free.toStdString(); }))
            name = free;
    }
    return useLabelSet(name) ? std::optional(name) : std::nullopt;
}

bool ProjectModel::renameLabelSet(const QString& name, const QString& newName) {
    if (!stored([&] { writer_->renameLabelSet(name.toStdString(), newName.trimmed().toStdString()); })) return false;
    contents_.labelSets = writer_->labelSets();
    Q_EMIT classesChanged();
    return true;
}

/// Those of the current one are counted with every label.
std::int64_t ProjectModel::labelsIn(const LabelSetRecord& record) const {
    return record.current ? contents_.labelCount : record.labels;
}

void ProjectModel::takeClasses() {
    contents_.classes = writer_->classes();
    keys_ = classKeys(contents_.classes);
    Q_EMIT classesChanged();
}

void ProjectModel::setCurrentSet(const QString& name, std::optional<std::int64_t> particle) {
    if (project_) readSetAgain(name.toStdString(), particle);
}

void ProjectModel::readSetAgain(const std::string& name, std::optional<std::int64_t> particle) {
    const std::int64_t changes = changes_;
    io_.post(
        this, [project = project_, name, known = sharedSet()] { return readSet(*project, name, known); },
        [this, particle, changes](const std::shared_ptr<SetContents>& set) {
            const bool stale = changes != changes_;  // a label was given while the set was being read
            takeSet(set, particle);
            if (stale) readLabelsAgain();
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSet_);
}

/// Read again after a run, the set keeps its current particle and selection.
void ProjectModel::takeSet(const std::shared_ptr<SetContents>& set, std::optional<std::int64_t> particle) {
    const bool same = set_ && set_->record.id == set->record.id && set_->record.count == set->record.count;
    set_ = set;
    countLabels();
    const std::int64_t wanted = particle.value_or(same ? particle_ : set->startParticle);
    particle_ = std::clamp<std::int64_t>(wanted, set->record.count > 0 ? 0 : -1, set->record.count - 1);
    if (!same) selection_.clear();
    Q_EMIT setChanged();
    if (!same) Q_EMIT selectionChanged();
    Q_EMIT labelsChanged({});
    Q_EMIT particleChanged();
}

void ProjectModel::readLabelsAgain() {
    if (!set_) return;
    stored([this] {
        set_->labels = writer_->labels(set_->record.id);
        contents_.labelCount = writer_->labelCount();
    });
    countLabels();
    Q_EMIT labelsChanged({});
}

void ProjectModel::countLabels() {
    counts_.clear();
    if (!set_) return;
    for (const std::int64_t label : set_->labels) {
        if (label != 0) ++counts_[label];
    }
}

void ProjectModel::setSelection(std::vector<std::int64_t> particles) {
    if (particles == selection_) return;
    selection_ = std::move(particles);
    Q_EMIT selectionChanged();
}

void ProjectModel::setCurrentParticle(std::int64_t index) {
    if (!set_ || index == particle_ || index < 0 || index >= set_->record.count) return;
    particle_ = index;
    const std::string& tomogram = set_->particles()[static_cast<std::size_t>(index)].tomogram;
    if (!tomogram.empty()) setCurrentTomogram(toQString(tomogram));
    Q_EMIT particleChanged();
}

void ProjectModel::setCurrentTomogram(const QString& name) {
    if (name.toStdString() == tomogram_) return;
    tomogram_ = name.toStdString();
    takePicks();
    Q_EMIT tomogramChanged();
}

const TomogramRecord* ProjectModel::currentTomogram() const {
    for (const TomogramRecord& record : contents_.tomograms) {
        if (record.name == tomogram_) return &record;
    }
    return nullptr;
}

std::int64_t ProjectModel::labelOf(std::int64_t index) const {
    const auto place = static_cast<std::size_t>(index);
    return set_ && index >= 0 && place < set_->labels.size() ? set_->labels[place] : 0;
}

std::vector<LabelAction> ProjectModel::historyOf(std::int64_t index) const {
    if (!set_ || !writer_ || index < 0 || index >= set_->record.count) return {};
    try {
        return writer_->labelHistory(set_->particles()[static_cast<std::size_t>(index)].id);
    } catch (const std::exception&) {
        return {};  // what cannot be read now is told when something is stored
    }
}

std::optional<PredictionView> ProjectModel::predictionOf(std::int64_t index) const {
    const auto place = static_cast<std::size_t>(index);
    if (!set_ || index < 0 || place >= set_->predictions.best.size() || set_->predictions.best[place] == 0)
        return std::nullopt;
    const std::size_t columns = set_->predictions.classIds.size();
    return PredictionView{set_->predictions.best[place],
                          std::span(set_->predictions.probabilities).subspan(place * columns, columns)};
}

bool ProjectModel::stored(const std::function<void()>& store) {
    if (!writer_) return false;
    try {
        store();
        ++changes_;
        return true;
    } catch (const ProjectBusy&) {
        Q_EMIT notStored(tr("Not stored: another program is writing to this project just now. Do it again in a moment."));
        return false;
    } catch (const std::exception& error) {
        Q_EMIT failed(toQString(error.what()));
        return false;
    }
}

void ProjectModel::applyLabel(std::int64_t index, std::int64_t classId) {
    std::int64_t& label = set_->labels[static_cast<std::size_t>(index)];
    if (label != 0) --counts_[label];
    if (classId != 0) ++counts_[classId];
    contents_.labelCount += (classId != 0) - (label != 0);
    label = classId;
}

bool ProjectModel::label(std::span<const IndexedLabel> labels) {
    if (!set_ || labels.empty()) return false;
    std::vector<LabelEdit> edits;
    std::vector<std::int64_t> changed;
    for (const IndexedLabel& label : labels) {
        if (label.index < 0 || label.index >= set_->record.count) return false;
        edits.push_back({set_->particles()[static_cast<std::size_t>(label.index)].id, label.classId});
        changed.push_back(label.index);
    }
    if (!stored([&] { writer_->setLabels(edits, author_); })) return false;
    for (const IndexedLabel& label : labels) applyLabel(label.index, label.classId.value_or(0));
    Q_EMIT labelsChanged(changed);
    return true;
}

bool ProjectModel::label(std::span<const std::int64_t> particles, std::optional<std::int64_t> classId) {
    std::vector<IndexedLabel> labels;
    for (const std::int64_t particle : particles) labels.push_back({particle, classId});
    return label(labels);
}

bool ProjectModel::label(std::int64_t index, std::optional<std::int64_t> classId) {
    const IndexedLabel one{index, classId};
    return label(std::span(&one, 1));
}

bool ProjectModel::labelByName(std::span<const NamedGroup> groups) {
    if (!set_ || groups.empty()) return false;
    std::vector<Project::NamedLabels> named;
    std::vector<std::int64_t> changed;
    for (const NamedGroup& group : groups) {
        Project::NamedLabels& labels = named.emplace_back();
        labels.className = group.className.trimmed().toStdString();
        for (const std::int64_t index : group.particles) {
            if (index < 0 || index >= set_->record.count) return false;
            labels.particleIds.push_back(set_->particles()[static_cast<std::size_t>(index)].id);
        }
        changed.insert(changed.end(), group.particles.begin(), group.particles.end());
    }
    if (!stored([&] { writer_->labelByName(named, author_); })) return false;
    takeClasses();
    for (std::size_t g = 0; g < named.size(); ++g) {
        const auto found = std::find_if(contents_.classes.begin(), contents_.classes.end(),
                                        [&](const ClassRecord& record) { return record.name == named[g].className; });
        for (const std::int64_t index : groups[g].particles) applyLabel(index, found == contents_.classes.end() ? 0 : found->id);
    }
    Q_EMIT labelsChanged(changed);
    return true;
}

void ProjectModel::takePicks() {
    if (!writer_) return;
    stored([this] {
        const std::vector<HandPick> all = writer_->handPicks();
        pickCount_ = static_cast<std::int64_t>(all.size());
        picks_.clear();
        pickedParticles_.clear();
        for (const HandPick& pick : all)
            if (pick.fromParticle != 0) pickedParticles_.push_back(pick.fromParticle);
        std::copy_if(all.begin(), all.end(), std::back_inserter(picks_),
                     [this](const HandPick& pick) { return pick.tomogram == tomogram_; });
    });
    Q_EMIT picksChanged();
}

bool ProjectModel::setIsPicked() const {
    return set_ && std::any_of(pickedParticles_.begin(), pickedParticles_.end(),
                               [this](std::int64_t id) { return set_->indexOf(id) >= 0; });
}

std::optional<std::int64_t> ProjectModel::addPick(Vec3 positionVoxels) {
    const HandPick pick{0, tomogram_, positionVoxels, 0};
    std::optional<std::int64_t> id;
    if (tomogram_.empty() || !stored([&] { id = writer_->storePicks({&pick, 1}, author_).front(); })) return std::nullopt;
    takePicks();
    return id;
}

bool ProjectModel::movePick(std::int64_t id, Vec3 positionVoxels) {
    const auto known = std::find_if(picks_.begin(), picks_.end(), [id](const HandPick& pick) { return pick.id == id; });
    if (known == picks_.end()) return false;
    HandPick moved = *known;
    moved.positionVoxels = positionVoxels;
    if (!stored([&] { writer_->storePicks({&moved, 1}, author_); })) return false;
    takePicks();
    return true;
}

bool ProjectModel::removePick(std::int64_t id) {
    if (!stored([&] { writer_->removePicks({&id, 1}, author_); })) return false;
    takePicks();
    return true;
}

bool ProjectModel::pickAgain() {
    return set_ && pickAgain(toQString(set_->record.name));
}

bool ProjectModel::pickAgain(const QString& set) {
    std::string tomogram;
    if (!stored([&] { tomogram = writer_->pickAgain(writer_->particleSet(set.toStdString()).id, author_); })) return false;
    takePicks();
    if (picks_.empty()) setCurrentTomogram(toQString(tomogram));
    return true;
}

bool ProjectModel::makeSetOfPicks(const QString& name) {
    if (!stored([&] { writer_->makeSetOfPicks(name.trimmed().toStdString(), author_); })) return false;
    takePicks();
    refresh();
    setCurrentSet(name.trimmed());
    return true;
}

/// A set went, or is there again and is chosen.
void ProjectModel::takeSetsOf(const LabelStep& step) {
    contents_.sets = writer_->particleSets();
    Q_EMIT contentsChanged();
    const bool there = set_ && std::any_of(contents_.sets.begin(), contents_.sets.end(),
                                           [this](const auto& set) { return set.id == set_->record.id; });
    if (!step.set.empty()) return setCurrentSet(toQString(step.set));
    if (there) return;
    if (!contents_.sets.empty()) return setCurrentSet(toQString(contents_.sets.front().name));
    ++*latestSet_;  // what is being read is of the set that went
    set_.reset();
    particle_ = -1;
    selection_.clear();
    counts_.clear();
    Q_EMIT setChanged();
    Q_EMIT selectionChanged();
    Q_EMIT labelsChanged({});
    Q_EMIT particleChanged();
}

void ProjectModel::applyStep(const LabelStep& step) {
    if (step.picksChanged && step.tomogram == tomogram_)
        takePicks();
    else if (step.picksChanged)
        setCurrentTomogram(toQString(step.tomogram));
    if (step.classesChanged) takeClasses();
    if (step.setsChanged) takeSetsOf(step);
    if (step.labelSetChanged) {
        contents_.labelSets = writer_->labelSets();
        readLabelsAgain();
        Q_EMIT classesChanged();
    }
    std::vector<std::int64_t> changed;
    for (const LabelEdit& edit : step.edits) {
        const std::int64_t index = set_ ? set_->indexOf(edit.particleId) : -1;
        if (index < 0) continue;
        if (!step.labelSetChanged) applyLabel(index, edit.classId.value_or(0));
        changed.push_back(index);
    }
    if (changed.size() < step.edits.size()) contents_.labelCount = writer_->labelCount();
    Q_EMIT labelsChanged(changed);
    if (!changed.empty()) setCurrentParticle(*std::min_element(changed.begin(), changed.end()));
}

bool ProjectModel::undoLabels() {
    std::optional<LabelStep> step;
    if (!stored([&] { step = writer_->undoLabels(author_); }) || !step) return false;
    applyStep(*step);
    return true;
}

bool ProjectModel::redoLabels() {
    std::optional<LabelStep> step;
    if (!stored([&] { step = writer_->redoLabels(author_); }) || !step) return false;
    applyStep(*step);
    return true;
}

}  // namespace tomoloupe
