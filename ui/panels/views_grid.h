#pragma once

#include <QImage>
#include <QWidget>
#include <vector>

namespace tomoloupe {

/// A particle and, beside it, the views that a network sees of it: slices through the middle.
class ViewsGrid : public QWidget {
    Q_OBJECT
  public:
    explicit ViewsGrid(const QString& name, QWidget* parent = nullptr);
    /// The first is the particle itself; empty: the words are shown in its place.
    void setPictures(std::vector<QImage> pictures);
    void setWords(const QString& words);
    [[nodiscard]] int count() const { return static_cast<int>(pictures_.size()); }
    [[nodiscard]] const std::vector<QImage>& pictures() const { return pictures_; }
    [[nodiscard]] QSize sizeHint() const override { return {480, 320}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<QImage> pictures_;
    QString words_;
};

}  // namespace tomoloupe
