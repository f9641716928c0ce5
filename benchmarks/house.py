"""The size of the house: python benchmarks/house.py (a few seconds).

Prints modules, lines and the longest module of each room, how many functions are longer than 45 lines, the share of
annotations that hold `Any`, circles among the engine's imports, and the lines that a known mistake takes. The bounds
are held by tests/docs/test_size.py and tests/docs/test_architecture.py, whose code counts here too.
"""

import ast
import graphlib
import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "docs"))

from test_architecture import imported, room  # noqa: E402 - found beside the tests
from test_size import FUNCTION_LINES, annotations, functions  # noqa: E402 - as above


def main():
    """Count and print."""
    rooms, trees = defaultdict(list), {}
    for top in ("grader", "exercises/kit", "just_enough_calculus"):
        for path in sorted((ROOT / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            name = ".".join(part for part in path.relative_to(ROOT / top).with_suffix("").parts if part != "__init__")
            trees[top, name] = ast.parse(text)
            rooms[room(name) if top == "grader" else top].append((len(text.splitlines()), name))
    print(f"{'room':22} {'modules':>7} {'lines':>6} {'longest':>7}")
    for name, found in rooms.items():
        print(f"{name:22} {len(found):7} {sum(lines for lines, _ in found):6} {max(found)[0]:7}")
    found = [module for modules in rooms.values() for module in modules]
    print(f"{'all':22} {len(found):7} {sum(lines for lines, _ in found):6} {max(found)[0]:7}\n")

    long = [node for tree in trees.values() for node in functions(tree) if _lines(node) > FUNCTION_LINES]
    print(f"functions over {FUNCTION_LINES} lines: {len(long)}")
    written = [annotation for tree in trees.values() for annotation in annotations(tree) if annotation is not None]
    vague = [said for said in written if any(getattr(part, "id", "") == "Any" for part in ast.walk(said))]
    print(f"annotations with Any: {len(vague)} of {len(written)}, {len(vague) / len(written):.1%}")
    engine = {name: tree for (top, name), tree in trees.items() if top == "grader"}
    graph = {name: imported(name, tree, engine) for name, tree in engine.items()}
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
        print("circles among imports: 0")
    except graphlib.CycleError as error:
        print(f"circles among imports: {error.args[1]}")
    files = sorted(ROOT.glob("solutions/*/mistakes.py"))
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    known = sum(len(json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))) for file in files)
    print(f"known mistakes: {known} in {lines} lines of {len(files)} files, {lines / known:.2f} lines each")


def _lines(node):
    return node.end_lineno - node.lineno + 1


if __name__ == "__main__":
    main()
