#pragma once

#include <QStringList>
#include <QWidget>

class QAbstractButton;
class QButtonGroup;

namespace tomoloupe {

/// The strip of pages at the left.
class Rail : public QWidget {
    Q_OBJECT
  public:
    struct Page {
        QString name;        ///< "gallery": object name and icon
        QString title;       ///< what it is called
        bool apart = false;  ///< begins a group of its own
    };
    explicit Rail(const QList<Page>& pages, QWidget* parent = nullptr);
    void setCurrent(int page);
    void setToolTip(int page, const QString& text);

  Q_SIGNALS:
    void chosen(int page);

  private:
    class Button;
    QButtonGroup* group_;
};

}  // namespace tomoloupe
