# shellcheck shell=bash
# Shared by run-demo.sh and run-tests.sh, which source it: packages, configuring, building. Bash.
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/build/dev

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# The packages of debian-packages.txt that hold for this release of Debian.
packages_wanted() {
    local release=$1
    sed -e 's/#.*//' "$source_dir/packaging/debian-packages.txt" | while read -r package condition; do
        case "$package/$condition" in
            /*) ;;
            */\[!"$release"\]) ;;
            */\[!*\] | */ | */\["$release"\]) echo "$package" ;;
        esac
    done
}

packages_missing() {
    local installed
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
    packages_wanted "$1" | sort -u | comm -23 - <(echo "$installed")
}

install_packages() {
    local id="" release="" missing as_root=()
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && echo "${ID:-}")
        release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    fi
    if [ -n "${TOMOLOUPE_SKIP_PACKAGES:-}" ]; then return; fi
    if [ "$id" != debian ]; then
        say "This system is not Debian, so nothing is installed on it. Debian 13 has what Tomoloupe needs in these packages:"
        packages_wanted trixie | sed 's/^/  /'
        say "Install what your system has in their place, then run this again with TOMOLOUPE_SKIP_PACKAGES=1."
        exit 1
    fi
    missing=$(packages_missing "$release")
    if [ -z "$missing" ]; then return; fi
    say "      installing $(wc -w <<<"$missing") packages with apt"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "These packages are missing; ask an administrator to install them: $(xargs <<<"$missing")"
        as_root=(sudo)
    fi
    mkdir -p "$build_dir"
    local log=$build_dir/apt.log
    # shellcheck disable=SC2086
    if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
           apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        die "apt could not install what is missing; all it said is in $log."
    fi
}

# One compiler a core, as far as memory goes: a source that sees LibTorch takes 1.5 GB to compile.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 1572864) }' /proc/meminfo)
    echo $((memory < 1 ? 1 : memory < cores ? memory : cores))
}

# The demo and the tests share one build folder, so that what one has built the other need not build again.
configure() {
    mkdir -p "$build_dir"
    local log=$build_dir/configure.log
    (cd "$source_dir" && cmake --preset dev) >"$log" 2>&1 && return
    tail -n 30 "$log" >&2
    die "CMake could not configure the build; all it said is in $log."
}

# Ninja's lines "<done>/<all> step" become one line that counts, or a line every 10 % where the output is no terminal.
count_steps() {
    local line step last=0 tenth
    while IFS= read -r line; do
        step=${line%% *}
        [[ $step =~ ^([1-9][0-9]*)/([0-9]+)$ ]] || continue
        if [ -t 1 ]; then
            printf '\r      %s ' "$step"
        else
            tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
            if [ "$tenth" -gt "$last" ]; then last=$tenth && say "      $step"; fi
        fi
    done
    if [ -t 1 ]; then printf '\r                    \r'; fi
}

# build [targets...]: all without targets.
build() {
    local log=$build_dir/build.log targets=()
    if [ $# -gt 0 ]; then targets=(--target "$@"); fi
    if NINJA_STATUS='%f/%t ' cmake --build "$build_dir" -j "$(build_jobs)" "${targets[@]}" 2>&1 | tee "$log" |
        count_steps; then return; fi
    grep -A 25 '^FAILED' "$log" | head -n 60 >&2 || tail -n 30 "$log" >&2
    say "The build failed; all it said is in $log." >&2
    return 1
}
