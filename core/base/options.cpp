#include "core/base/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

std::string rangeText(const OptionField& field) {
    const bool below = field.minimum > std::numeric_limits<double>::lowest();
    const bool above = field.maximum < std::numeric_limits<double>::max();
    const std::string unit = field.unit.empty() ? "" : " " + field.unit;
    if (below && above) return fmt::format("between {:g} and {:g}{}", field.minimum, field.maximum, unit);
    if (below) return fmt::format("at least {:g}{}", field.minimum, unit);
    return fmt::format("at most {:g}{}", field.maximum, unit);
}

void checkNumber(const OptionField& field, double value) {
    if (!std::isfinite(value) || value < field.minimum || value > field.maximum)
        throw InvalidOptions(fmt::format("Option {} is {:g}; it must be {}", field.name, value, rangeText(field)));
}

void checkText(const OptionField& field, const std::string& value) {
    if (field.choices.empty() || std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end())
        return;
    throw InvalidOptions(
        fmt::format("Option {} is \"{}\"; it must be one of: {}", field.name, value, fmt::join(field.choices, ", ")));
}

using TextList = std::vector<std::string>;

// Checks a value before it is taken, so that a refused one leaves the option as it was.
template <typename Value>
void checkValue(const OptionField& field, const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>)
        checkText(field, value);
    else if constexpr (std::is_same_v<Value, TextList>)
        for (const std::string& item : value) checkText(field, item);
    else if constexpr (!std::is_same_v<Value, bool>)
        checkNumber(field, static_cast<double>(value));
}

void checkField(const OptionField& field) {
    std::visit([&](const auto* value) { checkValue(field, *value); }, field.reference);
}

[[noreturn]] void wrongType(const OptionField& field, std::string_view expected, std::string_view found) {
    throw InvalidOptions(fmt::format("Option {} needs {}, not {}", field.name, expected, found));
}

TextList listFrom(const OptionField& field, const nlohmann::json& value) {
    TextList items;
    if (!value.is_array()) wrongType(field, "a list of texts", value.dump());
    for (const nlohmann::json& item : value) {
        if (!item.is_string()) wrongType(field, "a list of texts", value.dump());
        items.push_back(item.get<std::string>());
    }
    return items;
}

TextList parseList(std::string_view text) {
    TextList items;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view item = text.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (!item.empty()) items.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

template <typename Number>
Number parseNumber(const OptionField& field, std::string_view text, std::string_view expected) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) wrongType(field, expected, fmt::format("\"{}\"", text));
    return value;
}

bool parseBool(const OptionField& field, std::string_view text) {
    if (text == "true" || text == "yes" || text == "on" || text == "1") return true;
    if (text == "false" || text == "no" || text == "off" || text == "0") return false;
    wrongType(field, "true or false", fmt::format("\"{}\"", text));
}

bool boolFrom(const OptionField& field, const nlohmann::json& value) {
    if (!value.is_boolean()) wrongType(field, "true or false", value.dump());
    return value.get<bool>();
}

template <typename Whole>
Whole wholeFrom(const OptionField& field, const nlohmann::json& value) {
    if (!value.is_number_integer()) wrongType(field, "a whole number", value.dump());
    checkNumber(field, value.get<double>());
    const bool beyondSigned = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(INT64_MAX);
    if (beyondSigned || value.get<std::int64_t>() < std::numeric_limits<Whole>::min() ||
        value.get<std::int64_t>() > std::numeric_limits<Whole>::max())
        wrongType(field, "a smaller number", value.dump());
    return value.get<Whole>();
}

template <typename Value>
void setFromJson(const OptionField& field, const nlohmann::json& json, Value& target) {
    Value value{};
    if constexpr (std::is_same_v<Value, bool>) {
        value = boolFrom(field, json);
    } else if constexpr (std::is_same_v<Value, std::string>) {
        if (!json.is_string()) wrongType(field, "text", json.dump());
        value = json.get<std::string>();
    } else if constexpr (std::is_same_v<Value, double>) {
        if (!json.is_number()) wrongType(field, "a number", json.dump());
        value = json.get<double>();
    } else if constexpr (std::is_same_v<Value, TextList>) {
        value = listFrom(field, json);
    } else {
        value = wholeFrom<Value>(field, json);
    }
    checkValue(field, value);
    target = std::move(value);
}

template <typename Value>
void setFromText(const OptionField& field, std::string_view text, Value& target) {
    Value value{};
    if constexpr (std::is_same_v<Value, bool>)
        value = parseBool(field, text);
    else if constexpr (std::is_same_v<Value, std::string>)
        value = text;
    else if constexpr (std::is_same_v<Value, TextList>)
        value = parseList(text);
    else
        value = parseNumber<Value>(field, text, std::is_same_v<Value, double> ? "a number" : "a whole number");
    checkValue(field, value);
    target = std::move(value);
}

}  // namespace

void append(OptionFields& fields, OptionFields more) {
    fields.insert(fields.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void check(const OptionFields& fields) { std::for_each(fields.begin(), fields.end(), checkField); }

nlohmann::json toJson(const OptionFields& fields) {
    nlohmann::json json = nlohmann::json::object();
    for (const OptionField& field : fields)
        std::visit([&](const auto* value) { json[field.name] = *value; }, field.reference);
    return json;
}

void fromJson(const OptionFields& fields, const nlohmann::json& json) {
    if (!json.is_object()) throw InvalidOptions("Options must be a JSON object of names and values");
    for (const auto& [name, value] : json.items()) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const OptionField& field) { return field.name == name; });
        if (found == fields.end()) throw InvalidOptions(fmt::format("Unknown option \"{}\"", name));
        std::visit([&, &json = value](auto* target) { setFromJson(*found, json, *target); }, found->reference);
    }
}

void setFromText(const OptionField& field, std::string_view text) {
    std::visit([&](auto* target) { setFromText(field, text, *target); }, field.reference);
}

std::string toText(const OptionField& field) {
    if (const auto* list = std::get_if<TextList*>(&field.reference)) return fmt::format("{}", fmt::join(**list, ", "));
    return std::visit([](const auto* value) { return fmt::format("{}", *value); }, field.reference);
}

}  // namespace tomoloupe
