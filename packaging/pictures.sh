#!/usr/bin/env bash
# Makes the pictures of the window: those of docs/user, which are kept, and every page of an empty, a typical and a
# full project at 1280 x 800 and at twice the pixel density, to be looked at.
# Usage: pictures.sh [FOLDER for the pages; without it only those of the documentation are made]
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

pages=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work LIBGL_ALWAYS_SOFTWARE=1
cli=$build_dir/bin/tomoloupe-cli
quiet() { "$@" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; die "This failed: $*"; }; }
run_of() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["run"])' "$1"; }

install_packages
configure
build tomoloupe tomoloupe-cli core_engine ui_first_steps_test ui_training_walk_test
for walk in ui_first_steps_test ui_training_walk_test; do
    TOMOLOUPE_PICTURES=$source_dir/docs/user/images quiet xvfb-run -a -s "-screen 0 1600x1200x24" "$build_dir/bin/$walk"
done

# Results and Explain: the demo, a short pre-training, two fine-tunings from each start, a prediction, a map by both models.
judged=$work/demo.tomoloupe
run_json() { "$cli" "$@" --json >"$work/run.json" 2>"$work/log" || { tail -n 5 "$work/log" >&2; die "This failed: $*"; }; }
show() {
    local name=$1 page=$2 press=$3
    quiet xvfb-run -a -s "-screen 0 1600x1200x24" "$build_dir/bin/tomoloupe" "$judged" --page "$page" --press "$press" --particle 3 \
        --screenshot "$source_dir/docs/user/images/$name.png" --size 1280x800
}
quiet "$cli" simulate --recipe demo --seed 1 --out "$judged"
run_json pretrain "$judged" --set demo --recipe demo --seed 1
pretrained=$(run_of "$work/run.json")
for fraction in 0.25 1; do
    for start in random "$pretrained"; do
        run_json finetune "$judged" --set demo --recipe demo --from "$start" --label-fraction "$fraction" --seed 1
        if [ "$start" = random ]; then untaught=$(run_of "$work/run.json"); else taught=$(run_of "$work/run.json"); fi
    done
done
for model in "$untaught" "$taught"; do quiet "$cli" explain "$judged" --set demo --model "$model" --particle 3; done
show results-1-overview results resultTabOverview
show results-2-predictions results resultTabPredictions
show results-3-labels results resultTabFractions
show explain-1-two-models explain explainCompare

# Map: what a short pre-training makes of the particles.
run_json embed "$judged" --set demo --model "$pretrained" --seed 1
quiet xvfb-run -a -s "-screen 0 1600x1200x24" "$build_dir/bin/tomoloupe" "$judged" --page map \
    --screenshot "$source_dir/docs/user/images/map.png" --size 1280x800

# Label: three rounds of twenty, with the labels that the demo has.
"$cli" label list "$judged" --set demo --json >"$work/labels.json"
quiet "$cli" label sets "$judged" --use rounds
for round in 0 1 2; do
    python3 - "$work/labels.json" "$round" >"$work/round" <<'PYTHON'
import json, sys
labels, first = json.load(open(sys.argv[1]))["labels"], 20 * int(sys.argv[2])
for name in sorted(set(labels)):
    print(name, ",".join(str(i) for i in range(first, first + 20) if labels[i] == name), sep="\t")
PYTHON
    while IFS=$'\t' read -r class particles; do
        if [ -n "$particles" ]; then quiet "$cli" label set "$judged" --set demo --class "$class" --particle "$particles"; fi
    done <"$work/round"
    run_json finetune "$judged" --set demo --recipe labelling-round --seed 1
done
quiet "$cli" predict "$judged" --set demo --model "$(run_of "$work/run.json")"
quiet xvfb-run -a -s "-screen 0 1600x1200x24" "$build_dir/bin/tomoloupe" "$judged" --page label \
    --screenshot "$source_dir/docs/user/images/label-rounds.png" --size 1280x800
say "      $source_dir/docs/user/images"
if [ -z "$pages" ]; then exit; fi
mkdir -p "$pages"

quiet "$cli" project create "$work/empty.tomoloupe"
typical() {
    quiet "$cli" simulate --tomogram --recipe cell-slab --size 256x256x96 --seed 1 --out "$work/$1-tomogram.mrc"
    quiet "$cli" simulate --recipe demo --seed 1 --out "$2"
    quiet "$cli" project import "$2" --tomogram "$work/$1-tomogram.mrc"
    quiet "$cli" pick "$2" --tomogram "$1-tomogram" --diameter 200 --set "picked in $1-tomogram"
    "$cli" finetune "$2" --set demo --epochs 2 --seed 1 --json >"$work/tuned.json" 2>/dev/null
    quiet "$cli" predict "$2" --set demo --model "$(run_of "$work/tuned.json")"
    quiet "$cli" embed "$2" --set demo --model "$(run_of "$work/tuned.json")"
    quiet "$cli" explain "$2" --set demo --model "$(run_of "$work/tuned.json")" --particle 0 --out "$work/heat.mrc"
}
typical typical "$work/typical.tomoloupe"
full=$work/a-project-with-a-rather-long-name-as-they-are-in-real-life.tomoloupe
typical full-with-a-very-long-name-of-a-tomogram-TS_026_rec_b4_ali_iso_filtered "$full"
for i in $(seq 1 24); do
    quiet "$cli" label set "$full" --set demo --particle "$i" --class "class $i with a long name, mitochondrial, intact"
done
for i in $(seq 1 30); do
    cp "$work/typical-tomogram.mrc" "$work/TS_$i.mrc"
    quiet "$cli" project import "$full" --tomogram "$work/TS_$i.mrc"
done
for scale in 1 2; do
    for project in "$work/empty.tomoloupe" "$work/typical.tomoloupe" "$full"; do
        kind=$([ "$project" = "$full" ] && echo full || basename "$project" .tomoloupe)
        for page in tomogram gallery map train results explain pick label simulate; do
            picture=$pages/$kind-$page-$scale.png
            QT_SCALE_FACTOR=$scale quiet xvfb-run -a -s "-screen 0 2600x1700x24" "$build_dir/bin/tomoloupe" "$project" \
                --page "$page" --screenshot "$picture" --size 1280x800
        done
        for wizard in pretrain:1 pretrain:2 pretrain:3 pretrain:4 pretrain:5 pretrain:6 finetune:1 finetune:2 finetune:5 finetune:6; do
            picture=$pages/$kind-wizard-${wizard/:/-}-$scale.png
            QT_SCALE_FACTOR=$scale quiet xvfb-run -a -s "-screen 0 2600x1700x24" "$build_dir/bin/tomoloupe" "$project" \
                --wizard "$wizard" --screenshot "$picture" --size 1280x800
        done
    done
done
say "      $pages"
