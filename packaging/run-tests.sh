#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test. The last line says "N passed, M failed".
# Arguments go to ctest: run-tests.sh -L io
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

no_tests() {
    say "0 passed, 1 failed"
    exit 1
}

say "[1/4] packages"
(install_packages) || no_tests
say "[2/4] configuring"
(configure) || no_tests
say "[3/4] building"
build || no_tests

say "[4/4] testing"
log=$build_dir/tests.log
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
# A home of its own: tests neither read nor change the settings of the person who runs them.
status=0
env HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" \
    xvfb-run -a -s "-screen 0 1600x1200x24" \
    ctest --test-dir "$build_dir" --output-on-failure "$@" 2>&1 | tee "$log" || status=$?

# "98% tests passed, 1 tests failed out of 40"; a skipped test is among the passed ones there.
read -r failed all < <(sed -nE 's/^[0-9]+% tests? passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$log") || no_tests
skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*Skipped' "$log" || true)
summary="$((all - failed - skipped)) passed, $failed failed"
if [ "$skipped" -gt 0 ]; then summary+=", $skipped skipped"; fi
say "$summary"
exit "$status"
