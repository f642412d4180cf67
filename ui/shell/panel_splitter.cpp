#include "ui/shell/panel_splitter.h"

#include <QSettings>
#include <algorithm>

#include "ui/panels/navigator.h"

namespace tomoloupe {
namespace {

constexpr int kFoldWidth = 1280;  // of the window: up to here the navigator shows icons only
constexpr int kFoldAt = 120;      // dragged narrower than this it folds, wider it unfolds
constexpr int kNavigatorWidth = 232, kNavigatorMost = 480;
constexpr int kSideWidth = 300, kSideLeast = 240, kSideMost = 640;

}  // namespace

PanelSplitter::PanelSplitter(Navigator* navigator, QWidget* pages, QWidget* side, bool remember, QWidget* parent)
    : QSplitter(Qt::Horizontal, parent),
      navigator_(navigator),
      side_(side),
      remember_(remember),
      navigatorWidth_(kNavigatorWidth),
      sideWidth_(kSideWidth) {
    setObjectName(QStringLiteral("panels"));
    setHandleWidth(1);  // Qt lets a wider strip be grabbed
    setChildrenCollapsible(false);
    addWidget(navigator);
    addWidget(pages);
    addWidget(side);
    setStretchFactor(0, 0);
    setStretchFactor(1, 1);
    setStretchFactor(2, 0);
    navigator_->setMinimumWidth(Navigator::kFoldedWidth);
    navigator_->setMaximumWidth(kNavigatorMost);
    side_->setMinimumWidth(kSideLeast);
    side_->setMaximumWidth(kSideMost);
    if (remember_) {
        const QSettings settings;
        navigatorWidth_ = std::clamp(settings.value(QStringLiteral("navigatorWidth"), navigatorWidth_).toInt(), kFoldAt,
                                     kNavigatorMost);
        sideWidth_ = std::clamp(settings.value(QStringLiteral("sideWidth"), sideWidth_).toInt(), kSideLeast, kSideMost);
        foldedNarrow_ = settings.value(QStringLiteral("navigatorFoldedNarrow"), foldedNarrow_).toBool();
        foldedWide_ = settings.value(QStringLiteral("navigatorFoldedWide"), foldedWide_).toBool();
    }
    connect(this, &QSplitter::splitterMoved, this, [this](int, int handle) { dragged(handle); });
    connect(navigator_, &Navigator::foldWanted, this, &PanelSplitter::fold);
}

bool PanelSplitter::narrow() const {
    return window()->width() <= kFoldWidth;
}

void PanelSplitter::fold(bool folded) {
    (narrow() ? foldedNarrow_ : foldedWide_) = folded;
    place();
    store();
}

void PanelSplitter::place() {
    navigator_->setFolded(narrow() ? foldedNarrow_ : foldedWide_);
    const int left = navigator_->isHidden() ? 0 : navigator_->folded() ? Navigator::kFoldedWidth : navigatorWidth_;
    const int right = side_->isHidden() ? 0 : sideWidth_;
    setSizes({left, std::max(100, width() - left - right), right});
}

void PanelSplitter::dragged(int handle) {
    if (handle == 2) {
        sideWidth_ = sizes()[2];
        return store();
    }
    const int wide = sizes()[0];
    const bool folded = wide < kFoldAt;
    if (!folded) navigatorWidth_ = wide;
    (narrow() ? foldedNarrow_ : foldedWide_) = folded;
    if (folded || navigator_->folded()) place();
    store();
}

void PanelSplitter::store() const {
    if (!remember_) return;
    QSettings settings;
    settings.setValue(QStringLiteral("navigatorWidth"), navigatorWidth_);
    settings.setValue(QStringLiteral("sideWidth"), sideWidth_);
    settings.setValue(QStringLiteral("navigatorFoldedNarrow"), foldedNarrow_);
    settings.setValue(QStringLiteral("navigatorFoldedWide"), foldedWide_);
}

void PanelSplitter::resizeEvent(QResizeEvent* event) {
    QSplitter::resizeEvent(event);
    place();
}

void PanelSplitter::showEvent(QShowEvent* event) {
    QSplitter::showEvent(event);
    place();
}

}  // namespace tomoloupe
