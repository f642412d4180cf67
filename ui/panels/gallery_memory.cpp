#include "ui/panels/gallery_memory.h"

#include <QCryptographicHash>
#include <QSettings>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace tomoloupe {
namespace {

using Json = nlohmann::json;

Json toJson(const ValueRange& range) {
    return Json::array({range.from ? Json(*range.from) : Json(), range.to ? Json(*range.to) : Json()});
}

ValueRange rangeFrom(const Json& json) {
    const auto end = [&](std::size_t at) {
        return json.at(at).is_number() ? std::optional(json.at(at).get<double>()) : std::nullopt;
    };
    return {end(0), end(1)};
}

Json toJson(const ParticleQuery& query) {
    return {{"state", static_cast<int>(query.state)},
            {"disagreeing", query.disagreeing},
            {"classes", query.classes},
            {"confidence", toJson(query.confidence)},
            {"score", toJson(query.score)},
            {"tomogram", query.tomogram},
            {"column", query.column},
            {"columnText", query.columnText},
            {"columnRange", toJson(query.columnRange)},
            {"sort", static_cast<int>(query.sort)},
            {"sortColumn", query.sortColumn},
            {"descending", query.descending}};
}

ParticleQuery queryFrom(const Json& json) {
    ParticleQuery query;
    query.state = static_cast<LabelState>(std::clamp(json.at("state").get<int>(), 0, static_cast<int>(LabelState::Unsure)));
    query.disagreeing = json.at("disagreeing").get<bool>();
    query.classes = json.at("classes").get<std::vector<std::int64_t>>();
    query.confidence = rangeFrom(json.at("confidence"));
    query.score = rangeFrom(json.at("score"));
    query.tomogram = json.at("tomogram").get<std::string>();
    query.column = json.at("column").get<std::string>();
    query.columnText = json.at("columnText").get<std::string>();
    query.columnRange = rangeFrom(json.at("columnRange"));
    query.sort = static_cast<SortKey>(std::clamp(json.at("sort").get<int>(), 0, static_cast<int>(SortKey::LabelNext)));
    query.sortColumn = json.at("sortColumn").get<std::string>();
    query.descending = json.at("descending").get<bool>();
    return query;
}

template <typename Enum>
Enum choiceFrom(const QVariant& value, Enum last) {
    return static_cast<Enum>(std::clamp(value.toInt(), 0, static_cast<int>(last)));
}

}  // namespace

GalleryMemory::GalleryMemory(ProjectModel& project, ParticleModel& model, GalleryBar* bar, QObject* parent)
    : QObject(parent), project_(project), model_(model), bar_(bar) {
    restoreLook();
    connect(bar_, &GalleryBar::lookChanged, this, &GalleryMemory::storeLook);
    connect(bar_, &GalleryBar::tileSideChanged, this, &GalleryMemory::storeLook);
    connect(bar_, &GalleryBar::listWanted, this, &GalleryMemory::storeLook);
    connect(&project_, &ProjectModel::setChanged, this, &GalleryMemory::restoreQuery);
    connect(&model_, &ParticleModel::listed, this, &GalleryMemory::storeQuery);
}

void GalleryMemory::restoreLook() {
    QSettings settings;
    settings.beginGroup(QStringLiteral("gallery"));
    TileLook look = bar_->look();
    look.depth = choiceFrom(settings.value(QStringLiteral("depth"), static_cast<int>(look.depth)), TileLook::Depth::Projection);
    look.planes = choiceFrom(settings.value(QStringLiteral("planes"), static_cast<int>(look.planes)), TileLook::Planes::All);
    look.slab = std::clamp(settings.value(QStringLiteral("slab"), look.slab).toInt(), 2, 64);
    look.commonContrast = settings.value(QStringLiteral("commonContrast"), look.commonContrast).toBool();
    bar_->setLook(look);
    bar_->setTileSide(settings.value(QStringLiteral("tileSide"), bar_->tileSide()).toInt());
    bar_->setList(settings.value(QStringLiteral("list"), false).toBool());
}

void GalleryMemory::storeLook() const {
    QSettings settings;
    settings.beginGroup(QStringLiteral("gallery"));
    const TileLook& look = bar_->look();
    settings.setValue(QStringLiteral("depth"), static_cast<int>(look.depth));
    settings.setValue(QStringLiteral("planes"), static_cast<int>(look.planes));
    settings.setValue(QStringLiteral("slab"), look.slab);
    settings.setValue(QStringLiteral("commonContrast"), look.commonContrast);
    settings.setValue(QStringLiteral("tileSide"), bar_->tileSide());
    settings.setValue(QStringLiteral("list"), bar_->listShown());
}

QString GalleryMemory::settingOfQuery() const {
    const QByteArray folder = QByteArray::fromStdString(project_.project()->folder().string());
    const QByteArray hash = QCryptographicHash::hash(folder, QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("projects/%1/galleryQuery").arg(QString::fromLatin1(hash));
}

std::optional<ParticleQuery> GalleryMemory::rememberedQuery() const {
    const Json told = Json::parse(QSettings().value(settingOfQuery()).toString().toStdString(), nullptr, false);
    if (!told.is_object()) return std::nullopt;
    ParticleQuery query;
    try {
        query = queryFrom(told.at("query"));
        if (told.at("set").get<std::string>() != project_.set()->record.name)
            query.tomogram = query.column = query.sortColumn = {};
    } catch (const Json::exception&) {
        return std::nullopt;  // of another version of the program
    }
    const ProjectContents& contents = project_.contents();
    std::erase_if(query.classes, [this](std::int64_t id) { return !project_.classOf(id); });
    if (std::none_of(contents.tomograms.begin(), contents.tomograms.end(),
                     [&](const TomogramRecord& record) { return record.name == query.tomogram; }))
        query.tomogram.clear();
    const auto& columns = project_.set()->table->columnNames;
    const auto known = [&](const std::string& name) { return std::find(columns.begin(), columns.end(), name) != columns.end(); };
    if (!known(query.column)) {
        query.column = query.columnText = {};
        query.columnRange = {};
    }
    if (query.sort == SortKey::Column && !known(query.sortColumn)) query.sort = SortKey::Number;
    if (query.sort != SortKey::Column) query.sortColumn.clear();
    return query;
}

void GalleryMemory::restoreQuery() {
    if (!project_.set() || restoredFor_ == project_.project()) return;
    const ParticleQuery query = rememberedQuery().value_or(ParticleQuery());
    restoredFor_ = project_.project();
    if (query != model_.query()) Q_EMIT queryRemembered(query);
}

void GalleryMemory::storeQuery() const {
    if (!project_.set() || restoredFor_ != project_.project() || model_.busy()) return;
    const Json told{{"set", project_.set()->record.name}, {"query", toJson(model_.query())}};
    QSettings settings;
    if (model_.query().trivial())
        settings.remove(settingOfQuery());
    else
        settings.setValue(settingOfQuery(), QString::fromStdString(told.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace tomoloupe
