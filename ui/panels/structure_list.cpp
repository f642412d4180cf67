#include "ui/panels/structure_list.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/bridge/text.h"

namespace tomoloupe {
namespace {

enum Column { Name, Mass, Diameter, ColumnCount };
constexpr int kNameRole = Qt::UserRole + 1;

/// "750 kDa", "2.7 MDa".
QString massText(double dalton) {
    if (!(dalton > 0)) return {};
    if (dalton >= 999.5e3) return QStringLiteral("%1 MDa").arg(dalton / 1e6, 0, 'f', 1);
    return QStringLiteral("%1 kDa").arg(dalton / 1e3, 0, 'f', 0);
}

}  // namespace

StructureList::StructureList(const QString& name, QWidget* parent) : QTreeWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Structures"));
    setColumnCount(ColumnCount);
    setHeaderLabels({tr("Structure"), tr("Mass"), tr("Diameter")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(QAbstractItemView::SingleSelection);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(Mass, QHeaderView::Fixed);
    header()->setSectionResizeMode(Diameter, QHeaderView::Fixed);
    header()->resizeSection(Mass, 66);
    header()->resizeSection(Diameter, 68);
    header()->setSectionsClickable(false);
    for (const int column : {Mass, Diameter})
        headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    connect(this, &QTreeWidget::itemChanged, this, &StructureList::tick);
}

void StructureList::setStructures(std::vector<StructureChoice> structures) {
    structures_ = std::move(structures);
    const std::vector<std::string> chosen = chosen_;
    const QSignalBlocker quiet(this);
    clear();
    for (const StructureChoice& choice : structures_) addRow(choice);
    setChosen(chosen);
}

const StructureChoice* StructureList::find(const std::string& name) const {
    const auto found = std::find_if(structures_.begin(), structures_.end(), [&](const StructureChoice& s) { return s.name == name; });
    return found == structures_.end() ? nullptr : &*found;
}

QString StructureList::titleOf(const std::string& name) const {
    const StructureChoice* choice = find(name);
    if (choice && !choice->title.empty()) return toQString(choice->title);
    return name.find('/') == std::string::npos ? toQString(name) : QFileInfo(toQString(name)).fileName();
}

void StructureList::addRow(const StructureChoice& choice) {
    auto* item = new QTreeWidgetItem(this);
    const QString title = titleOf(choice.name);
    item->setText(Name, title);
    item->setData(Name, kNameRole, toQString(choice.name));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(Name, Qt::Unchecked);
    item->setText(Mass, massText(choice.massDalton));
    if (choice.diameterAngstrom > 0) item->setText(Diameter, tr("%1 Å").arg(choice.diameterAngstrom, 0, 'f', 0));
    for (const int column : {Mass, Diameter}) item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    QString tip = choice.symmetry.empty() ? title : tr("%1 · symmetry %2").arg(title, toQString(choice.symmetry));
    if (!choice.source.empty()) tip += QChar('\n') + toQString(choice.source);
    for (const int column : {Name, Mass, Diameter}) item->setToolTip(column, tip);
}

void StructureList::setChosen(const std::vector<std::string>& names) {
    const QSignalBlocker quiet(this);
    chosen_ = names;
    for (const std::string& name : names) {
        bool listed = false;
        for (int row = 0; row < topLevelItemCount(); ++row)
            listed = listed || topLevelItem(row)->data(Name, kNameRole).toString().toStdString() == name;
        if (!listed) addRow({.name = name, .title = {}, .symmetry = {}, .massDalton = 0, .diameterAngstrom = 0, .source = name});
    }
    showTicks();
    for (int row = 0; row < topLevelItemCount(); ++row) {
        if (topLevelItem(row)->checkState(Name) != Qt::Checked) continue;
        return scrollToItem(topLevelItem(row), QAbstractItemView::PositionAtTop);
    }
}

void StructureList::showTicks() {
    for (int row = 0; row < topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = topLevelItem(row);
        const std::string name = item->data(Name, kNameRole).toString().toStdString();
        const bool ticked = std::find(chosen_.begin(), chosen_.end(), name) != chosen_.end();
        item->setCheckState(Name, ticked ? Qt::Checked : Qt::Unchecked);
    }
}

void StructureList::tick(QTreeWidgetItem* item) {
    const std::string name = item->data(Name, kNameRole).toString().toStdString();
    const bool ticked = item->checkState(Name) == Qt::Checked;
    const auto found = std::find(chosen_.begin(), chosen_.end(), name);
    if (ticked == (found != chosen_.end())) return;
    if (ticked) {
        chosen_.push_back(name);
    } else {
        chosen_.erase(found);
    }
    Q_EMIT chosenChanged();
}

void StructureList::addFile(const QString& file) {
    std::vector<std::string> names = chosen_;
    const std::string name = file.toStdString();
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    names.push_back(name);
    setChosen(names);
    scrollToBottom();
    Q_EMIT chosenChanged();
}

void StructureList::askForFile() {
    const QString file = QFileDialog::getOpenFileName(
        this, tr("A structure or a density map"), {},
        tr("Structures and maps (*.pdb *.ent *.cif *.mmcif *.pdb.gz *.cif.gz *.mrc *.map *.ccp4 *.mrc.gz *.map.gz);;All files (*)"));
    if (!file.isEmpty()) addFile(file);
}

}  // namespace tomoloupe
