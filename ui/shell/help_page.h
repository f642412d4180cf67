#pragma once

#include <QPointer>
#include <QWidget>
#include <vector>

class QAction;
class QGridLayout;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace tomoloupe {

class ActionList;
class KeyButton;

/// Every action with its key, and what mouse and bare keys do on the pages; keys are changed here.
class HelpPage : public QWidget {
    Q_OBJECT
  public:
    explicit HelpPage(ActionList& actions, QWidget* parent = nullptr);

  Q_SIGNALS:
    void closeWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Row {
        QString words;  ///< that the search looks at
        std::vector<QWidget*> widgets;
    };
    struct Section {
        QWidget* box;
        std::vector<Row> rows;
    };
    void buildHead(QVBoxLayout* column);
    void rebuild();
    void addActions(QVBoxLayout* column);
    void addHands(QVBoxLayout* column);
    QGridLayout* addSection(QVBoxLayout* column, const QString& title);
    void addActionRow(QGridLayout* grid, QAction* action, const QString& help);
    void addHandsRow(QGridLayout* grid, const QString& keys, const QString& does);
    void changeKey(QAction* action, KeyButton* button, QLabel* note, const QKeySequence& key);
    void filter();

    ActionList& actions_;
    QLineEdit* search_ = nullptr;
    QWidget* content_ = nullptr;
    QLabel* nothing_ = nullptr;
    std::vector<Section> sections_;
};

}  // namespace tomoloupe
