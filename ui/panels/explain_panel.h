#pragma once

#include "ui/models/explain_wish.h"
#include "ui/models/workbench.h"
#include "ui/panels/side_panel.h"
#include "ui/render/colour_map.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;

namespace tomoloupe {

/// What is explained and how it is shown: the column beside the explain page's pictures.
class ExplainPanel : public SidePanel {
    Q_OBJECT
  public:
    explicit ExplainPanel(const Workbench& workbench, QWidget* parent = nullptr);

    /// Models, classes and layers there are; what was chosen stays chosen.
    void reload();
    void showParticle();
    [[nodiscard]] bool anyModel() const;
    [[nodiscard]] bool compares() const;
    /// Of the first or the second model.
    [[nodiscard]] ExplainWish wish(bool second = false) const;
    [[nodiscard]] HeatStyle heatStyle() const;
    [[nodiscard]] double levelSigmas() const;
    [[nodiscard]] bool heatCloud() const;
    void chooseModel(const QString& runId);
    /// `missing`: maps that the button would make; `pending`: they are being made.
    void showState(int missing, bool pending, bool anyHeat);
    void showCheck(const QString& sentence);

  Q_SIGNALS:
    void wishChanged();
    void lookChanged();
    void explainWanted();
    void saveMapWanted();
    void savePictureWanted();

  private:
    void addWhat();
    void addHow();
    void addLook();
    void addFoot();
    QComboBox* addBox(const QString& title, const char* name, const QString& help);
    QSlider* addSlider(const QString& title, const char* name, const QString& help, int low, int high, int value);
    void fillModels();
    void fillClasses();
    void fillLayers();
    void showKind();
    [[nodiscard]] std::string modelId(const QComboBox* box) const;

    Workbench bench_;
    QComboBox *what_ = nullptr, *model_ = nullptr, *second_ = nullptr, *class_ = nullptr, *method_ = nullptr,
              *layer_ = nullptr;
    QWidget* secondRow_ = nullptr;
    QSpinBox *particle_ = nullptr, *count_ = nullptr;
    QLabel *particleWords_ = nullptr, *check_ = nullptr;
    QWidget *particleRow_ = nullptr, *countRow_ = nullptr;
    QCheckBox *compare_ = nullptr, *sanity_ = nullptr, *cloud_ = nullptr;
    QSlider *opacity_ = nullptr, *threshold_ = nullptr, *level_ = nullptr;
    QPushButton *explain_ = nullptr, *saveMap_ = nullptr, *savePicture_ = nullptr;
    bool filling_ = false;
};

}  // namespace tomoloupe
