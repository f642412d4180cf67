#include "core/base/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string rangeText(const OptionField& field) {
    const bool below = field.minimum > std::numeric_limits<double>::lowest();
    const bool above = field.maximum < std::numeric_limits<double>::max();
    const std::string unit = field.unit.empty() ? "" : " " + field.unit;
    if (below && above) return fmt::format("between {:g} and {:g}{}", field.minimum, field.maximum, unit);
    if (below) return fmt::format("at least {:g}{}", field.minimum, unit);
    return fmt::format("at most {:g}{}", field.maximum, unit);
}

void checkNumber(const OptionField& field, double value) {
    if (std::isnan(value) || value < field.minimum || value > field.maximum)
        throw InvalidOptions(fmt::format("Option {} is {:g}; it must be {}", field.name, value, rangeText(field)));
}

void checkText(const OptionField& field, const std::string& value) {
    if (field.choices.empty() || std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end())
        return;
    throw InvalidOptions(
        fmt::format("Option {} is \"{}\"; it must be one of: {}", field.name, value, fmt::join(field.choices, ", ")));
}

void checkField(const OptionField& field) {
    std::visit(Overloaded{[](const bool*) {}, [&](const std::string* text) { checkText(field, *text); },
                          [&](const auto* number) { checkNumber(field, static_cast<double>(*number)); }},
               field.reference);
}

[[noreturn]] void wrongType(const OptionField& field, std::string_view expected, std::string_view found) {
    throw InvalidOptions(fmt::format("Option {} needs {}, not {}", field.name, expected, found));
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

void setFromJson(const OptionField& field, const nlohmann::json& value) {
    std::visit(Overloaded{[&](bool* target) {
                              if (!value.is_boolean()) wrongType(field, "true or false", value.dump());
                              *target = value.get<bool>();
                          },
                          [&](std::string* target) {
                              if (!value.is_string()) wrongType(field, "text", value.dump());
                              *target = value.get<std::string>();
                          },
                          [&](double* target) {
                              if (!value.is_number()) wrongType(field, "a number", value.dump());
                              *target = value.get<double>();
                          },
                          [&](auto* target) {
                              if (!value.is_number_integer()) wrongType(field, "a whole number", value.dump());
                              checkNumber(field, value.get<double>());
                              *target = value.get<std::remove_reference_t<decltype(*target)>>();
                          }},
               field.reference);
    checkField(field);
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
        setFromJson(*found, value);
    }
}

void setFromText(const OptionField& field, std::string_view text) {
    std::visit(Overloaded{[&](bool* target) { *target = parseBool(field, text); },
                          [&](std::string* target) { *target = text; },
                          [&](double* target) { *target = parseNumber<double>(field, text, "a number"); },
                          [&](auto* target) {
                              using Whole = std::remove_reference_t<decltype(*target)>;
                              *target = parseNumber<Whole>(field, text, "a whole number");
                          }},
               field.reference);
    checkField(field);
}

std::string toText(const OptionField& field) {
    return std::visit([](const auto* value) { return fmt::format("{}", *value); }, field.reference);
}

}  // namespace tomoloupe
