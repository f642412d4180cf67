#include "ui/panels/map_side.h"

#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/panels/colour_bar.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kCategoryRole = Qt::UserRole + 1;
constexpr int kSwatch = 12;

/// Swatch, name, count.
class LegendDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) painter->fillRect(option.rect, raisedColour(option.palette));
        const QRect row = option.rect.adjusted(8, 0, -8, 0);
        const QIcon icon = index.data(Qt::DecorationRole).value<QIcon>();
        icon.paint(painter, QRect(row.left(), row.center().y() - kSwatch / 2, kSwatch, kSwatch));
        const QString count = index.siblingAtColumn(1).data().toString();
        const int countWidth = option.fontMetrics.horizontalAdvance(count);
        painter->setPen(mutedColour(option.palette));
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, count);
        const QRect words = row.adjusted(kSwatch + 8, 0, -countWidth - 8, 0);
        painter->setPen(textColour(option.palette));
        painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter, option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {80, 24}; }
};

}  // namespace

MapSide::MapSide(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("mapSide"));
    setProperty("role", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(232);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    buildColours(column);
    buildGroups(column);
    buildNeighbours(column);
    showMethod();
    showGroupTools();
}

void MapSide::buildColours(QVBoxLayout* column) {
    column->addWidget(makeLabel(tr("Colour by"), "muted", this));
    colour_ = new QComboBox(this);
    colour_->setObjectName(QStringLiteral("mapColour"));
    colour_->setAccessibleName(tr("Colour by"));
    colour_->setToolTip(tr("What the colours of the points say"));
    column->addWidget(colour_);
    legend_ = new QTreeWidget(this);
    legend_->setObjectName(QStringLiteral("mapLegend"));
    legend_->setAccessibleName(tr("Legend"));
    legend_->setToolTip(tr("Click: selects these particles; with Shift they are added, with Ctrl taken away"));
    legend_->setColumnCount(2);
    legend_->setHeaderHidden(true);
    legend_->setRootIsDecorated(false);
    legend_->setUniformRowHeights(true);
    legend_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    legend_->setSelectionMode(QAbstractItemView::SingleSelection);
    legend_->setIconSize({kSwatch, kSwatch});
    legend_->setItemDelegate(new LegendDelegate(legend_));
    legend_->setColumnHidden(1, true);  // the delegate writes the count beside the name
    legend_->setIndentation(0);
    legend_->setMouseTracking(true);
    legend_->header()->setStretchLastSection(false);
    legend_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    legend_->setMinimumHeight(96);
    column->addWidget(legend_, 1);
    bar_ = new ColourBar(QStringLiteral("mapColourBar"), this);
    bar_->setAccessibleName(tr("Colours of the values"));
    bar_->hide();
    column->addWidget(bar_);
    note_ = makeLabel({}, "muted", this);
    note_->setObjectName(QStringLiteral("mapColourNote"));
    note_->setWordWrap(true);
    note_->hide();
    column->addWidget(note_);
    setColumns({});
    connect(colour_, &QComboBox::activated, this, &MapSide::colourChanged);
    connect(legend_, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item) {
        const int category = item->data(0, kCategoryRole).toInt();
        if (colour() == MapColour::Group) chosen_ = category;
        showGroupTools();
        const Qt::KeyboardModifiers keys = QGuiApplication::keyboardModifiers();
        Q_EMIT categoryChosen(category, keys & Qt::ShiftModifier     ? MapView::Change::Add
                                        : keys & Qt::ControlModifier ? MapView::Change::Remove
                                                                     : MapView::Change::Replace);
    });
}

void MapSide::buildGroups(QVBoxLayout* column) {
    column->addSpacing(4);
    column->addWidget(makeLabel(tr("Groups"), "heading", this));
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    method_ = new QComboBox(this);
    method_->setObjectName(QStringLiteral("mapGroupMethod"));
    method_->setAccessibleName(tr("How groups are found"));
    method_->addItem(tr("k-means"), int(MapGroups::Method::KMeans));
    method_->addItem(tr("HDBSCAN"), int(MapGroups::Method::Hdbscan));
    method_->setToolTip(tr("k-means: so many groups of the embedding. HDBSCAN: dense places of the map; what lies between them is in none"));
    const auto spin = [this](const char* name, int from, int to, int value) {
        auto* box = new QSpinBox(this);
        box->setObjectName(QString::fromLatin1(name));
        box->setRange(from, to);
        box->setValue(value);
        box->setMinimumWidth(52);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        return box;
    };
    number_ = spin("mapGroupNumber", 2, kMostCategories, 5);
    number_->setAccessibleName(tr("Number of groups"));
    number_->setToolTip(tr("Number of groups"));
    minimum_ = spin("mapGroupMinimum", 2, 100000, 15);
    minimum_->setAccessibleName(tr("Least size of a group"));
    minimum_->setToolTip(tr("Least size of a group"));
    find_ = makeButton(tr("Find"), "mapGroupFind", this);
    find_->setProperty("density", QStringLiteral("compact"));
    find_->setToolTip(tr("Finds groups and colours the map by them"));
    row->addWidget(method_, 1);
    row->addWidget(number_);
    row->addWidget(minimum_);
    row->addWidget(find_);
    column->addLayout(row);
    groupNote_ = makeLabel({}, "muted", this);
    groupNote_->setObjectName(QStringLiteral("mapGroupNote"));
    groupNote_->setWordWrap(true);
    column->addWidget(groupNote_);
    auto* naming = new QHBoxLayout;
    naming->setSpacing(4);
    name_ = new QLineEdit(this);
    name_->setObjectName(QStringLiteral("mapGroupName"));
    name_->setAccessibleName(tr("Class of the group"));
    name_->setToolTip(tr("Name of the class that this group becomes; made where there is none"));
    label_ = makeButton(tr("Label"), "mapGroupLabel", this);
    label_->setProperty("density", QStringLiteral("compact"));
    label_->setToolTip(tr("Gives this class to the particles of the group that have no label; one step for undo"));
    naming->addWidget(name_, 1);
    naming->addWidget(label_);
    column->addLayout(naming);
    labelAll_ = makeButton(tr("Each group a class"), "mapGroupLabelAll", this);
    labelAll_->setToolTip(tr("Makes a class of every group for the particles that have no label; one step for undo"));
    column->addWidget(labelAll_);
    connect(method_, &QComboBox::activated, this, &MapSide::showMethod);
    connect(find_, &QPushButton::clicked, this, [this] {
        Q_EMIT groupsWanted(method(), method() == MapGroups::Method::KMeans ? number_->value() : minimum_->value());
    });
    const auto label = [this] {
        if (chosen_ >= 0 && !name_->text().trimmed().isEmpty()) Q_EMIT groupLabelWanted(chosen_, name_->text().trimmed());
    };
    connect(label_, &QPushButton::clicked, this, label);
    connect(name_, &QLineEdit::returnPressed, this, label);
    connect(name_, &QLineEdit::textChanged, this, &MapSide::showGroupTools);
    connect(labelAll_, &QPushButton::clicked, this, &MapSide::allGroupsLabelWanted);
}

void MapSide::buildNeighbours(QVBoxLayout* column) {
    column->addSpacing(4);
    column->addWidget(makeLabel(tr("Neighbours"), "heading", this));
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    neighbours_ = new QSpinBox(this);
    neighbours_->setObjectName(QStringLiteral("mapNeighbourCount"));
    neighbours_->setAccessibleName(tr("Number of neighbours"));
    neighbours_->setToolTip(tr("Number of neighbours"));
    neighbours_->setRange(1, 10000);
    neighbours_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    neighbours_->setValue(20);
    QPushButton* select = makeButton(tr("Select (N)"), "mapNeighbours", this);
    select->setToolTip(tr("Selects the particles that are nearest to the current one in the embedding"));
    row->addWidget(neighbours_);
    row->addWidget(select, 1);
    column->addLayout(row);
    connect(select, &QPushButton::clicked, this, [this] { Q_EMIT neighboursWanted(neighbours_->value()); });
}

int MapSide::neighbours() const { return neighbours_->value(); }

MapGroups::Method MapSide::method() const { return static_cast<MapGroups::Method>(method_->currentData().toInt()); }

void MapSide::showMethod() {
    number_->setVisible(method() == MapGroups::Method::KMeans);
    minimum_->setVisible(method() == MapGroups::Method::Hdbscan);
}

void MapSide::setColumns(const QStringList& columns) {
    const MapColour before = colour_->count() > 0 ? colour() : MapColour::Class;
    const QString beforeColumn = column();
    const QSignalBlocker quiet(colour_);
    colour_->clear();
    const std::pair<MapColour, QString> fixed[] = {
        {MapColour::Class, tr("Class")},       {MapColour::Prediction, tr("Prediction")}, {MapColour::Confidence, tr("Confidence")},
        {MapColour::Tomogram, tr("Tomogram")}, {MapColour::Score, tr("Score")},           {MapColour::Group, tr("Group")}};
    for (const auto& [value, text] : fixed) colour_->addItem(text, int(value));
    if (!columns.isEmpty()) colour_->insertSeparator(colour_->count());
    for (const QString& name : columns) colour_->addItem(name, int(MapColour::Column));
    const int same = before == MapColour::Column ? colour_->findText(beforeColumn) : colour_->findData(int(before));
    colour_->setCurrentIndex(std::max(0, same));
}

MapColour MapSide::colour() const { return static_cast<MapColour>(colour_->currentData().toInt()); }

QString MapSide::column() const { return colour_->count() > 0 && colour() == MapColour::Column ? colour_->currentText() : QString(); }

void MapSide::setColour(MapColour colour) {
    colour_->setCurrentIndex(colour_->findData(int(colour)));
    Q_EMIT colourChanged();
}

void MapSide::setColouring(const MapColouring& colouring, const std::vector<PointStyle>& styles, const QColor& plain) {
    const QLocale locale;
    legend_->clear();
    QList<QTreeWidgetItem*> items;
    std::int64_t counted = 0;
    const auto add = [&](int category, const QString& name, std::int64_t count, const PointStyle& style) {
        auto* item = new QTreeWidgetItem({name, locale.toString(qlonglong(count))});
        item->setIcon(0, QIcon(QPixmap::fromImage(MapCanvas::swatch(style, kSwatch, devicePixelRatioF()))));
        item->setToolTip(0, name);
        item->setData(0, kCategoryRole, category);
        items.append(item);
    };
    for (std::size_t c = 0; c < colouring.categories.size() && c < styles.size(); ++c) {
        counted += colouring.categories[c].count;
        add(static_cast<int>(c), colouring.categories[c].name, colouring.categories[c].count, styles[c]);
    }
    const auto none = static_cast<std::int64_t>(colouring.category.size()) - counted;
    if (none > 0) {
        const bool labels = colour() == MapColour::Class;
        add(-1, labels ? tr("no label") : colour() == MapColour::Group ? tr("between groups") : tr("none"), none, {plain, 0});
    }
    legend_->addTopLevelItems(items);
    legend_->setVisible(!colouring.continuous());
    bar_->setVisible(colouring.continuous());
    bar_->setEnds(colouring.low, colouring.high);
    chosen_ = -1;
    showGroupTools();
}

void MapSide::setRamp(const std::vector<QColor>& ramp) { bar_->setRamp(ramp); }

void MapSide::setNote(const QString& sentence) {
    note_->setText(sentence);
    note_->setVisible(!sentence.isEmpty());
}

void MapSide::setBusy(bool busy) {
    find_->setEnabled(!busy);
    find_->setText(busy ? tr("Finding…") : tr("Find"));
}

void MapSide::setGroups(int count, std::int64_t between) {
    groups_ = count;
    const QLocale locale;
    groupNote_->setText(count == 0 && between == 0 ? tr("Particles that lie together may be one class.")
                        : count == 0               ? tr("No groups; try a smaller size.")
                        : between > 0 ? tr("%n groups, %1 particles in none.", nullptr, count).arg(locale.toString(qlonglong(between)))
                                      : tr("%n groups; click one in the legend.", nullptr, count));
    showGroupTools();
}

void MapSide::showGroupTools() {
    const bool found = groups_ > 0;
    name_->setVisible(found);
    label_->setVisible(found);
    labelAll_->setVisible(found);
    name_->setEnabled(chosen_ >= 0);
    name_->setPlaceholderText(chosen_ >= 0 ? tr("class of group %1").arg(chosen_ + 1) : tr("choose a group above"));
    label_->setEnabled(chosen_ >= 0 && !name_->text().trimmed().isEmpty());
}

}  // namespace tomoloupe
