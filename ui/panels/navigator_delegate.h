#pragma once

#include <QStyledItemDelegate>

namespace tomoloupe {

class Navigator;

/// Draws the rows of the navigator, wide or folded to icons.
class NavigatorDelegate : public QStyledItemDelegate {
  public:
    explicit NavigatorDelegate(Navigator* owner);
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  private:
    void paintSection(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintRow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintFolded(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintKey(QPainter& painter, const QRect& inner, const QString& key) const;
    void paintShare(QPainter& painter, const QRect& inner, double share, const QColor& colour) const;

    Navigator* owner_;
};

}  // namespace tomoloupe
