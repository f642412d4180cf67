#pragma once

#include <QString>
#include <QStringList>
#include <functional>

#include "core/base/options.h"

namespace tomoloupe {

/// What a form needs to know of described options. Points into the options struct, which must outlive it.
class OptionModel {
  public:
    enum class Kind { Flag, Number, Choice, Text };

    explicit OptionModel(OptionFields fields) : fields_(std::move(fields)) {}

    [[nodiscard]] int count() const { return static_cast<int>(fields_.size()); }
    [[nodiscard]] Kind kind(int field) const;
    /// "Learning rate" of "learning-rate".
    [[nodiscard]] QString label(int field) const;
    [[nodiscard]] QString name(int field) const;
    [[nodiscard]] QString unit(int field) const;
    /// Help, and the range where there is one.
    [[nodiscard]] QString help(int field) const;
    [[nodiscard]] QStringList choices(int field) const;
    [[nodiscard]] bool advanced(int field) const { return at(field).advanced; }
    [[nodiscard]] QString text(int field) const;
    /// Sets the field; the sentence that says why not, else empty.
    [[nodiscard]] QString setText(int field, const QString& text);

  private:
    [[nodiscard]] const OptionField& at(int field) const { return fields_.at(static_cast<std::size_t>(field)); }
    OptionFields fields_;
};

}  // namespace tomoloupe
