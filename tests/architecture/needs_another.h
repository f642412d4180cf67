#pragma once

namespace tomoloupe::test {

/// Lives on what others include: it must not compile alone, which shows that the check of headers sees such a one.
std::string name();

}  // namespace tomoloupe::test
