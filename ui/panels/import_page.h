#pragma once

#include <QWidget>
#include <filesystem>
#include <memory>

#include "ui/models/list_preview.h"
#include "ui/models/tomogram_model.h"
#include "ui/models/workbench.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace tomoloupe {

class OrthogonalViews;
class SidePanel;

/// A particle list before it is taken: its positions over the tomogram, with the numbers that may be told wrongly. It
/// changes nothing in the project; who made it acts on importWanted().
class ImportPage : public QWidget {
    Q_OBJECT
  public:
    ImportPage(const Workbench& workbench, const std::filesystem::path& file, QWidget* parent = nullptr);
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] ListImportOptions options() const;
    [[nodiscard]] QString setName() const;

  Q_SIGNALS:
    void importWanted();
    void cancelled();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void buildForm(SidePanel* panel);
    void addRow(QVBoxLayout* form, const QString& name, QWidget* field, const QString& help);
    void read();
    /// Takes up what the file tells, once.
    void showTold(const ListPreview& preview);
    void compute();
    void showPreview(const ListPreview& preview);
    void showCounts();
    void fillTomograms();
    void showTomogram();
    void showMarks();
    void showProblem(const QString& sentence);

    Workbench bench_;
    std::filesystem::path file_;
    std::shared_ptr<const StarFile> star_;
    ListPreview preview_;
    TomogramModel tomogram_;
    Latest latest_ = makeLatest();
    bool told_ = false;
    OrthogonalViews* views_;
    QLabel* message_;  // over the views' place while there is nothing to show
    QLineEdit* name_;
    QComboBox* liesIn_;
    QComboBox* shown_;
    QLabel* means_;
    QDoubleSpinBox* pixelSize_;
    QDoubleSpinBox* binning_;
    QComboBox* origin_;
    QLabel* counts_;
    QLabel* unknown_;
    QLabel* warnings_;
    QPushButton* import_;
};

}  // namespace tomoloupe
