#include "ui/panels/averages_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPixmap>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>

#include "core/data/class_average.h"
#include "core/io/mrc_writer.h"
#include "core/volume/statistics.h"
#include "ui/bridge/text.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/parts.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kMost = 1000;  // particles of a mean: more take long and look no different
enum Basis { Predicted, Labelled };

/// Spread evenly over the class.
std::vector<std::int64_t> thinned(const std::vector<std::int64_t>& members) {
    if (members.size() <= kMost) return members;
    std::vector<std::int64_t> chosen;
    for (std::size_t i = 0; i < kMost; ++i) chosen.push_back(members[i * members.size() / kMost]);
    return chosen;
}

bool knowsPoses(const std::vector<Particle>& particles) {
    return std::any_of(particles.begin(), particles.end(), [](const Particle& particle) {
        const Rotation& r = particle.tomogramFromParticle;
        return r.x != 0 || r.y != 0 || r.z != 0;
    });
}

}  // namespace

AveragesPanel::AveragesPanel(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), views_(new OrthogonalViews(QStringLiteral("averageViews"), this)) {
    setObjectName(QStringLiteral("averagesPanel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildSide());
    row->addWidget(views_, 1);
    views_->surface()->setCaption(tr("Surface · drag to turn"));
    connect(views_, &OrthogonalViews::sliceWanted, this, [this](Plane plane, std::int64_t index) {
        if (!volume_.empty()) views_->setSlice(plane, index, sliceOf(volume_, plane, index));
    });
}

QWidget* AveragesPanel::buildSide() {
    auto* side = new QWidget(this);
    side->setProperty("role", QStringLiteral("page"));
    side->setFixedWidth(232);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(16, 12, 12, 12);
    column->setSpacing(8);
    basis_ = new QComboBox(side);
    basis_->setObjectName(QStringLiteral("averageBasis"));
    basis_->setAccessibleName(tr("Members of the class"));
    basis_->setToolTip(tr("Which particles are averaged"));
    basis_->addItems({tr("predicted as"), tr("labelled as")});
    classes_ = new QListWidget(side);
    classes_->setObjectName(QStringLiteral("averageClasses"));
    classes_->setAccessibleName(tr("Class"));
    classes_->setToolTip(tr("The class whose mean is shown"));
    classes_->setFrameShape(QFrame::NoFrame);
    classes_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    classes_->setTextElideMode(Qt::ElideMiddle);
    words_ = makeLabel({}, "muted", side);
    words_->setObjectName(QStringLiteral("averageWords"));
    words_->setWordWrap(true);
    level_ = new QSlider(Qt::Horizontal, side);
    level_->setObjectName(QStringLiteral("averageLevel"));
    level_->setAccessibleName(tr("Level of the surface"));
    level_->setToolTip(tr("Density at which the surface lies"));
    level_->setRange(0, 100);
    level_->setValue(40);
    gallery_ = makeButton(tr("Show in gallery"), "averageToGallery", side);
    gallery_->setToolTip(tr("The particles of the mean as tiles"));
    save_ = makeButton(tr("Save as MRC…"), "averageSave", side);
    save_->setToolTip(tr("The mean as a volume"));
    column->addWidget(basis_);
    column->addWidget(classes_, 1);
    column->addWidget(words_);
    column->addWidget(makeLabel(tr("Level of the surface"), "muted", side));
    column->addWidget(level_);
    column->addWidget(gallery_);
    column->addWidget(save_);
    connect(basis_, &QComboBox::currentIndexChanged, this, &AveragesPanel::fillClasses);
    connect(classes_, &QListWidget::currentRowChanged, this, &AveragesPanel::average);
    connect(level_, &QSlider::valueChanged, this, &AveragesPanel::applyLevel);
    connect(save_, &QPushButton::clicked, this, &AveragesPanel::save);
    connect(gallery_, &QPushButton::clicked, this, [this] {
        Q_EMIT galleryWanted(
            tr("%1 %2").arg(basis_->currentText(), classes_->currentItem()->data(Qt::UserRole).toString()), members());
    });
    return side;
}

void AveragesPanel::setResult(const std::shared_ptr<const JudgedResult>& result) {
    result_ = result;
    fillClasses();
}

std::vector<std::int64_t> AveragesPanel::membersOf(int place) const {
    std::vector<std::int64_t> found;
    if (!result_ || place < 0) return found;
    const std::vector<int>& answers = basis_->currentIndex() == Predicted ? result_->predicted : result_->truth;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i] == place) found.push_back(result_->particles[i]);
    }
    return found;
}

std::vector<std::int64_t> AveragesPanel::members() const {
    return membersOf(classes_->currentRow());
}

void AveragesPanel::fillClasses() {
    const QString kept = classes_->currentItem() ? classes_->currentItem()->data(Qt::UserRole).toString() : QString();
    {
        const QSignalBlocker quiet(classes_);
        classes_->clear();
        int current = 0;
        for (std::size_t c = 0; result_ && c < result_->classNames.size(); ++c) {
            const QString name = toQString(result_->classNames[c]);
            QPixmap mark(10, 10);
            mark.fill(QColor(bench_.project.classColour(result_->classIds[c])));
            auto* item = new QListWidgetItem(
                QIcon(mark), tr("%1 · %2").arg(name, QLocale().toString(qlonglong(membersOf(int(c)).size()))),
                classes_);
            item->setData(Qt::UserRole, name);
            item->setToolTip(name);
            if (name == kept) current = static_cast<int>(c);
        }
        classes_->setCurrentRow(result_ && !result_->classNames.empty() ? current : -1);
    }
    average();
}

void AveragesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_) average();
}

void AveragesPanel::average() {
    stale_ = !isVisible();
    if (stale_) return;
    const auto set = bench_.project.sharedSet();
    const std::vector<std::int64_t> all = members();
    gallery_->setEnabled(!all.empty());
    save_->setEnabled(false);
    if (!set || !set->source || all.empty()) {
        words_->setText(!set || !set->source
                            ? tr("Nothing was extracted for this set yet: there is nothing to average.")
                            : tr("No particle here is of this class."));
        volume_ = {};
        views_->surface()->setVolume({});
        for (const Plane plane : {Plane::XY, Plane::XZ, Plane::YZ}) views_->setMessage(plane, {});
        return;
    }
    std::vector<std::int64_t> chosen = thinned(all);
    const QString count =
        chosen.size() == all.size()
            ? tr("Mean of %1 particles").arg(QLocale().toString(qlonglong(all.size())))
            : tr("Mean of %1 of %2 particles").arg(chosen.size()).arg(QLocale().toString(qlonglong(all.size())));
    const QString poses = knowsPoses(set->particles())
                              ? tr("turned by their poses")
                              : tr("as they lie: the set knows no poses, so that only what is round stays sharp");
    words_->setText(tr("averaging…"));
    bench_.previewQueue.post(
        this, [set, chosen = std::move(chosen)] { return classAverage(*set->source, set->particles(), chosen); },
        [this, words = count + QStringLiteral(", ") + poses + QStringLiteral(".")](const Volume& volume) {
            words_->setText(words);
            showAverage(volume);
        },
        [this](const QString& sentence) { words_->setText(sentence); }, latest_);
}

void AveragesPanel::showAverage(const Volume& volume) {
    volume_ = volume;
    save_->setEnabled(true);
    const ContrastRange range = contrastRange(volume.voxels());
    views_->setContrast(range.low, range.high);
    const SetContents* set = bench_.project.set();
    const bool sized = set && set->record.voxelSizeAngstrom > 0;
    views_->setVolumeShape(volume.shape(), sized ? set->record.voxelSizeAngstrom : volume.voxelSizeAngstrom());
    views_->surface()->setVolume(volume);
    applyLevel();
}

void AveragesPanel::applyLevel() {
    views_->surface()->setLevel(views_->surface()->scale().level(level_->value() / 20.0));
}

void AveragesPanel::save() {
    const QString name = classes_->currentItem() ? classes_->currentItem()->data(Qt::UserRole).toString() : QString();
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the mean"), name + QStringLiteral(".mrc"),
                                                      tr("MRC volumes (*.mrc)"));
    if (file.isEmpty()) return;
    bench_.io.post(
        this,
        [volume = volume_, path = file.toStdString()] {
            writeMrc(path, volume, "Tomoloupe: mean of one class");
            return true;
        },
        [this, file](bool) { words_->setText(tr("Saved as %1").arg(file)); },
        [this](const QString& sentence) { words_->setText(sentence); });
}

}  // namespace tomoloupe
