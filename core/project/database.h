#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3_stmt;

namespace tomoloupe {

// Within core/project alone: SQLite stays out of the module's other headers.

/// A prepared statement in use; given back, reset, at the end of the scope. (One that is left open keeps an old view of
/// the database and its write-ahead log from shrinking.)
class Query {
  public:
    explicit Query(SQLite::Statement& statement) : statement_(statement) {}
    ~Query() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Binds the values to ?1, ?2 ...
    template <typename... Values>
    Query& with(const Values&... values) {
        int index = 0;
        (statement_.bind(++index, values), ...);
        return *this;
    }
    void bindNull(int index) { statement_.bind(index); }
    void bindWhole(int index, std::int64_t value) { statement_.bind(index, value); }
    void bindText(int index, const std::string& text) { statement_.bind(index, text); }
    void bindBytes(int index, const void* bytes, std::size_t size) {
        statement_.bind(index, bytes, static_cast<int>(size));
    }
    /// Goes to the next row; false at the end.
    bool next() { return statement_.executeStep(); }
    /// The first column of the first row; empty where there is none.
    [[nodiscard]] std::string firstText() { return next() ? text(0) : std::string(); }
    /// Executes what returns no rows; may be called again with other values.
    void run() {
        statement_.exec();
        statement_.reset();
    }
    [[nodiscard]] std::int64_t whole(int column) const { return statement_.getColumn(column).getInt64(); }
    [[nodiscard]] double real(int column) const { return statement_.getColumn(column).getDouble(); }
    [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
    [[nodiscard]] bool isNull(int column) const { return statement_.getColumn(column).isNull(); }
    [[nodiscard]] SQLite::Column column(int index) const { return statement_.getColumn(index); }

  private:
    SQLite::Statement& statement_;
};

/// The project's SQLite file: settings, schema, and its statements, prepared once each. One thread at a time.
class Database {
  public:
    /// Makes the file with an empty schema.
    static void create(const std::filesystem::path& file);
    /// Throws Error when it is none of ours or of a newer schema.
    explicit Database(const std::filesystem::path& file);

    /// How long a change waits for another program's; 20 s unless told.
    void setPatience(std::chrono::milliseconds patience);

    [[nodiscard]] Query query(const char* sql);
    /// The first column of the first row; 0 where there is none.
    template <typename... Values>
    [[nodiscard]] std::int64_t number(const char* sql, const Values&... values) {
        Query found(statement(sql));
        return found.with(values...).next() ? found.whole(0) : 0;
    }
    [[nodiscard]] std::int64_t lastId() const { return connection_.getLastInsertRowid(); }

    /// Runs `work` in one transaction that takes the write lock at its start; several processes take turns.
    template <typename Work>
    auto write(Work&& work) {
        SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            transaction.commit();
        } else {
            auto result = work();
            transaction.commit();
            return result;
        }
    }

  private:
    friend class ManyRows;
    SQLite::Statement& statement(const char* sql);
    /// Called by SQLite while another program writes.
    static int waitForTurn(void* database, int turns);

    SQLite::Database connection_;
    std::chrono::milliseconds patience_{0};
    std::chrono::steady_clock::time_point waitingSince_;
    std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
};

/// The rows of a query over a million particles, read straight from SQLite: what Query does for each value takes longer
/// than SQLite itself.
class ManyRows {
  public:
    ManyRows(Database& database, const char* sql);
    ~ManyRows();
    ManyRows(const ManyRows&) = delete;
    ManyRows& operator=(const ManyRows&) = delete;

    ManyRows& bind(int index, std::int64_t value);
    ManyRows& bind(int index, const std::string& text);
    bool next();
    [[nodiscard]] std::int64_t whole(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Valid until the next row.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::span<const std::byte> bytes(int column) const;

  private:
    void check(int code) const;
    sqlite3* connection_;
    sqlite3_stmt* statement_ = nullptr;
};

/// "2026-01-31T12:00:00Z"
[[nodiscard]] std::string utcNow();

}  // namespace tomoloupe
