#include "ui/bridge/option_model.h"

#include <cmath>

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace tomoloupe {

OptionModel::Kind OptionModel::kind(int field) const {
    const OptionField& option = at(field);
    if (std::holds_alternative<bool*>(option.reference)) return Kind::Flag;
    if (std::holds_alternative<std::vector<std::string>*>(option.reference)) return Kind::Text;
    if (!std::holds_alternative<std::string*>(option.reference)) return Kind::Number;
    return option.choices.empty() ? Kind::Text : Kind::Choice;
}

QString OptionModel::name(int field) const {
    return toQString(at(field).name);
}

QString OptionModel::label(int field) const {
    QString words = name(field).replace('-', ' ');
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

QString OptionModel::unit(int field) const {
    return toQString(at(field).unit);
}

QString OptionModel::help(int field) const {
    const OptionField& option = at(field);
    QString help = toQString(option.help) + '.';
    const bool bounded =
        kind(field) == Kind::Number && std::abs(option.minimum) < 1e12 && std::abs(option.maximum) < 1e12;
    if (bounded)
        help += QStringLiteral("\n%1 – %2 %3").arg(option.minimum).arg(option.maximum).arg(unit(field)).trimmed();
    return help;
}

QStringList OptionModel::choices(int field) const {
    QStringList choices;
    for (const std::string& choice : at(field).choices) choices.append(toQString(choice));
    return choices;
}

QString OptionModel::text(int field) const {
    return toQString(toText(at(field)));
}

QString OptionModel::setText(int field, const QString& text) {
    try {
        setFromText(at(field), text.trimmed().toStdString());
        return {};
    } catch (const Error& error) {
        return toQString(error.what());
    }
}

}  // namespace tomoloupe
