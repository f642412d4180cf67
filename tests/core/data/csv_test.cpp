#include "core/data/csv.h"

#include "core/base/error.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using Row = std::vector<std::string>;

TEST_CASE("csv, reads quotes, separators, line ends and a byte order mark") {
    const CsvTable plain = parseCsv(
        "\xef\xbb\xbf"
        "File,Label\r\na.mrc,\"one, \"\"two\"\"\nlines\"\r\n\r\nb.mrc,",
        "t.csv");
    CHECK(plain.columns == Row{"File", "Label"});
    REQUIRE(plain.rows.size() == 2);
    CHECK(plain.rows[0] == Row{"a.mrc", "one, \"two\"\nlines"});
    CHECK(plain.rows[1] == Row{"b.mrc", ""});
    CHECK(plain.column({"path", "file"}) == 0u);
    CHECK_FALSE(plain.column({"class"}));
    CHECK(parseCsv("a;b\n1,5;2\n", "t.csv").rows[0] == Row{"1,5", "2"});
    CHECK(parseCsv("a\tb\n1\t2", "t.csv").rows[0] == Row{"1", "2"});
}

TEST_CASE("csv, what is wrong is told with its line") {
    CHECK_THROWS_WITH(parseCsv("", "t.csv"), contains("t.csv is empty"));
    CHECK_THROWS_WITH(parseCsv("a,b\n1,2\n3\n", "t.csv"), contains("line 3: 1 fields where the first line has 2"));
    CHECK_THROWS_WITH(parseCsv("a,b\n1,\"2\n3\n", "t.csv"), contains("line 2: a quote is never closed"));
    CHECK_THROWS_WITH(parseCsv("a,b\n1,\"2\"3\n", "t.csv"), contains("line 2: text after a closing quote"));
}

TEST_CASE("csv, comes back as it was written") {
    const CsvTable table{{"a", "b"}, {{"x,y", "\"q\""}, {"", "two\nlines"}}};
    const CsvTable read = parseCsv(csvText(table), "t.csv");
    CHECK(read.columns == table.columns);
    CHECK(read.rows == table.rows);
}
