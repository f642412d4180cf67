#pragma once

#include <QKeySequence>
#include <QObject>
#include <QPointer>
#include <QString>
#include <functional>
#include <optional>
#include <vector>

class QAction;
class QWidget;

namespace tomoloupe {

/// Everything the window and its pages can do by a key or by name: what the command field and the help page show. Keys
/// can be changed and are remembered. Owned by the window; GUI thread.
class ActionList : public QObject {
    Q_OBJECT
  public:
    /// What an action of the window is told.
    struct Spec {
        const char* name;  ///< object name, "actionUndo"
        QString text, group, help;
        QKeySequence key = {};
    };
    struct Entry {
        QPointer<QAction> action;  ///< of a page that is gone: none
        QString group, help;
        QKeySequence standardKey;
    };

    ActionList(QWidget* window, bool remember);

    /// An action of the window itself.
    QAction* add(const Spec& spec, const std::function<void()>& does);
    /// Takes in actions with an object name that stand anywhere in the window's tree and are not known yet. Their group
    /// is the property "group", else the page they belong to; their help is whatsThis, else a tool tip of their own.
    void collect();
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] QAction* find(const char* name) const;
    /// As text for people; empty where there is none.
    [[nodiscard]] static QString keyText(const QAction* action);

    /// Where keys that belong to classes of the project go; the sentence that says why not, else nothing. Such an action
    /// has the property "classId", and no key of the user's settings.
    using StoreClassKey = std::function<QString(std::int64_t classId, const QKeySequence& key)>;
    void setClassKeys(StoreClassKey store) { storeClassKey_ = std::move(store); }
    [[nodiscard]] static std::optional<std::int64_t> classOf(const QAction* action);
    /// Gives an action another key, or none. Where that cannot be, nothing changes, and the sentence that says why
    /// comes back.
    QString setKey(QAction* action, const QKeySequence& key);
    void setAllBack();
    [[nodiscard]] bool changedByHand(const QAction* action) const;

  Q_SIGNALS:
    void changed();

  private:
    void take(QAction* action, const QString& group, const QString& help);
    [[nodiscard]] QString objectionTo(const QAction* action, const QKeySequence& key) const;
    void remember(const Entry& entry) const;
    [[nodiscard]] const Entry* entryOf(const QAction* action) const;

    QWidget* window_;
    bool remember_;
    StoreClassKey storeClassKey_;
    std::vector<Entry> entries_;
};

}  // namespace tomoloupe
