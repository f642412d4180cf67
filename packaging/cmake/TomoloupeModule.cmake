# One helper a kind of target. A module is a static library named after its folder: core/base -> core_base.

# tomoloupe_module(NAME SOURCES a.cpp ... [DEPENDS modules...] [PRIVATE libraries that stay out of its headers...])
function(tomoloupe_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE tomoloupe_warnings ${ARG_PRIVATE})
endfunction()

# tomoloupe_test(NAME LABEL label SOURCES a.cpp ... LINK modules... [ENVIRONMENT A=1 ...] [ARGUMENTS ...])
function(tomoloupe_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LINK;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} tests_support tomoloupe_warnings)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT 600
                       ENVIRONMENT "TOMOLOUPE_SOURCE_DIR=${PROJECT_SOURCE_DIR};${ARG_ENVIRONMENT}")
endfunction()
