#!/usr/bin/env python3
"""The rounds and the tables of active_learning.sh. Usage: active_learning.py PROGRAM FOLDER ROUNDS [--write PAGE] SEED ..."""
import csv
import json
import random
import shutil
import subprocess
import sys

from table import replace_table

BATCH, RANDOM_ROUNDS, ENOUGH = 20, 2, 0.9
UNEVEN = [round(98 * 0.655**place) + 2 for place in range(10)]  # 100 down to 4


def macro_f1(pairs):
    """Of (label, prediction); a class that the model does not know counts as 0."""
    total, classes = 0, sorted({label for label, _ in pairs})
    for name in classes:
        right = sum(label == called == name for label, called in pairs)
        total += 2 * right / (sum(label == name for label, _ in pairs) + sum(called == name for _, called in pairs))
    return total / len(classes)


class Rounds:
    """A project whose set "pool" is labelled in rounds; the set "judge" has all its labels from the start."""

    def __init__(self, program, folder, seed):
        self.program, self.project, self.seed = program, f"{folder}/{seed}.tomoloupe", seed
        for name, count, own in (("pool", 100, seed), ("judge", 60, seed + 1000)):
            self.run("simulate", "--recipe", "paper-snr005", "--count", str(count), "--seed", str(own), "--set", name, "--out", self.project)
        self.truth = {name: self.ask("label", "list", "--set", name)["labels"] for name in ("pool", "judge")}
        self.ask("label", "sets", "--use", "rounds")
        self.label("judge", range(len(self.truth["judge"])))

    def run(self, *words):
        done = subprocess.run([self.program, *words, "--json"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr[-500:])
        return json.loads(done.stdout)

    def ask(self, *words):
        """The project's folder follows the command; "label" has two words."""
        verbs = 2 if words[0] == "label" else 1
        return self.run(*words[:verbs], self.project, *words[verbs:])

    def label(self, name, particles):
        of = {}
        for particle in particles:
            of.setdefault(self.truth[name][particle], []).append(str(particle))
        for label, members in of.items():
            self.ask("label", "set", "--set", name, "--class", label, "--particle", ",".join(members))

    def learn(self, proposes, uneven):
        """Macro-F1 on the particles to judge by, by a model taught all labels so far, which proposes the next ones where these are wanted.
        Where classes are uneven it learns from labels alone: what the set has beside the uneven pool would tell it of even ones."""
        alone = ["--unlabelled", "0"] if uneven else []
        model = self.ask("finetune", "--set", "pool", "--recipe", "labelling-round", "--seed", str(self.seed), *alone)["run"]
        if proposes:
            self.ask("predict", "--set", "pool", "--model", model)
        run = self.ask("predict", "--set", "judge", "--model", model)["run"]
        table = f"{self.project}.csv"
        self.ask("export", "--set", "judge", "--format", "csv", "--predictions", run, "--out", table)
        with open(table, newline="") as rows:
            return macro_f1([(row["label"], row["prediction"]) for row in csv.DictReader(rows)])

    def proposed(self, candidates):
        order = [one["particle"] for one in self.ask("label", "next", "--set", "pool", "--count", "100000")["next"]]
        return [particle for particle in order if particle in candidates][:BATCH]

    def forget(self):
        self.ask("label", "sets", "--use", f"rounds {random.random()}")
        self.label("judge", range(len(self.truth["judge"])))


def pool_of(truth, uneven, chance):
    everything = list(range(len(truth)))
    if not uneven:
        return set(everything)
    classes = sorted(set(truth))
    chance.shuffle(classes)
    pool = set()
    for label, count in zip(classes, UNEVEN):
        pool |= set(chance.sample([particle for particle in everything if truth[particle] == label], count))
    return pool


def curves(project, uneven, rounds):
    """Macro-F1 after each round by both ways, and with all labels."""
    found = {}
    for way in ("proposed", "random"):
        chance = random.Random(project.seed)
        left = pool_of(project.truth["pool"], uneven, chance)
        project.forget()
        found[way] = []
        for number in range(min(rounds, len(left) // BATCH)):
            chosen = project.proposed(left) if way == "proposed" and number >= RANDOM_ROUNDS else chance.sample(sorted(left), BATCH)
            project.label("pool", chosen)
            left -= set(chosen)
            found[way].append(project.learn(way == "proposed", uneven))
    project.label("pool", left)
    return found, project.learn(False, uneven)


def first_above(curve, bound):
    return next((str((place + 1) * BATCH) for place, value in enumerate(curve) if value >= bound), f"more than {len(curve) * BATCH}")


def mean(curves_of_seeds):
    return [sum(values) / len(values) for values in zip(*curves_of_seeds)]


def table(results):
    """Of (curves, full) of each seed."""
    length = min(len(found["random"]) for found, _ in results)
    shown = [place for place in range(1, length, 2)]
    full = mean([[value] for _, value in results])[0]
    lines = ["| labels | " + " | ".join(str((place + 1) * BATCH) for place in shown) + f" | all | labels to {ENOUGH:.0%} of all | each seed |",
             "|---" * (len(shown) + 4) + "|"]
    for way in ("proposed", "random"):
        curve = mean([found[way] for found, _ in results])
        each = ", ".join(first_above(found[way], ENOUGH * value) for found, value in results)
        lines.append(f"| {way} | " + " | ".join(f"{curve[place]:.3f}" for place in shown) + f" | {full:.3f} | {first_above(curve, ENOUGH * full)} | {each} |")
    return "\n".join(lines)


def main():
    program, folder, rounds, *rest = sys.argv[1:]
    page = rest[1] if rest[0] == "--write" else None
    seeds = [int(seed) for seed in (rest[2:] if page else rest)]
    results = {"all classes alike": [], "uneven classes": []}
    for seed in seeds:
        project = Rounds(program, folder, seed)
        results["all classes alike"].append(curves(project, False, int(rounds)))
        results["uneven classes"].append(curves(project, True, int(rounds)))
        shutil.rmtree(project.project)
    text = "\n\n".join(f"Macro-F1, {name}, mean of seeds {', '.join(map(str, seeds))}:\n\n{table(result)}" for name, result in results.items())
    print(text)
    if page:
        replace_table(page, "active_learning.sh", text)


main()
