#!/usr/bin/env bash
# Does Grad-CAM point at the target? Simulates a small set, pre-trains without labels, fine-tunes from there and from random weights, and
# explains held-out particles of all classes with both models and with random, untaught weights. Prints how much of the heat lies on the
# target's mask (weighted IoA) and how well its hottest part covers it (IoU by Otsu's threshold), means with their standard errors.
# Usage: explain_overlap.sh [PROJECT to keep]   with TOMOLOUPE_CLI, RECIPE (demo), PER_CLASS (60), PARTICLES (60), LAYER (last-block), METHOD (gradcam),
# ENCODER (the recipe's), SEED (1).
# TUNED and RANDOM_START name fine-tunings of a kept project to explain instead of making them.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cli=${TOMOLOUPE_CLI:-$here/../../build/release/bin/tomoloupe-cli}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
project=${1:-$work/overlap.tomoloupe}
recipe=${RECIPE:-demo} count=${PER_CLASS:-60} particles=${PARTICLES:-60} seed=${SEED:-1} layer=${LAYER:-last-block} method=${METHOD:-gradcam}
encoder=(${ENCODER:+--encoder "$ENCODER"})
quiet() { "$@" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 1; }; }
value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/$1.json" "$2"; }
json() { local name=$1; shift; "$@" --json >"$work/$name.json" 2>"$work/$name.log" || { tail -n 5 "$work/$name.log" >&2; exit 1; }; }

if [ ! -d "$project" ]; then quiet "$cli" simulate --recipe "$recipe" --count "$count" --seed "$seed" --out "$project"; fi
if [ -z "${TUNED:-}" ]; then
    json pretrain "$cli" pretrain "$project" --set "$recipe" --recipe "$recipe" "${encoder[@]}" --seed "$seed"
    json tuned "$cli" finetune "$project" --set "$recipe" --recipe "$recipe" --from "$(value pretrain run)" --seed "$seed"
    TUNED=$(value tuned run)
fi
if [ -z "${RANDOM_START:-}" ]; then
    json random "$cli" finetune "$project" --set "$recipe" --recipe "$recipe" "${encoder[@]}" --seed "$seed"
    RANDOM_START=$(value random run)
fi
explain() { json "map-$1" "$cli" explain "$project" --set "$recipe" --model "$2" --particles "$particles" --layer "$layer" --method "$method" --sanity-check --seed "$seed"; }
explain tuned "$TUNED"
explain random "$RANDOM_START"
python3 - "$work" "$project" <<'PYTHON'
import glob, json, sys

def read(name):
    return json.load(open(f"{sys.argv[1]}/{name}.json"))

def accuracy(model):
    result = glob.glob(f"{sys.argv[2]}/runs/{model}-*/result.json")[0]
    return f"{100 * json.load(open(result))['test_accuracy']:.1f} %"

def row(name, accuracy, figures):
    cells = [f"{figures[key]:.3f} ± {figures[key + '_error']:.3f} | {figures[key] / figures[key + '_by_chance']:.2f}" for key in ("weighted_ioa", "iou")]
    print(f"| {name} | {accuracy} | {' | '.join(cells)} | {figures['entropy']:.2f} | {figures['above_half']:.2f} | {100 * figures['empty']:.0f} % |")

maps = {name: read(f"map-{name}") for name in ("tuned", "random")}
print("| weights | held-out accuracy | heat on the target (weighted IoA) | times chance | IoU | times chance | entropy | above ½ | empty maps |\n|---|---|---|---|---|---|---|---|---|")
row("pre-trained, then fine-tuned", accuracy(maps["tuned"]["model"]), maps["tuned"]["mean"])
row("fine-tuned from random", accuracy(maps["random"]["model"]), maps["random"]["mean"])
row("random, never taught", "", maps["tuned"]["random_weights"])
print(f"\n{maps['tuned']['count']} particles, {maps['tuned']['held_out']} of them held out, {maps['tuned']['method']} at {maps['tuned'].get('layer') or 'the input'}. Chance: a map that knows nothing.")
PYTHON
