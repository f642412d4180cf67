#!/usr/bin/env python3
"""Checks the source tree against its own rules; prints each break of a rule and exits 1 if there is one.

usage: check.py ROOT includes|sizes|folders...
"""
import os
import re
import sys

import rules

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)
PRODUCT = ("core", "plugins", "ui", "app")


class Tree:
    """The C++ files below the root with what they include. Paths are relative, with forward slashes."""

    def __init__(self, root):
        self.root = root
        self.text = {}
        for top in PRODUCT + ("tests",):
            for folder, folders, names in os.walk(os.path.join(root, top)):
                folders.sort()
                for name in sorted(names):
                    if name.endswith((".h", ".cpp")):
                        path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
                        with open(os.path.join(folder, name), encoding="utf-8") as file:
                            self.text[path] = file.read()
        self.includes = {path: INCLUDE.findall(text) for path, text in self.text.items()}

    def product(self):
        return [path for path in self.text if path.split("/")[0] in PRODUCT]


def module_of(path):
    """core/io/mrc.h -> core/io; all plugins are one layer."""
    parts = path.split("/")
    return "plugins" if parts[0] == "plugins" else "/".join(parts[:2])


def layer_breaks(tree):
    for path in tree.product():
        module = module_of(path)
        if module not in rules.LAYERS:
            yield f"{path}: {module} has no entry in tests/architecture/rules.py; say what it may include"
            continue
        for include in tree.includes[path]:
            if include.split("/")[0] == "tests":
                yield f"{path} includes {include}: the program does not use its tests"
            if include.split("/")[0] not in PRODUCT:
                continue
            other = module_of(include)
            if other != module and other not in rules.LAYERS[module]:
                yield f"{path} includes {include}: {module} may not see {other}"
            if include not in tree.text:
                yield f"{path} includes {include}: there is no such file"


def library_breaks(tree):
    for path in tree.product():
        module = module_of(path)
        for include in tree.includes[path]:
            for library, pattern, allowed in rules.LIBRARIES:
                if re.search(pattern, include) and module not in allowed:
                    yield f"{path} includes {include}: {module} may not see {library}"
            if module in rules.QT_CORE_ONLY and re.search(rules.QT_BEYOND_CORE, include):
                yield f"{path} includes {include}: {module} gets Qt's core library alone"


def hidden_library_breaks(tree):
    """A library that one module uses reaches no file of another through its headers."""
    for path in tree.product():
        reached, waiting = set(), [path]
        while waiting:
            for include in tree.includes.get(waiting.pop(), ()):
                if include in tree.text and include not in reached:
                    reached.add(include)
                    waiting.append(include)
        for header in sorted(reached):
            for include in tree.includes[header]:
                if module_of(header) != module_of(path) and re.search(rules.HIDDEN_FROM_OTHERS, include):
                    yield f"{path} sees {include} through {header}: keep it out of the headers that others include"


def cycle_breaks(tree):
    graph = {}
    for path in tree.product():
        for include in tree.includes[path]:
            if include in tree.text and module_of(include) != module_of(path):
                graph.setdefault(module_of(path), set()).add(module_of(include))
    state = {}

    def visit(module, trail):
        if state.get(module) == "done":
            return None
        if module in trail:
            return trail[trail.index(module):] + [module]
        for other in sorted(graph.get(module, ())):
            cycle = visit(other, trail + [module])
            if cycle:
                return cycle
        state[module] = "done"
        return None

    for module in sorted(graph):
        cycle = visit(module, [])
        if cycle:
            yield "modules include each other in a circle: " + " -> ".join(cycle)
            return


def torch_sources(tree):
    """Sources of the program that see LibTorch, by themselves or through a header."""
    sees = {}

    def visit(path):
        if path not in sees:
            sees[path] = False  # ends circles
            sees[path] = any(re.search(rules.LIBRARIES[0][1], include) or (include in tree.text and visit(include))
                             for include in tree.includes[path])
        return sees[path]

    return [path for path in tree.product() if path.endswith(".cpp") and visit(path)]


def torch_breaks(tree):
    sources = torch_sources(tree)
    if len(sources) > rules.TORCH_SOURCES_AT_MOST:
        yield f"{len(sources)} sources see LibTorch, at most {rules.TORCH_SOURCES_AT_MOST} may: " + ", ".join(sources)


def check_includes(root):
    tree = Tree(root)
    for check in (layer_breaks, library_breaks, hidden_library_breaks, cycle_breaks, torch_breaks):
        yield from check(tree)


def check_sizes(root):
    for path, text in Tree(root).text.items():
        kind = "test" if path.startswith("tests/") else "header" if path.endswith(".h") else "source"
        lines = text.count("\n")
        if lines > rules.LINES_AT_MOST[kind]:
            yield f"{path}: {lines} lines, a {kind} has at most {rules.LINES_AT_MOST[kind]}"
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(rules.UNFINISHED, line):
                yield f"{path}:{number}: left unfinished: {line.strip()}"
        if path.endswith(".h") and "#pragma once" not in text:
            yield f"{path}: no #pragma once"


def has_files(folder):
    return any(not name.startswith(".") and not name.endswith(".pyc") for _, _, names in os.walk(folder) for name in names)


def folders_of(root):
    """The folders whose duty the developer guide names: the first level, and the second one of the program's own."""
    for top in sorted(os.listdir(root)):
        path = os.path.join(root, top)
        if not os.path.isdir(path) or top.startswith((".", "build")) or top.endswith(".tomoloupe") or not has_files(path):
            continue
        yield top
        for second in sorted(os.listdir(path)):
            inner = os.path.join(path, second)
            if os.path.isdir(inner) and not second.startswith(("_", ".")) and has_files(inner):
                yield f"{top}/{second}"


def check_folders(root):
    page = "docs/dev/architecture.md"
    with open(os.path.join(root, page), encoding="utf-8") as file:
        rows = re.findall(r"^\|\s*`([\w./-]+?)/?`\s*\|\s*(.*?)\s*\|\s*$", file.read(), re.M)
    named = [folder for folder, _ in rows]
    there = list(folders_of(root))
    for folder in there:
        if named.count(folder) != 1:
            yield f"{page}: the duty of {folder}/ stands there {named.count(folder)} times, it should be said once"
    for folder, duty in rows:
        if folder not in there:
            yield f"{page} names {folder}/, which is not in the tree"
        if len(duty) < 10:
            yield f"{page} does not say what {folder}/ is for"


CHECKS = {"includes": check_includes, "sizes": check_sizes, "folders": check_folders}


def main(arguments):
    if len(arguments) < 3 or any(name not in CHECKS for name in arguments[2:]):
        print(__doc__, file=sys.stderr)
        return 2
    breaks = [line for name in arguments[2:] for line in CHECKS[name](arguments[1])]
    print("\n".join(breaks) if breaks else "no rule is broken")
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
