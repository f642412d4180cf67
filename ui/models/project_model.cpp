#include "ui/models/project_model.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

// Paul Tol's bright and vibrant schemes: told apart by colour-blind eyes too.
constexpr std::array kClassColours{"#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE",
                                   "#AA3377", "#EE7733", "#009988", "#CC3311", "#33BBEE"};
constexpr const char* kBackgroundColour = "#8A93A0";

bool isBackground(const ClassRecord& record) {
    std::string name = record.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name == "background" || name == "noise" || name == "none";
}

std::string userName() {
    for (const char* variable : {"USER", "LOGNAME"}) {
        if (const char* name = std::getenv(variable); name && *name) return name;
    }
    return "user";
}

}  // namespace

ProjectModel::ProjectModel(IoQueue& io, QObject* parent) : QObject(parent), io_(io), author_(userName()) {}

void ProjectModel::open(const std::filesystem::path& folder) {
    using Opened = std::pair<std::shared_ptr<Project>, ProjectContents>;
    io_.post(
        this,
        [folder] {
            std::shared_ptr<Project> project = Project::open(folder);
            ProjectContents contents = readContents(*project);
            return Opened(std::move(project), std::move(contents));
        },
        [this](const Opened& result) {
            project_ = result.first;
            set_.reset();
            particle_ = -1;
            tomogram_.clear();
            takeContents(result.second);
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
    if (set_) readSetAgain(set_->record.name, particle_);
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
    const ClassRecord* record = classOf(classId);
    if (!record || isBackground(*record)) return QString::fromLatin1(kBackgroundColour);
    if (!record->colour.empty()) return toQString(record->colour);
    const auto place = static_cast<std::size_t>(record - contents_.classes.data());
    return QString::fromLatin1(kClassColours[place % kClassColours.size()]);
}

char ProjectModel::classKey(std::int64_t classId) const {
    for (char key = '0'; key <= '9'; ++key) {
        if (classForKey(key) == classId) return key;
    }
    return 0;
}

std::optional<std::int64_t> ProjectModel::classForKey(char key) const {
    std::vector<std::int64_t> numbered;
    std::optional<std::int64_t> background;
    for (const ClassRecord& record : contents_.classes) {
        if (isBackground(record) && !background) {
            background = record.id;
        } else {
            numbered.push_back(record.id);
        }
    }
    if (key == '0' && background) return background;
    const std::size_t place = key == '0' ? 9 : static_cast<std::size_t>(key - '1');
    if (place >= numbered.size()) return std::nullopt;
    return numbered[place];
}

std::int64_t ProjectModel::labelsOf(std::int64_t classId) const {
    return set_ ? std::count(set_->labels.begin(), set_->labels.end(), classId) : 0;
}

void ProjectModel::setCurrentSet(const QString& name, std::optional<std::int64_t> particle) {
    if (project_) readSetAgain(name.toStdString(), particle);
}

void ProjectModel::readSetAgain(const std::string& name, std::optional<std::int64_t> particle) {
    io_.post(
        this, [project = project_, name] { return readSet(*project, name); },
        [this, particle](const std::shared_ptr<SetContents>& set) {
            set_ = set;
            const std::int64_t wanted = particle.value_or(set->startParticle);
            particle_ = std::clamp<std::int64_t>(wanted, set->record.count > 0 ? 0 : -1, set->record.count - 1);
            Q_EMIT setChanged();
            Q_EMIT labelsChanged();
            Q_EMIT particleChanged();
        },
        [this](const QString& sentence) { Q_EMIT failed(sentence); }, latestSet_);
}

void ProjectModel::setCurrentParticle(std::int64_t index) {
    if (!set_ || index == particle_ || index < 0 || index >= set_->record.count) return;
    particle_ = index;
    const std::string& tomogram = set_->table.particles[static_cast<std::size_t>(index)].tomogram;
    if (!tomogram.empty()) setCurrentTomogram(toQString(tomogram));
    Q_EMIT particleChanged();
}

void ProjectModel::setCurrentTomogram(const QString& name) {
    if (name.toStdString() == tomogram_) return;
    tomogram_ = name.toStdString();
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

const Prediction* ProjectModel::predictionOf(std::int64_t index) const {
    const auto place = static_cast<std::size_t>(index);
    if (!set_ || index < 0 || place >= set_->predictions.byParticle.size()) return nullptr;
    const auto& prediction = set_->predictions.byParticle[place];
    return prediction ? &*prediction : nullptr;
}

bool ProjectModel::changeLabels(const std::function<bool()>& change) {
    try {
        if (!change()) return false;
        contents_.labelCount = project_->labelCount();
    } catch (const std::exception& error) {
        Q_EMIT failed(toQString(error.what()));
        return false;
    }
    Q_EMIT labelsChanged();
    return true;
}

bool ProjectModel::label(std::int64_t index, std::optional<std::int64_t> classId) {
    if (!project_ || !set_ || index < 0 || index >= set_->record.count) return false;
    const auto place = static_cast<std::size_t>(index);
    return changeLabels([&] {
        const LabelEdit edit{set_->table.particles[place].id, classId};
        project_->setLabels(std::span(&edit, 1), author_);
        set_->labels[place] = classId.value_or(0);
        return true;
    });
}

bool ProjectModel::undoLabels() {
    return project_ && changeLabels([this] {
               if (!project_->undoLabels(author_)) return false;
               if (set_) set_->labels = project_->labels(set_->record.id);
               return true;
           });
}

bool ProjectModel::redoLabels() {
    return project_ && changeLabels([this] {
               if (!project_->redoLabels(author_)) return false;
               if (set_) set_->labels = project_->labels(set_->record.id);
               return true;
           });
}

}  // namespace tomoloupe
