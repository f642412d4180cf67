#pragma once

#include <QStyledItemDelegate>

namespace tomoloupe {

class Navigator;

/// Draws the rows of the navigator, wide or folded to icons, and lets names of label sets be typed.
class NavigatorDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    explicit NavigatorDelegate(Navigator* owner);
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                        const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// Tells what was typed; the row is made anew when it is stored.
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;

  Q_SIGNALS:
    void renamed(const QString& name, const QString& newName) const;

  private:
    void paintSection(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintRow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintFolded(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintKey(QPainter& painter, const QRect& inner, const QString& key) const;
    void paintShare(QPainter& painter, const QRect& inner, double share, const QColor& colour) const;

    Navigator* owner_;
};

}  // namespace tomoloupe
