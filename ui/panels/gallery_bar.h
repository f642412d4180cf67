#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/models/particle_query.h"
#include "ui/models/tile_slice.h"
#include "ui/panels/filter_panel.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;

namespace tomoloupe {

/// The gallery's tool bar: what is listed, in which order, and how tiles look. What is needed less often opens below
/// it.
class GalleryBar : public QWidget {
    Q_OBJECT
  public:
    explicit GalleryBar(QWidget* parent = nullptr);

    /// `marked`: the second line is what keys act on.
    void setCounts(const QString& particles, const QString& labels, bool marked);
    /// Labels changed under the list: the button that asks anew.
    void setStale(bool stale);
    void setChoices(const FilterPanel::Choices& choices);
    /// Shows it, without a signal.
    void setQuery(const ParticleQuery& query);
    [[nodiscard]] const ParticleQuery& query() const { return query_; }
    [[nodiscard]] const TileLook& look() const { return look_; }
    [[nodiscard]] int tileSide() const;
    /// Rows instead of tiles.
    [[nodiscard]] bool listShown() const;
    // As if chosen by hand.
    void setLook(const TileLook& look) { changeLook(look); }
    void setTileSide(int pixels);
    void setList(bool list);

  Q_SIGNALS:
    void queryChanged(const tomoloupe::ParticleQuery& query);
    void askedAnew();
    void lookChanged(const tomoloupe::TileLook& look);
    void tileSideChanged(int pixels);
    void listWanted(bool list);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void buildFilters(QHBoxLayout* row);
    void buildSorting(QHBoxLayout* row);
    void buildLook(QHBoxLayout* row);
    QWidget* buildLookPanel();
    QWidget* buildOnlyPanel();
    /// One of a row of toggles that exclude each other.
    QPushButton* addQuick(QHBoxLayout* row, const QString& text, const char* name, const QString& help,
                          void (*apply)(ParticleQuery&));
    void change(const ParticleQuery& query);
    void chooseSorting(int at);
    void changeLook(const TileLook& look);
    void showQuery();
    void showLook();

    ParticleQuery query_;
    TileLook look_;
    QLabel *counts_ = nullptr, *hint_ = nullptr;
    QPushButton *anew_ = nullptr, *next_ = nullptr, *unlabelled_ = nullptr, *disagree_ = nullptr, *junk_ = nullptr;
    QPushButton *direction_ = nullptr, *filter_ = nullptr, *show_ = nullptr, *contrast_ = nullptr, *list_ = nullptr;
    QComboBox* sort_ = nullptr;
    QSlider* size_ = nullptr;
    QSpinBox* slab_ = nullptr;
    std::vector<QPushButton*> depths_, planes_;
    QLabel* only_ = nullptr;
    QWidget *lookPanel_ = nullptr, *onlyPanel_ = nullptr;
    FilterPanel* filterPanel_ = nullptr;
    QStringList columns_;
    bool showing_ = false;
};

}  // namespace tomoloupe
