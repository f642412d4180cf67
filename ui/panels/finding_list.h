#pragma once

#include <QStringList>
#include <QWidget>
#include <functional>
#include <vector>

#include "core/jobs/learning_checks.h"

class QGridLayout;

namespace tomoloupe {

/// What was found before a training starts: a tick, a warning or an error each, its sentence, and the button that mends it.
class FindingList : public QWidget {
    Q_OBJECT
  public:
    FindingList(const QString& name, QWidget* parent = nullptr);
    /// Only what the filter lets pass.
    void setFilter(std::function<bool(const Finding&)> filter) { filter_ = std::move(filter); }
    void setFindings(const std::vector<Finding>& findings);

  Q_SIGNALS:
    void fixWanted(const QString& option, const QString& value);

  private:
    void addRow(int row, const Finding& finding);

    QGridLayout* grid_;
    std::function<bool(const Finding&)> filter_;
    QString shown_;
};

}  // namespace tomoloupe
