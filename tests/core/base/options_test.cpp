#include "core/base/options.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using nlohmann::json;

namespace {

struct TestOptions {
    bool fast = false;
    int epochs = 10;
    std::int64_t seed = 1;
    double rate = 0.1;
    std::string method = "moco";
    OptionFields describe() {
        return {{.name = "fast", .reference = &fast, .help = "Hurry"},
                {.name = "epochs",
                 .reference = &epochs,
                 .help = "How long",
                 .unit = "epochs",
                 .minimum = 1,
                 .maximum = 100},
                {.name = "seed", .reference = &seed, .help = "Seed"},
                {.name = "rate", .reference = &rate, .help = "Rate", .minimum = 0},
                {.name = "method", .reference = &method, .help = "Which", .choices = {"moco", "swav"}}};
    }
};

std::string refusal(const json& value) {
    TestOptions options;
    try {
        fromJson(options.describe(), value);
    } catch (const InvalidOptions& error) {
        return error.what();
    }
    return "";
}

const OptionField& field(const OptionFields& fields, const std::string& name) {
    for (const OptionField& one : fields)
        if (one.name == name) return one;
    throw Error("no such field");
}

}  // namespace

TEST_CASE("options go through JSON and keep what is not named") {
    TestOptions options;
    fromJson(options.describe(),
             json{{"fast", true}, {"epochs", 20}, {"seed", 9007199254740993LL}, {"rate", 1}, {"method", "swav"}});
    CHECK(options.fast);
    CHECK(options.epochs == 20);
    CHECK(options.seed == 9007199254740993LL);
    CHECK(options.rate == 1);
    TestOptions copy;
    fromJson(copy.describe(), toJson(options.describe()));
    CHECK(toJson(copy.describe()) == toJson(options.describe()));
    fromJson(copy.describe(), json{{"epochs", 3}});
    CHECK(copy.method == "swav");
}

TEST_CASE("unknown names, wrong types and values out of range are told by name") {
    CHECK(refusal({{"epoch", 3}}).find("Unknown option \"epoch\"") != std::string::npos);
    CHECK(refusal({{"epochs", 0}}).find("epochs is 0; it must be between 1 and 100 epochs") != std::string::npos);
    CHECK(refusal({{"epochs", 2.5}}).find("a whole number") != std::string::npos);
    CHECK(refusal({{"epochs", "3"}}).find("a whole number") != std::string::npos);
    CHECK(refusal({{"epochs", 1e300}}).find("epochs") != std::string::npos);
    CHECK(refusal({{"epochs", 4294967297LL}}).find("4.29497e+09") != std::string::npos);
    CHECK(refusal({{"rate", -1}}).find("at least 0") != std::string::npos);
    CHECK(refusal({{"method", "byol"}}).find("one of: moco, swav") != std::string::npos);
    CHECK(refusal({{"fast", 1}}).find("true or false") != std::string::npos);
    CHECK(refusal(json::array()).find("JSON object") != std::string::npos);
}

TEST_CASE("a whole number that its variable cannot hold is refused, also where no range is given") {
    int plain = 5;
    std::int64_t wide = 5;
    const OptionFields fields{{.name = "plain", .reference = &plain, .help = ""},
                              {.name = "wide", .reference = &wide, .help = ""}};
    CHECK_THROWS_AS(fromJson(fields, json{{"plain", 4294967301LL}}), InvalidOptions);
    CHECK(plain == 5);
    CHECK_THROWS_AS(fromJson(fields, json{{"wide", 18446744073709551615ULL}}), InvalidOptions);
    CHECK(wide == 5);
}

TEST_CASE("a value that is refused leaves the option as it was") {
    TestOptions options;
    CHECK_THROWS_AS(fromJson(options.describe(), json{{"rate", -2}}), InvalidOptions);
    CHECK(options.rate == 0.1);
    CHECK_THROWS_AS(setFromText(field(options.describe(), "epochs"), "1000"), InvalidOptions);
    CHECK(options.epochs == 10);
    CHECK_THROWS_AS(setFromText(field(options.describe(), "method"), "byol"), InvalidOptions);
    CHECK(options.method == "moco");
}

TEST_CASE("text as on a command line") {
    TestOptions options;
    const OptionFields fields = options.describe();
    setFromText(field(fields, "fast"), "yes");
    setFromText(field(fields, "epochs"), "7");
    setFromText(field(fields, "rate"), "1e-3");
    setFromText(field(fields, "method"), "swav");
    CHECK(options.fast);
    CHECK(options.epochs == 7);
    CHECK(options.rate == 1e-3);
    CHECK(toText(field(fields, "rate")) == "0.001");
    CHECK(toText(field(fields, "fast")) == "true");
    for (const char* text : {"", "7x", "seven", " 7", "99999999999999999999"})
        CHECK_THROWS_AS(setFromText(field(fields, "epochs"), text), InvalidOptions);
    CHECK_THROWS_AS(setFromText(field(fields, "rate"), "nan"), InvalidOptions);
    CHECK_THROWS_AS(setFromText(field(fields, "rate"), "inf"), InvalidOptions);
    CHECK_THROWS_AS(setFromText(field(fields, "fast"), "maybe"), InvalidOptions);
}

TEST_CASE("check looks at the values as they are; structs are joined") {
    TestOptions options, more;
    OptionFields fields = options.describe();
    append(fields, {{.name = "extra", .reference = &more.rate, .help = "", .minimum = 0, .maximum = 1}});
    CHECK_NOTHROW(check(fields));
    more.rate = 2;
    CHECK_THROWS_AS(check(fields), InvalidOptions);
    CHECK(toJson(fields).at("extra") == 2);
}
