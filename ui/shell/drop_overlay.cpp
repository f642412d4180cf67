#include "ui/shell/drop_overlay.h"

#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {

DropOverlay::DropOverlay(std::shared_ptr<const ReaderRegistry> readers, IoQueue& io, QWidget* window)
    : QWidget(window), readers_(std::move(readers)), io_(io) {
    setObjectName(QStringLiteral("dropOverlay"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(48, 48, 48, 48);
    words_ = makeLabel({}, "heading", this);
    words_->setAlignment(Qt::AlignCenter);
    words_->setWordWrap(true);
    column->addWidget(words_);
    hide();
}

std::vector<std::filesystem::path> DropOverlay::filesOf(const QMimeData* data) {
    std::vector<std::filesystem::path> paths;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile()) paths.emplace_back(url.toLocalFile().toStdString());
    }
    return paths;
}

QString DropOverlay::text() const {
    return words_->text();
}

void DropOverlay::enter(const std::vector<std::filesystem::path>& paths, bool projectOpen) {
    setGeometry(parentWidget()->rect());
    words_->setText(tr("Looking at what this is…"));
    files_.clear();
    looking_ = true;
    wanted_ = false;
    show();
    raise();
    io_.post(
        this, [readers = readers_, paths] { return lookAtDropped(paths, *readers); },
        [this, projectOpen](const std::vector<DroppedFile>& files) { looked(files, projectOpen); }, {}, latest_);
}

void DropOverlay::looked(const std::vector<DroppedFile>& files, bool projectOpen) {
    files_ = files;
    looking_ = false;
    words_->setText(dropPlan(files, projectOpen).join(QStringLiteral("\n\n")));
    if (wanted_) drop();
}

void DropOverlay::leave() {
    ++*latest_;  // what is still being looked at does not count any more
    looking_ = wanted_ = false;
    files_.clear();
    hide();
}

void DropOverlay::drop() {
    wanted_ = true;
    if (looking_) return;
    const std::vector<DroppedFile> files = files_;
    leave();
    Q_EMIT dropped(files);
}

void DropOverlay::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor behind = panelColour(palette());
    behind.setAlpha(225);
    painter.fillRect(rect(), behind);
    painter.setPen(QPen(accentColour(palette()), 2, Qt::DashLine));
    painter.drawRoundedRect(QRectF(rect()).adjusted(16, 16, -16, -16), 12, 12);
}

}  // namespace tomoloupe
