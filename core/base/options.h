#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tomoloupe {

/// One field of an options struct, described once. JSON, command-line flags, forms in the window, range checks and
/// "unknown option" errors are all made from this description.
struct OptionField {
    using Reference = std::variant<bool*, int*, std::int64_t*, double*, std::string*, std::vector<std::string>*>;

    std::string name;  ///< kebab-case: the JSON key and the command-line flag ("label-fraction")
    Reference reference;
    std::string help;  ///< one sentence
    std::string unit = {};  ///< "Å", "epochs" ...; empty when the number has none
    double minimum = std::numeric_limits<double>::lowest();
    double maximum = std::numeric_limits<double>::max();
    std::vector<std::string> choices = {};  ///< for text: the only values allowed; empty: any
    bool advanced = false;  ///< forms fold these away
};

/// An options struct has `OptionFields describe()`: its fields, pointing into that very object.
using OptionFields = std::vector<OptionField>;

/// Appends `more` to `fields`, for structs made of structs.
void append(OptionFields& fields, OptionFields more);

/// Throws InvalidOptions, naming option, value and range, for the first field out of range.
void check(const OptionFields& fields);

[[nodiscard]] nlohmann::json toJson(const OptionFields& fields);

/// Sets the fields named in `json` (an object) and checks them. Unknown keys, wrong types and values out of range
/// throw InvalidOptions. Fields not named keep their value.
void fromJson(const OptionFields& fields, const nlohmann::json& json);

/// Sets one field from text as it stands on a command line or in a form; a list's items stand between commas. Throws
/// InvalidOptions.
void setFromText(const OptionField& field, std::string_view text);

[[nodiscard]] std::string toText(const OptionField& field);

}  // namespace tomoloupe
