#!/usr/bin/env bash
# Installs what is missing, builds the program, makes a demo project, learns on it and shows it.
# TOMOLOUPE_DEMO_DIR says where the project goes (default: tomoloupe-demo in the home folder). A finished demo is shown again
# at once; remove its folder to make it anew. TOMOLOUPE_DEMO_NO_WINDOW=1 makes pictures even where there is a display.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

demo_dir=${TOMOLOUPE_DEMO_DIR:-$HOME/tomoloupe-demo}
project=$demo_dir/demo.tomoloupe
results=$demo_dir/results
cli=$build_dir/bin/tomoloupe-cli
window=$build_dir/bin/tomoloupe

# timed WHAT NAME command...: runs the command, keeps its JSON as results/NAME.json and its log as results/NAME.log.
timed() {
    local what=$1 name=$2 start=$SECONDS
    shift 2
    if [ -t 1 ]; then printf '      %s… ' "$what"; fi
    if ! "$@" --json >"$results/$name.json" 2>"$results/$name.log"; then
        printf '\n'
        tail -n 15 "$results/$name.log" >&2
        die "The demo stopped at: $what. All it said is in $results/$name.log."
    fi
    if [ -t 1 ]; then printf '%d s\n' $((SECONDS - start)); else say "      $what: $((SECONDS - start)) s"; fi
}

# value NAME KEY: one value of results/NAME.json.
value() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$results/$1.json" "$2"
}

percent() {
    python3 -c 'import sys; print(f"{100 * float(sys.argv[1]):.0f} %")' "$1"
}

learn() {
    local start=$SECONDS from
    rm -rf "$project" "$results"
    mkdir -p "$results"
    timed "simulated subtomograms of five complexes" simulate "$cli" simulate --recipe demo --out "$project" --seed 1
    timed "learning without labels" pretrain "$cli" pretrain "$project" --set demo --recipe demo --seed 1
    from=$(value pretrain run)
    timed "fine-tuning on labels" finetune "$cli" finetune "$project" --set demo --recipe demo --from "$from" --seed 1
    timed "the same from random weights" baseline "$cli" finetune "$project" --set demo --recipe demo --seed 1
    timed "predicting" predict "$cli" predict "$project" --set demo --model "$(value finetune run)"
    timed "explaining one particle" explain "$cli" explain "$project" --set demo --model "$(value finetune run)" \
        --particle 0 --out "$demo_dir/cam.mrc"
    timed "what the project holds" info "$cli" project info "$project"
    echo "$((SECONDS - start))" >"$results/seconds"
}

show_results() {
    say "      demo project: $project (made in $(cat "$results/seconds") s)"
    say "      right among held-out particles: $(percent "$(value finetune test_accuracy)") after learning without labels first," \
        "$(percent "$(value baseline test_accuracy)") from random weights; guessing gives 20 %"
    say "      Grad-CAM of particle 0: $demo_dir/cam.mrc"
}

pictures() {
    local page picture
    for page in tomogram gallery train results explain; do
        picture=$demo_dir/$page.png
        xvfb-run -a -s "-screen 0 1600x1200x24" "$window" "$project" --page "$page" --screenshot "$picture" --size 1600x1000 \
            >"$results/$page.log" 2>&1 || { tail -n 15 "$results/$page.log" >&2; die "The page $page could not be rendered."; }
        say "      $picture"
    done
}

say "[1/4] packages"
install_packages
say "[2/4] configuring"
configure
say "[3/4] building"
build tomoloupe tomoloupe-cli core_engine
say "[4/4] the demo"
if [ ! -f "$results/seconds" ]; then learn; fi
show_results
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -z "${TOMOLOUPE_DEMO_NO_WINDOW:-}" ]; then
    say "      opening the window; open it again with: $window $project"
    exec "$window" "$project"
fi
say "      there is no display, so here are pictures of the window's pages:"
pictures
