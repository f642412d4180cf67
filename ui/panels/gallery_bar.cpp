#include "ui/panels/gallery_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kHintWidth = 1180;  // from here on there is room for the keys

struct Sorting {
    SortKey key;
    const char* text;
    bool descending;  // as one wants it first
};
constexpr std::array kSortings{Sorting{SortKey::Number, QT_TRANSLATE_NOOP("GalleryBar", "number"), false},
                               Sorting{SortKey::Score, QT_TRANSLATE_NOOP("GalleryBar", "score"), true},
                               Sorting{SortKey::Confidence, QT_TRANSLATE_NOOP("GalleryBar", "confidence"), true},
                               Sorting{SortKey::Uncertainty, QT_TRANSLATE_NOOP("GalleryBar", "uncertainty"), true},
                               Sorting{SortKey::Class, QT_TRANSLATE_NOOP("GalleryBar", "class"), false},
                               Sorting{SortKey::Tomogram, QT_TRANSLATE_NOOP("GalleryBar", "tomogram"), false},
                               Sorting{SortKey::LabelNext, QT_TRANSLATE_NOOP("GalleryBar", "label next"), false}};

/// What the quick buttons set; each begins from none of them.
void clearQuick(ParticleQuery& query) {
    query.state = LabelState::Any;
    query.disagreeing = false;
    if (query.sort == SortKey::LabelNext) query.sort = SortKey::Number;
}

}  // namespace

GalleryBar::GalleryBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("galleryBar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QWidget* strip = nullptr;
    QHBoxLayout* row = makeToolBar(this, &strip);
    row->setSpacing(5);
    column->addWidget(strip);
    buildFilters(row);
    buildSorting(row);
    buildLook(row);
    lookPanel_ = buildLookPanel();
    filterPanel_ = new FilterPanel(this);
    onlyPanel_ = buildOnlyPanel();
    for (QWidget* panel : {onlyPanel_, lookPanel_, static_cast<QWidget*>(filterPanel_)}) {
        panel->hide();
        column->addWidget(panel);
    }
    connect(show_, &QPushButton::toggled, lookPanel_, &QWidget::setVisible);
    connect(filter_, &QPushButton::toggled, filterPanel_, &QWidget::setVisible);
    connect(filterPanel_, &FilterPanel::queryChanged, this, &GalleryBar::change);
    showQuery();
    showLook();
}

QPushButton* GalleryBar::addQuick(QHBoxLayout* row, const QString& text, const char* name, const QString& help,
                                  void (*apply)(ParticleQuery&)) {
    QPushButton* button = makeToggle(text, name, this);
    button->setProperty("density", QStringLiteral("compact"));
    button->setToolTip(help);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, apply](bool on) {
        ParticleQuery query = query_;
        clearQuick(query);
        if (on) apply(query);
        change(query);
    });
    return button;
}

void GalleryBar::buildFilters(QHBoxLayout* row) {
    counts_ = makeLabel({}, "fact", this);
    counts_->setObjectName(QStringLiteral("galleryCounts"));
    counts_->setTextFormat(Qt::RichText);
    row->addWidget(counts_);
    anew_ = makeButton(tr("Update"), "galleryAnew", this);
    anew_->setProperty("role", QStringLiteral("link"));
    anew_->setToolTip(tr("Labels changed since this list was made: make it anew (F5)"));
    row->addWidget(anew_);
    anew_->hide();
    connect(anew_, &QPushButton::clicked, this, &GalleryBar::askedAnew);
    next_ = addQuick(row, tr("Label next"), "galleryLabelNext",
                     tr("Unlabelled particles whose label would teach the most, unlike ones beside each other"),
                     [](ParticleQuery& query) {
                         query.state = LabelState::Unlabelled;
                         query.sort = SortKey::LabelNext;
                         query.descending = false;
                     });
    unlabelled_ = addQuick(row, tr("Unlabelled"), "galleryUnlabelled", tr("Particles without a label"),
                           [](ParticleQuery& query) { query.state = LabelState::Unlabelled; });
    disagree_ = addQuick(row, tr("Disagree"), "galleryDisagree", tr("Labelled otherwise than the model predicts"),
                         [](ParticleQuery& query) { query.disagreeing = true; });
    junk_ = addQuick(row, tr("Junk"), "galleryJunk", tr("Particles marked as junk"),
                     [](ParticleQuery& query) { query.state = LabelState::Junk; });
    filter_ = makeToggle(tr("Filter"), "galleryFilter", this);
    filter_->setProperty("density", QStringLiteral("compact"));
    filter_->setToolTip(tr("By class, tomogram, confidence, score, any column"));
    row->addWidget(filter_);
}

void GalleryBar::buildSorting(QHBoxLayout* row) {
    row->addSpacing(4);
    sort_ = new QComboBox(this);
    sort_->setObjectName(QStringLiteral("gallerySort"));
    sort_->setToolTip(tr("Order of the list"));
    sort_->setAccessibleName(tr("Order of the list"));
    sort_->setFixedWidth(108);
    sort_->setMaxVisibleItems(24);
    direction_ = makeButton(QStringLiteral("↑"), "gallerySortDirection", this);
    direction_->setProperty("density", QStringLiteral("compact"));
    direction_->setToolTip(tr("Turn the order round"));
    row->addWidget(sort_);
    row->addWidget(direction_);
    connect(sort_, &QComboBox::currentIndexChanged, this, &GalleryBar::chooseSorting);
    connect(direction_, &QPushButton::clicked, this, [this] {
        ParticleQuery query = query_;
        query.descending = !query.descending;
        change(query);
    });
    setChoices({});
}

void GalleryBar::buildLook(QHBoxLayout* row) {
    row->addSpacing(4);
    show_ = makeToggle({}, "galleryShow", this);
    show_->setProperty("density", QStringLiteral("compact"));
    show_->setToolTip(tr("Slice, slab or projection; planes; contrast"));
    row->addWidget(show_);
    row->addStretch(1);
    hint_ = makeLabel(tr("1–9 label  ·  Enter accept  ·  J junk  ·  U unsure  ·  Space skip"), "muted", this);
    hint_->setObjectName(QStringLiteral("galleryHint"));
    hint_->hide();
    row->addWidget(hint_);
    size_ = new QSlider(Qt::Horizontal, this);
    size_->setObjectName(QStringLiteral("galleryTileSize"));
    size_->setToolTip(tr("Size of the tiles"));
    size_->setAccessibleName(tr("Size of the tiles"));
    size_->setRange(64, 256);
    size_->setValue(104);
    size_->setFixedWidth(64);
    row->addWidget(size_);
    connect(size_, &QSlider::valueChanged, this, &GalleryBar::tileSideChanged);
    list_ = makeToggle(tr("List"), "galleryList", this);
    list_->setProperty("density", QStringLiteral("compact"));
    list_->setToolTip(tr("Rows instead of tiles"));
    row->addWidget(list_);
    connect(list_, &QPushButton::toggled, this, &GalleryBar::listWanted);
}

QWidget* GalleryBar::buildLookPanel() {
    QWidget* panel = nullptr;
    QHBoxLayout* row = makeToolBar(this, &panel);
    panel->setObjectName(QStringLiteral("galleryShowPanel"));
    row->setSpacing(6);
    const auto add = [&](const QString& text, const char* name, auto set) {
        QPushButton* button = makeToggle(text, name, panel);
        button->setProperty("density", QStringLiteral("compact"));
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, set] {
            TileLook look = look_;
            set(look);
            changeLook(look);
        });
        return button;
    };
    depths_ = {add(tr("Slice"), "showSlice", [](TileLook& look) { look.depth = TileLook::Depth::Slice; }),
               add(tr("Slab of"), "showSlab", [](TileLook& look) { look.depth = TileLook::Depth::Slab; })};
    slab_ = new QSpinBox(panel);
    slab_->setObjectName(QStringLiteral("showSlabSlices"));
    slab_->setToolTip(tr("Slices that are averaged"));
    slab_->setRange(2, 64);
    slab_->setButtonSymbols(QSpinBox::NoButtons);  // wheel and arrow keys do
    slab_->setFixedWidth(44);
    row->addWidget(slab_);
    connect(slab_, &QSpinBox::valueChanged, this, [this](int slices) {
        if (showing_) return;
        TileLook look = look_;
        look.depth = TileLook::Depth::Slab;
        look.slab = slices;
        changeLook(look);
    });
    depths_.push_back(
        add(tr("Projection"), "showProjection", [](TileLook& look) { look.depth = TileLook::Depth::Projection; }));
    row->addSpacing(16);
    planes_ = {add(QStringLiteral("XY"), "showXY", [](TileLook& look) { look.planes = TileLook::Planes::XY; }),
               add(QStringLiteral("XZ"), "showXZ", [](TileLook& look) { look.planes = TileLook::Planes::XZ; }),
               add(QStringLiteral("YZ"), "showYZ", [](TileLook& look) { look.planes = TileLook::Planes::YZ; }),
               add(tr("All three"), "showAll", [](TileLook& look) { look.planes = TileLook::Planes::All; })};
    row->addSpacing(16);
    contrast_ = add(tr("Common contrast"), "showCommonContrast",
                    [](TileLook& look) { look.commonContrast = !look.commonContrast; });
    contrast_->setToolTip(tr("One range of greys for all particles, else each its own"));
    row->addStretch(1);
    return panel;
}

/// Says which particles another page asked for, and how to see all again.
QWidget* GalleryBar::buildOnlyPanel() {
    QWidget* panel = nullptr;
    QHBoxLayout* row = makeToolBar(this, &panel);
    only_ = makeLabel({}, "fact", panel);
    only_->setObjectName(QStringLiteral("galleryOnly"));
    row->addWidget(only_, 1);
    QPushButton* all = makeButton(tr("Show all particles"), "galleryOnlyClear", panel);
    all->setToolTip(tr("The whole set again"));
    row->addWidget(all);
    connect(all, &QPushButton::clicked, this, [this] {
        ParticleQuery query = query_;
        query.only.reset();
        query.onlyTitle.clear();
        change(query);
    });
    return panel;
}

void GalleryBar::setCounts(const QString& particles, const QString& labels, bool marked) {
    const QString colour = (marked ? accentColour(palette()) : mutedColour(palette())).name();
    counts_->setText(QStringLiteral("<b>%1</b><br><span style='color:%2'>%3</span>").arg(particles, colour, labels));
    counts_->setAccessibleName(particles + QStringLiteral(", ") + labels);
}

void GalleryBar::setStale(bool stale) {
    anew_->setVisible(stale);
}

int GalleryBar::tileSide() const {
    return size_->value();
}

bool GalleryBar::listShown() const {
    return list_->isChecked();
}

void GalleryBar::setTileSide(int pixels) {
    size_->setValue(pixels);
}

void GalleryBar::setList(bool list) {
    list_->setChecked(list);
}

void GalleryBar::setChoices(const FilterPanel::Choices& choices) {
    columns_ = choices.columns;
    showing_ = true;
    sort_->clear();
    for (const Sorting& sorting : kSortings) sort_->addItem(tr(sorting.text));
    sort_->addItems(columns_);
    if (filterPanel_) filterPanel_->setChoices(choices);
    showing_ = false;
    if (show_) showQuery();
}

void GalleryBar::chooseSorting(int at) {
    if (showing_ || at < 0) return;
    ParticleQuery query = query_;
    const auto place = static_cast<std::size_t>(at);
    if (place < kSortings.size()) {
        query.sort = kSortings[place].key;
        query.sortColumn.clear();
        query.descending = kSortings[place].descending;
    } else {
        query.sort = SortKey::Column;
        query.sortColumn = columns_[at - static_cast<int>(kSortings.size())].toStdString();
        query.descending = false;
    }
    change(query);
}

void GalleryBar::change(const ParticleQuery& query) {
    setQuery(query);
    Q_EMIT queryChanged(query_);
}

void GalleryBar::setQuery(const ParticleQuery& query) {
    query_ = query;
    showQuery();
}

void GalleryBar::showQuery() {
    showing_ = true;
    const bool next = query_.state == LabelState::Unlabelled && query_.sort == SortKey::LabelNext;
    next_->setChecked(next);
    unlabelled_->setChecked(query_.state == LabelState::Unlabelled && !next);
    disagree_->setChecked(query_.disagreeing);
    junk_->setChecked(query_.state == LabelState::Junk);
    const auto sorting = std::find_if(kSortings.begin(), kSortings.end(),
                                      [this](const Sorting& entry) { return entry.key == query_.sort; });
    sort_->setCurrentIndex(sorting != kSortings.end()
                               ? static_cast<int>(sorting - kSortings.begin())
                               : static_cast<int>(kSortings.size() + columns_.indexOf(toQString(query_.sortColumn))));
    direction_->setText(query_.descending ? QStringLiteral("↓") : QStringLiteral("↑"));
    direction_->setAccessibleName(query_.descending ? tr("Largest first") : tr("Smallest first"));
    direction_->setEnabled(query_.sort != SortKey::LabelNext);
    filter_->setText(FilterPanel::narrows(query_) ? tr("Filter •") : tr("Filter"));
    filterPanel_->setQuery(query_);
    onlyPanel_->setVisible(query_.only != nullptr);
    only_->setText(toQString(query_.onlyTitle));
    showing_ = false;
}

void GalleryBar::changeLook(const TileLook& look) {
    const bool changed = look != look_;
    look_ = look;
    showLook();
    if (changed) Q_EMIT lookChanged(look_);
}

void GalleryBar::showLook() {
    showing_ = true;
    for (std::size_t i = 0; i < depths_.size(); ++i) depths_[i]->setChecked(static_cast<std::size_t>(look_.depth) == i);
    for (std::size_t i = 0; i < planes_.size(); ++i)
        planes_[i]->setChecked(static_cast<std::size_t>(look_.planes) == i);
    contrast_->setChecked(look_.commonContrast);
    slab_->setValue(look_.slab);
    const QString depth = look_.depth == TileLook::Depth::Slice  ? tr("slice")
                          : look_.depth == TileLook::Depth::Slab ? tr("slab %1").arg(look_.slab)
                                                                 : tr("projection");
    const std::array planes{QStringLiteral("XY"), QStringLiteral("XZ"), QStringLiteral("YZ"), tr("all")};
    show_->setText(depth + QStringLiteral(" · ") + planes[static_cast<std::size_t>(look_.planes)]);
    showing_ = false;
}

void GalleryBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    hint_->setVisible(event->size().width() >= kHintWidth);
}

}  // namespace tomoloupe
