#include "ui/panels/hand_picking.h"

#include <QAction>
#include <QActionGroup>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

HandPicking::HandPicking(ProjectModel& project, OrthogonalViews* views, QWidget* page)
    : QObject(page), project_(project), views_(views) {
    buildActions(page);
    connect(views_, &OrthogonalViews::pressed, this, &HandPicking::press);
    connect(views_, &OrthogonalViews::dragged, this, &HandPicking::drag);
    connect(views_, &OrthogonalViews::released, this, &HandPicking::release);
    connect(&project_, &ProjectModel::picksChanged, this, &HandPicking::picksChanged);
}

void HandPicking::buildActions(QWidget* page) {
    struct Spec {
        const char* name;
        QString text, help;
        Qt::Key key;
    };
    // Bare keys choose what a click does; none of them changes a pick.
    const std::array<Spec, ModeCount> specs{
        Spec{"actionNavigate", tr("Navigate"), tr("A click in a slice moves the crosshair"), Qt::Key_N},
        Spec{"actionPickByHand", tr("Pick"), tr("A click in a slice puts a pick there"), Qt::Key_P},
        Spec{"actionMovePicks", tr("Move"), tr("Picks are dragged to where they belong"), Qt::Key_G},
        Spec{"actionErasePicks", tr("Erase"), tr("A click on a pick removes it; Ctrl+Z brings it back"), Qt::Key_E}};
    auto* group = new QActionGroup(this);
    for (int mode = Navigate; mode < ModeCount; ++mode) {
        const Spec& spec = specs[static_cast<std::size_t>(mode)];
        auto* action = new QAction(spec.text, page);
        action->setObjectName(QString::fromLatin1(spec.name));
        action->setShortcut(spec.key);
        action->setWhatsThis(spec.help);
        action->setCheckable(true);
        group->addAction(action);
        page->addAction(action);
        connect(action, &QAction::triggered, this, [this, mode] { setMode(static_cast<Mode>(mode)); });
        actions_[static_cast<std::size_t>(mode)] = action;
    }
    actions_[Navigate]->setChecked(true);
}

void HandPicking::setMode(Mode mode) {
    actions_[mode]->setChecked(true);
    if (mode == mode_) return;
    mode_ = mode;
    drag_.reset();
    constexpr std::array kPointers{Qt::CrossCursor, Qt::CrossCursor, Qt::SizeAllCursor, Qt::PointingHandCursor};
    views_->setPointer(kPointers[mode]);
    views_->setLeftMovesCrosshair(mode == Navigate);
    showPicks();
    Q_EMIT modeChanged();
}

void HandPicking::setReady(bool ready) {
    ready_ = ready;
    drag_.reset();
    showPicks();
}

void HandPicking::setPossible(bool possible) {
    for (const Mode mode : {Pick, Move, Erase}) actions_[mode]->setEnabled(possible);
    if (!possible) setMode(Navigate);
}

void HandPicking::setSize(const PickSize& size) {
    size_ = size;
    showPicks();
}

void HandPicking::press(Plane plane, QPointF voxel) {
    if (!ready_ || mode_ == Navigate) return;
    if (mode_ == Pick) return addPickAt(plane, voxel);
    const HandPick* pick = pickAt(plane, voxel);
    if (!pick) {
        Q_EMIT missed(plane, voxel);
    } else if (mode_ == Erase) {
        project_.removePick(pick->id);
    } else {
        const PlanePoint at = projected(plane, pick->positionVoxels);
        drag_ = Drag{*pick, pick->positionVoxels, {at.u - voxel.x(), at.v - voxel.y()}};
        showPicks();
    }
}

void HandPicking::addPickAt(Plane plane, QPointF voxel) {
    const Vec3 position = lifted(plane, {voxel.x(), voxel.y()}, views_->position());
    if (!views_->contains(position)) {
        Q_EMIT outside();
        return;
    }
    project_.addPick(position);
    views_->setPosition(position);
}

void HandPicking::drag(Plane plane, QPointF voxel) {
    if (!drag_) return;
    const Vec3 position = lifted(plane, {voxel.x() + drag_->grip.u, voxel.y() + drag_->grip.v}, drag_->from);
    if (!views_->contains(position)) return;
    drag_->pick.positionVoxels = position;
    showPicks();
}

void HandPicking::release() {
    if (!drag_) return;
    const Drag done = *drag_;
    drag_.reset();
    const Vec3 to = done.pick.positionVoxels;
    if (to != done.from) project_.movePick(done.pick.id, to);
    showPicks();
}

void HandPicking::picksChanged() {
    const std::vector<HandPick>& picks = project_.picks();
    const auto dragged = [this](const HandPick& pick) { return pick.id == drag_->pick.id; };
    if (drag_ && std::none_of(picks.begin(), picks.end(), dragged)) drag_.reset();
    showPicks();
}

void HandPicking::showPicks() {
    std::vector<ParticleMark> marks;
    const QColor colour = accentColour(views_->palette());
    if (ready_) {
        for (const HandPick& pick : project_.picks()) {
            const bool dragged = drag_ && drag_->pick.id == pick.id;
            marks.push_back({dragged ? drag_->pick.positionVoxels : pick.positionVoxels, size_.radiusVoxels, colour,
                             dragged, true, size_.boxVoxels});
        }
    }
    views_->setPickMarks(std::move(marks));
}

const HandPick* HandPicking::pickAt(Plane plane, QPointF voxel) const {
    constexpr double kLeastPixels = 6;
    const double least = kLeastPixels / views_->view(plane)->viewport().pixelsPerVoxel;
    const HandPick* nearest = nullptr;
    double nearestDistance = 0;
    for (const HandPick& pick : project_.picks()) {
        const double across = std::abs(depthOf(plane, pick.positionVoxels) - depthOf(plane, views_->position()));
        if (across > std::max(size_.radiusVoxels, size_.boxVoxels / 2)) continue;
        const double cut = std::sqrt(std::max(0.0, size_.radiusVoxels * size_.radiusVoxels - across * across));
        const PlanePoint at = projected(plane, pick.positionVoxels);
        const double distance = std::hypot(at.u - voxel.x(), at.v - voxel.y());
        if (distance > std::max(cut, least) || (nearest && distance >= nearestDistance)) continue;
        nearest = &pick;
        nearestDistance = distance;
    }
    return nearest;
}

}  // namespace tomoloupe
